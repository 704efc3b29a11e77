//! What the directives about tasks and siblings put on a page, and what they refuse.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

mod tasks;
#[allow(dead_code, reason = "these tests judge nothing")]
mod verdicts;

use std::{fs, io::Write};

use tempfile::TempDir;
use workshop_book::pages::{
    expansion::{self, Material},
    page::Problem,
};
use xtask::course::Course;

/// The step by itself.
struct Alone {
    folder: TempDir,
}

impl Alone {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        tasks::write_to(folder.path());
        Self { folder }
    }

    /// What becomes of this page, and what is wrong with it.
    fn expand(&self, page: &str, markdown: &str) -> (String, Vec<Problem>) {
        let course = Course::open(self.folder.path()).unwrap_or_else(|trouble| panic!("{trouble}"));
        let (page, problems) = expansion::expand(&Material::new(&course), page, markdown);
        (page.markdown, problems)
    }

    /// The only thing that is wrong with this page of the step.
    #[track_caller]
    fn problem(&self, markdown: &str) -> String {
        let (_, mut problems) = self.expand("11-tasks.md", markdown);
        assert!(problems.len() == 1, "{markdown}: {problems:#?}");
        problems.remove(0).to_string()
    }

    fn append(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        let file = fs::OpenOptions::new().append(true).create(true).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes())).expect("it can be written");
    }
}

/// The step's page, with its directives expanded.
#[track_caller]
fn shown(markdown: &str) -> String {
    let (shown, problems) = Alone::new().expand("11-tasks.md", markdown);
    assert!(problems.is_empty(), "{problems:#?}");
    shown
}

#[track_caller]
fn shows(markdown: &str, parts: &[&str]) {
    let shown = shown(markdown);
    for part in parts {
        assert!(shown.contains(part), "`{part}` is not in:\n{shown}");
    }
}

/// Pages that have one problem each, and what it says.
#[track_caller]
fn refuses<const N: usize>(pages: [(&str, &str); N]) {
    let step = Alone::new();
    for (markdown, expected) in pages {
        let problem = step.problem(markdown);
        assert!(problem.contains(expected), "`{expected}` is not in: {problem}");
    }
}

const CARD: &str = "{{#task 2}}\nfile: src/main.rs\nitem: impl No for Server\nsignature: fn no(&self, question: &str) -> bool\n{{/task}}\n";

#[test]
fn a_card_has_the_file_the_item_the_signature_and_how_many_checks() {
    shows(
        CARD,
        &[
            "<div class=\"task\" data-step=\"11-tasks\" data-task=\"2\">",
            "<dd><code>steps/11-tasks/src/main.rs</code></dd>",
            "<dd><code>impl No for Server</code></dd>",
            "<dd><code>fn no(&amp;self, question: &amp;str) -&gt; bool</code></dd>",
            "<a class=\"count\" href=\"#checks-of-step-11-task-2\">4 checks</a>",
        ],
    );
}

#[test]
fn few_checks_are_named_on_the_card() {
    let card = "{{#task 1}}\n\nfile: src/main.rs\nitem: the function `yes`\n{{/task}}\n";
    shows(
        card,
        &["<dd>the function <code>yes</code></dd>", "<li data-check=\"says_yes\">says yes</li>"],
    );
}

#[test]
fn a_card_that_leads_nowhere_is_refused_with_its_line() {
    let card = |old: &str, new: &str| {
        assert!(CARD.contains(old), "`{old}` is not in the card");
        CARD.replace(old, new)
    };
    refuses([
        (
            &card("task 2", "task 3"),
            "line 1: there is no task `3`: Cargo.toml of steps/11-tasks has 2 in `tasks`",
        ),
        (&card("task 2", "task two"), "line 1: there is no task `two`"),
        (&card("task 2", "task"), "line 1: `task` with the wrong arguments"),
        (&card("main.rs", "lib.rs"), "line 2: there is no `src/lib.rs` in solutions/11-tasks"),
        (&card("No for", "Yes for"), "line 3: `impl Yes for Server` is not in our solution"),
        (
            &card("question: &str", "answer: &str"),
            "line 4: `fn no(&self, answer: &str) -> bool` is not in",
        ),
        (&card("signature", "type"), "line 4: a line of `task` begins with"),
        (&card("file: src/main.rs\n", ""), "line 1: there is no line `file: …`"),
        (&card("item: impl No for Server\n", ""), "line 1: there is no line `item: …`"),
        (&card("{{/task}}", ""), "line 1: `task` has no `{{/task}}`"),
    ]);
    let (_, problems) = Alone::new().expand("welcome.md", CARD);
    assert_eq!(problems[0].message, "`task` belongs on the page of a step");
}

#[test]
fn what_is_needed_is_a_short_list() {
    shows("{{#need}}\n- `a()`\n{{/need}}\n", &["<div class=\"need\">", "- `a()`"]);
    refuses([
        ("{{#need}}\n- a\ntext\n{{/need}}\n", "line 3: `need` is a list"),
        ("{{#need}}\n{{/need}}\n", "line 1: `need` has no list"),
        ("{{#need}}\n- a\n- b\n- c\n- d\n- e\n{{/need}}\n", "line 1: `need` has 5 items"),
        ("{{#need 3}}\n- a\n{{/need}}\n", "`need` with the wrong arguments: 3"),
    ]);
}

