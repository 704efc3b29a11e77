//! The workshop's command line.

fn main() {}
