//! A step with tasks, for a copy of the workshop or by itself: one core check in task 1, and in task 2 a core check and as many
//! sharp edges as are counted instead of named.

use std::{fs, path::Path};

use xtask::{
    course::{Course, hints::Tier},
    verdict::{CheckResult, Outcome, Verdict},
};

use crate::verdicts::{self, failed, passed};

/// Its slug.
pub(crate) const STEP: &str = "11-tasks";

const FILES: [(&str, &str); 7] = [
    (
        "steps/11-tasks/Cargo.toml",
        "[package]\nname = \"step-11\"\ndescription = \"Tasks\"\n\n[package.metadata.workshop]\n\
         minutes = { core = 1, all = 2 }\nurls = []\ntasks = [\"Say yes\", \"Say no\"]\n",
    ),
    (
        "steps/11-tasks/hints.md",
        "## Lists the items\n\nx\n\n## Says yes <!-- new, task 1 -->\n\nx\n\n## Says no <!-- new, task 2 -->\n\nx\n\n\
         # Sharp edges\n\n## Says no twice <!-- new, task 2 -->\n\nx\n\n## Says no to all <!-- new, task 2 -->\n\nx\n\n\
         ## Says no at night <!-- new, task 2 -->\n\nx\n",
    ),
    ("solutions/11-tasks/src/main.rs", SOLUTION),
    (
        "solutions/11-tasks/examples/tea.rs",
        "//! Tea.\n\n// ANCHOR: main\nfn main() {}\n// ANCHOR_END: main\n",
    ),
    (
        "solutions/11-tasks/examples/tea.snap",
        "GET /tea\nx-cup: <big>\n---\n401 Unauthorized\ncontent-type: text/plain\nwww-authenticate: Cup\n\nno tea\n",
    ),
    ("solutions/11-tasks/examples/milk.rs", "//! Milk.\n\nfn main() {}\n"),
    ("solutions/11-tasks/examples/milk.out", "white\n"),
];

const SOLUTION: &str = "\
// ANCHOR: yes
fn yes() -> bool {
    // BEGIN SOLUTION
    true
    // END SOLUTION
    //~ false
}
// ANCHOR_END: yes

// ANCHOR: no
impl No for Server {
    fn no(
        &self,
        question: &str,
    ) -> bool {
        question.is_empty()
    }
}
// ANCHOR_END: no
";

/// Writes the step into the workshop in this folder.
pub(crate) fn write_to(root: &Path) {
    for (name, text) in FILES {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file that can be written");
    }
}

/// A verdict on the step for which checks ran; those with these names pass.
#[allow(dead_code, reason = "not every test that writes the step judges it")]
#[track_caller]
pub(crate) fn judged(course: &Course, outcome: Outcome, passing: &[&str]) -> Verdict {
    let verdict = verdicts::verdict(course, STEP, outcome, checks(passing));
    let step = course.step(STEP).unwrap_or_else(|trouble| panic!("{trouble}"));
    Verdict { tasks: Verdict::new(step, String::new(), outcome).tasks, ..verdict }
}

fn checks(passing: &[&str]) -> Vec<CheckResult> {
    let check = |(name, tier, task): (&str, Tier, u8)| {
        let result = if passing.contains(&name) { passed(name) } else { failed(name, "yes", "no") };
        CheckResult { tier, task: Some(task), ..result }
    };
    let edge = |name| (name, Tier::Edge, 2);
    let new = [
        ("says_yes", Tier::Core, 1),
        ("says_no", Tier::Core, 2),
        edge("says_no_twice"),
        edge("says_no_to_all"),
        edge("says_no_at_night"),
    ];
    let old = CheckResult { new: false, ..passed("lists_the_items") };
    [old].into_iter().chain(new.map(check)).collect()
}