#[test]
fn our_code_is_folded_with_its_explanation() {
    let shown = shown("{{#compare 11-tasks:yes,no task=1}}\n- It says **yes**.\n{{/compare}}\n");
    for part in [
        "<details class=\"compare\" data-step=\"11-tasks\" data-task=\"1\">",
        "lines 1 to 3 in our solution",
        "fn yes() -> bool {\n    true\n}",
        "impl No for Server",
        "\n\n- It says **yes**.\n\n</details>",
    ] {
        assert!(shown.contains(part), "`{part}` is not in:\n{shown}");
    }
    refuses([
        (
            "{{#compare 11-tasks:yes,lost task=1}}\nx\n{{/compare}}\n",
            "there is no `// ANCHOR: lost`",
        ),
        ("{{#compare 11-tasks:yes task=3}}\nx\n{{/compare}}\n", "there is no task `3`"),
        ("{{#compare 11-tasks:yes 1}}\nx\n{{/compare}}\n", "`compare` takes STEP:ANCHOR task=N"),
        ("{{#compare 11-tasks:yes}}\nx\n{{/compare}}\n", "`compare` with the wrong arguments"),
        ("{{#compare 99-lost:yes task=1}}\nx\n{{/compare}}\n", "there is no step `99-lost`"),
        (
            "{{#compare 11-tasks:yes task=1}}\n\n{{/compare}}\n",
            "line 1: `compare` explains nothing",
        ),
    ]);
}

#[test]
fn new_checks_are_listed_by_task_and_core_first() {
    let shown = shown("{{#checks 11-tasks new}}\n");
    let places: Vec<Option<usize>> = [
        "id=\"checks-of-step-11-task-1\" data-task=\"1\">Task 1. Say yes<",
        "data-check=\"says_yes\"",
        "id=\"checks-of-step-11-task-2\" data-task=\"2\">Task 2. Say no<",
        "data-check=\"says_no\"",
        "Sharp edges",
        "data-check=\"says_no_twice\"",
        "data-check=\"says_no_at_night\"",
        "One check passed from the start.",
    ]
    .map(|part| shown.find(part))
    .into();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?} in:\n{shown}");
    assert!(!shown.contains("lists"), "{shown}");
}

#[test]
fn a_new_check_without_a_task_is_refused() {
    let step = Alone::new();
    step.append("steps/11-tasks/hints.md", "\n## Says maybe <!-- new -->\n\nx\n");
    let problem = step.problem("{{#checks 11-tasks new}}");
    assert!(problem.contains("`says maybe` is new, and hints.md gives it no task"), "{problem}");
    refuses([("{{#checks 11-tasks old}}", "`checks` with the wrong arguments: 11-tasks old")]);
}

#[test]
fn a_sibling_is_shown_whole_with_the_line_that_runs_it() {
    let tea = shown("{{#sibling 11-tasks/tea}}\n");
    let (file, code) =
        ("solutions/11-tasks/examples/tea.rs", "```rust\n//! Tea.\n\nfn main() {}\n```");
    assert!(tea.contains(file) && tea.contains(code) && !tea.contains("It prints"), "{tea}");
    assert!(tea.contains("cargo run -p solution-11 --example tea\n"), "{tea}");
    shows("{{#sibling 11-tasks/milk}}\n", &["It prints:\n\n```text\nwhite\n```"]);
}

#[test]
fn a_sibling_s_exchanges_are_a_table() {
    shows(
        "{{#sibling-exchanges 11-tasks/tea}}\n",
        &[
            "<tr><td><code>GET /tea</code><br><code>x-cup: &lt;big&gt;</code></td><td><code>401 Unauthorized</code><br>\
           <code>www-authenticate: Cup</code><br><code>no tea</code></td></tr>",
        ],
    );
}

#[test]
fn a_sibling_that_nobody_could_read_or_run_is_refused() {
    refuses([
        ("{{#sibling 11-tasks/lost}}", "lost.rs"),
        ("{{#sibling 11-tasks/../tea}}", "`../tea` is not the name of an example"),
        ("{{#sibling tea}}", "a sibling is named as STEP/NAME"),
        ("{{#sibling-exchanges 11-tasks/milk}}", "milk.snap"),
    ]);
    let step = Alone::new();
    let append = |name: &str, text: &str| {
        step.append(&format!("solutions/11-tasks/examples/{name}"), text);
    };
    let refuses = |directive: &str, expected: &str| {
        let problem = step.problem(directive);
        assert!(problem.contains(expected), "`{expected}` is not in: {problem}");
    };
    append("milk.rs", &"// Milk.\n".repeat(60));
    refuses("{{#sibling 11-tasks/milk}}", "milk.rs has 63 lines, and a sibling at most 60");
    append("tea.out", "");
    refuses("{{#sibling 11-tasks/tea}}", "has either tea.snap or tea.out beside it");
    append("tea.snap", "===\nGET /milk\n");
    let unknown = "`GET /milk` has no response: `cargo xtask snapshots`";
    refuses("{{#sibling-exchanges 11-tasks/tea}}", unknown);
    append("tea.snap", "===\n");
    refuses("{{#sibling-exchanges 11-tasks/tea}}", "line 12: there is nothing");
}

#[test]
fn our_server_is_named_with_the_command_that_starts_it() {
    shows("{{#ours 11-tasks}}\n", &["cargo xtask run 11 --solution --port 3001"]);
    refuses([("{{#ours 99-lost}}", "there is no step `99-lost`")]);
}
