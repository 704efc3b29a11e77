//! The runner's unit tests, as Windows programs.

use xtask::trouble::Trouble;

use super::{
    build::Tests,
    prefix,
    walk::{LIMIT, Walk},
};

/// Tests that need curl, which Windows has and wine has not.
const NEED_CURL: [&str; 2] = ["class::session::", "an_authority_is_a_file_that_is_there"];

impl Walk<'_> {
    /// Gives how many passed: each program must have some. One that fails has a second try, as verdicts have.
    pub(crate) fn tests(&mut self, tests: &[Tests]) -> Result<usize, Trouble> {
        let mut passed = 0;
        for Tests { program, folder } in tests {
            let run = || {
                let mut command = self.wine.command(program, folder);
                command.args(["--test-threads", "2"]);
                command.args(NEED_CURL.iter().flat_map(|name| ["--skip", name]));
                prefix::run(command, LIMIT)
            };
            let mut said = run()?;
            if said.code != 0 {
                eprintln!("{}\n  once more:", said.stdout);
                said = run()?;
            }
            let now = passed_tests(&said.stdout);
            passed += now;
            if said.code != 0 || now == 0 {
                self.wrong(format!("{}:\n{}", program.display(), said.stdout));
            }
        }
        Ok(passed)
    }
}

/// The number in `test result: ok. 12 passed; …`.
fn passed_tests(said: &str) -> usize {
    let lines = said.lines().filter_map(|line| line.strip_prefix("test result: "));
    let number = |line: &str| line.split(". ").nth(1)?.split(' ').next()?.parse::<usize>().ok();
    lines.filter_map(number).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_counted() {
        let said = "running 2 tests\ntest result: ok. 12 passed; 0 failed; 1 ignored\n\
                    test result: FAILED. 3 passed; 1 failed\n";
        assert_eq!(passed_tests(said), 15);
        assert_eq!(passed_tests("nothing"), 0);
    }
}
