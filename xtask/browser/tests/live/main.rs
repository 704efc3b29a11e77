//! What only a served page has, in a browser: the panel and the consoles.

#[path = "../../../book/tests/checkout/mod.rs"]
mod checkout;
mod console;
mod everybody;
mod panel;
mod served;
#[path = "../../../book/tests/step_server/mod.rs"]
mod step_server;
#[path = "../../../book/tests/verdicts/mod.rs"]
mod verdicts;
