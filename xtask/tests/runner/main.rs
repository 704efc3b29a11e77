//! The runner as a learner meets it: the real binary, on a scratch copy of the course.
//!
//! One test binary, so that it links once. The scratch is one folder with its own `target/`, so that only
//! what a test changes is compiled again; the tests take it in turn.

mod break_in;
mod course_rules;
mod departures;
mod environment;
mod handed_on;
mod interrupt;
mod learners_code;
mod maintainers;
mod mistakes;
mod notes;
mod nothing_is_lost;
mod running;
mod said;
mod scratch;
mod servers;
mod usage;
mod verdict_json;
mod watch;
