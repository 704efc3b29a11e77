//! Our own output, where nobody can read it: a pipe that is closed (`| head -1`), a disk that is full.

use std::{
    any::Any,
    io::{self, Write},
    panic,
};

/// The exit code where the reader has gone, as shells have it (128 + SIGPIPE).
const READER_GONE: u8 = 141;

/// The exit code where the output cannot be written.
const NOT_WRITTEN: u8 = 4;

/// Why our output was not read.
pub struct Unread(io::ErrorKind);

impl Unread {
    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        if self.0 == io::ErrorKind::BrokenPipe { READER_GONE } else { NOT_WRITTEN }
    }
}

/// Does it, unless something that it prints cannot be written: `println!` panics then, and here this is no bug. What was
/// started is stopped, as at any end.
pub fn or_unread<T>(act: impl FnOnce() -> T) -> Result<T, Unread> {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !is_of_output(panic.payload()) {
            before(panic);
        }
    }));
    match panic::catch_unwind(panic::AssertUnwindSafe(act)) {
        Ok(done) => Ok(done),
        Err(payload) if is_of_output(&*payload) => Err(unread()),
        Err(payload) => panic::resume_unwind(payload),
    }
}

fn is_of_output(payload: &(dyn Any + Send)) -> bool {
    let message = payload.downcast_ref::<String>();
    message.is_some_and(|message| message.starts_with("failed printing to "))
}

/// Asks again for the reason, which the panic has only in words.
fn unread() -> Unread {
    let mut stdout = io::stdout();
    match stdout.write_all(b"\n").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Unread(error.kind()),
        Err(error) => {
            // There may be nobody left to tell.
            writeln!(io::stderr(), "The output could not be written: {error}.").ok();
            Unread(error.kind())
        }
        // It was standard error.
        Ok(()) => Unread(io::ErrorKind::Other),
    }
}
