//! A server that takes memory without end is stopped before the machine is, and the learner reads why; a right one has enough.

use crate::support::{checkout::Checkout, servers::listening};

/// It asks for memory, but does not use it: the machine that runs this test must not miss any.
const TAKE: &str = "Vec::<u8>::with_capacity(256 * 1024 * 1024).leak();";

#[test]
fn one_that_takes_it_without_end_is_told_of_the_limit() {
    let checkout = Checkout::new();
    checkout.save(&listening(&format!("loop {{ {TAKE} }}")));
    let output = checkout.xtask(&["verify", "1"]);
    output.exits(1).says("it asked for more memory than the ").says("MiB that it may have here");
}

#[test]
fn one_that_makes_the_costliest_hash_on_every_core_has_enough() {
    let checkout = Checkout::new();
    let solution = checkout.solution();
    let main = "async fn main() -> Result<(), Box<dyn Error>> {\n";
    assert!(solution.contains(main), "{solution}");
    let threads = "let cores = std::thread::available_parallelism()?.get();
        for _ in 0..512 { std::thread::spawn(std::thread::park); }";
    let hashes = format!("for _ in 0..cores {{ {TAKE} }}");
    checkout.save(&solution.replace(main, &format!("{main}{threads}\n{hashes}\n")));
    checkout.xtask(&["verify", "1"]).exits(0);
}
