//! `cargo xtask`: the workshop's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::command_line::run(&[])
}
