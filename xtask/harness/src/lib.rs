//! What the checks in `steps/*/tests/verify.rs` are written with.
//!
//! A check never links the learner's code. [`check`] starts the server as a process,
//! [`exchange!`] sends it one real HTTP request and compares the whole exchange with its snapshot.
//!
//! ```text
//! #[test]
//! fn refuses_a_request_without_a_token() {
//!     check(|server| exchange!(server.get("/items/secret")));
//! }
//! ```

mod at_once;
mod begun;
mod canonical;
mod challenge;
mod check;
mod client;
mod curl;
mod current;
mod document;
pub mod draw;
mod exchange;
mod failure;
mod framing;
mod message;
mod output;
mod process;
mod reproduce;
mod request;
mod server;
mod setup;
mod spare;
mod token;
mod traces;
mod transcript;
mod turns;
mod users_file;

pub use at_once::same_at_once;
pub use begun::Begun;
pub use challenge::scopes as scopes_of_challenge;
pub use check::{check, check_afresh, check_alone, check_over_time, check_program, wait_until};
pub use document::{Operation, operations};
pub use exchange::Exchange;
pub use failure::Failure;
#[doc(hidden)]
pub use insta;
pub use message::Response;
pub use protocol::SECRET;
pub use request::Request;
pub use server::Server;
pub use setup::{Ended, Setup};
pub use token::Token;
pub use traces::{Secret, no_traces};

/// Sends the request and compares the exchange with the snapshot that is named after the check.
///
/// The second exchange of a check is compared with `NAME-2.snap`, the third with `NAME-3.snap`.
/// The value is a `Result<Exchange, Failure>`.
#[macro_export]
macro_rules! exchange {
    ($request:expr) => {
        $request.send().and_then(|exchange| {
            exchange.compare(|name, text| $crate::insta::assert_snapshot!(name, text))
        })
    };
}
