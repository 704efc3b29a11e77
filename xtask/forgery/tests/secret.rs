//! `run` and `watch` start a server with the key that forgeries are signed with.

#[test]
fn the_runner_and_the_checks_have_one_key() {
    assert_eq!(harness::SECRET, xtask::live_server::CHECKS_SECRET);
}
