//! What holds for the course as it is checked in.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use xtask::course::{
    Course, Step, Whose,
    hints::{self, Check, Tier},
};

use crate::support::checkout::repository;

fn course() -> Course {
    Course::open(&repository()).expect("the course can be read")
}

fn checks(step: &Step) -> Vec<Check> {
    step.checks().expect("the hints can be read")
}

fn names(step: &Step) -> BTreeSet<String> {
    checks(step).into_iter().map(|check| check.name).collect()
}

#[test]
fn steps_are_numbered_from_1_without_a_gap() {
    for (index, step) in course().steps.iter().enumerate() {
        assert_eq!(usize::from(step.number), index + 1, "{}", step.slug);
        assert!(step.slug.starts_with(&format!("{:02}-", step.number)), "{}", step.slug);
    }
}

#[test]
fn every_step_has_a_solution_and_a_page_of_the_same_slug() {
    let root = repository();
    for step in course().steps {
        let slug = &step.slug;
        assert!(step.folder(Whose::Reference).join("src/main.rs").is_file(), "solutions/{slug}");
        assert!(root.join("book/src").join(format!("{slug}.md")).is_file(), "book/src/{slug}.md");
    }
}

#[test]
fn every_step_and_its_solution_are_members_of_the_workspace() {
    let root = repository();
    let text = fs::read_to_string(root.join("Cargo.toml")).expect("there is a workspace");
    let workspace: toml::Table = toml::from_str(&text).expect("it is TOML");
    let members = workspace["workspace"]["members"].as_array().expect("it has members");
    let members: BTreeSet<PathBuf> =
        members.iter().filter_map(|member| Some(root.join(member.as_str()?))).collect();
    for step in course().steps {
        for whose in [Whose::Learner, Whose::Reference] {
            let folder = step.folder(whose);
            assert!(members.contains(&folder), "{} is not named", folder.display());
        }
    }
}

#[test]
fn packages_are_named_by_their_number_and_titled_alike() {
    for step in course().steps {
        let title = |whose: Whose| {
            let manifest = manifest(&step, whose);
            assert_eq!(manifest["package"]["name"].as_str(), Some(&*step.package(whose)));
            manifest["package"]["description"].as_str().map(str::to_owned)
        };
        assert_eq!(title(Whose::Learner), title(Whose::Reference), "{}", step.slug);
    }
}

/// Law 10: the starter of N contains the solution of N-1.
#[test]
fn a_step_keeps_every_check_of_the_one_before_or_says_that_it_drops_it() {
    let course = course();
    for step in &course.steps {
        let Some(before) = course.before(step) else { continue };
        let (before, now) = (names(before), names(step));
        let dropped: BTreeSet<String> = step.drops.iter().cloned().collect();
        let lost: Vec<&String> =
            before.difference(&now).filter(|name| !dropped.contains(*name)).collect();
        assert!(lost.is_empty(), "{} loses {lost:?}", step.slug);
        let idle: Vec<&String> =
            dropped.iter().filter(|name| !before.contains(*name) || now.contains(*name)).collect();
        assert!(idle.is_empty(), "{} drops what is not to be dropped: {idle:?}", step.slug);
    }
}

#[test]
fn at_most_six_checks_are_core_and_one_of_them_is_new() {
    for step in course().steps {
        let checks = checks(&step);
        let core = || checks.iter().filter(|check| check.tier == Tier::Core);
        assert!(core().count() <= 6, "{} has {} core checks", step.slug, core().count());
        assert!(core().any(|check| check.new), "{} has no core check to work for", step.slug);
    }
}

/// A task that turns nothing green says nothing; and a new check that no task turns green keeps the step from being
/// solved by its page.
#[test]
fn each_new_check_has_a_task_and_each_task_a_new_check() {
    for step in course().steps {
        assert_eq!(without_their_match(&step, &checks(&step)), [""; 0], "{}", step.slug);
    }
}

/// New checks without a task, others with one, and tasks without a new check; nothing of a step without tasks.
fn without_their_match(step: &Step, checks: &[Check]) -> Vec<String> {
    if step.tasks.is_empty() {
        return Vec::new();
    }
    let wrong = checks.iter().filter(|check| check.new != check.task.is_some());
    let idle = (1..).zip(&step.tasks).filter(|(number, _): &(u8, &String)| {
        !checks.iter().any(|check| check.new && check.task == Some(*number))
    });
    wrong.map(|check| check.name.clone()).chain(idle.map(|(_, title)| title.clone())).collect()
}

#[test]
fn a_check_without_a_task_and_a_task_without_a_check_are_found() {
    let mut step = course().steps.remove(0);
    step.tasks = ["One", "Two"].map(str::to_owned).to_vec();
    let found = |marks: [&str; 3]| {
        let heading = |(name, marks)| format!("## {name} <!-- {marks} -->\n\nx\n\n");
        let hints: String = ["a", "b", "c"].into_iter().zip(marks).map(heading).collect();
        without_their_match(&step, &hints::parse(&hints, 2).expect("it is well-formed"))
    };
    assert_eq!(found(["new, task 1", "new, task 2", ""]), [""; 0]);
    assert_eq!(found(["new, task 1", "new", "new, task 2"]), ["b"]);
    assert_eq!(found(["new, task 1", "new, task 2", "task 2"]), ["c"]);
    assert_eq!(found(["new, task 1", "new, task 1", ""]), ["Two"]);
}

#[test]
fn headings_and_tests_are_the_same_set() {
    for step in course().steps {
        let verify = step.folder(Whose::Learner).join("tests/verify.rs");
        let mut tests = BTreeSet::new();
        collect_tests(&verify, &mut tests);
        assert_eq!(tests, names(&step), "{}", step.slug);
    }
}

#[test]
fn the_steps_with_documentation_share_one_dependency_list() {
    let course = course();
    for group in [2..=4, 5..=10] {
        let lists: Vec<(&str, toml::Value)> = course
            .steps
            .iter()
            .filter(|step| group.contains(&step.number))
            .map(|step| (&*step.slug, manifest(step, Whose::Learner)["dependencies"].clone()))
            .collect();
        for pair in lists.windows(2) {
            assert_eq!(pair[0].1, pair[1].1, "{} and {}", pair[0].0, pair[1].0);
        }
    }
}

fn manifest(step: &Step, whose: Whose) -> toml::Table {
    let path = step.folder(whose).join("Cargo.toml");
    toml::from_str(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The tests of a file and of the modules that it names, as rustc would find them.
fn collect_tests(path: &Path, tests: &mut BTreeSet<String>) {
    let text = read(path);
    let (mut is_test, mut attribute) = (false, None);
    for line in text.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(name) = line.strip_prefix("#[path = \"") {
            attribute = name.strip_suffix("\"]");
        } else if let Some(name) = line.strip_prefix("fn ").filter(|_| is_test) {
            tests.insert(name.split('(').next().unwrap_or_default().to_owned());
            is_test = false;
        } else if let Some(name) = line.strip_prefix("mod ").and_then(|l| l.strip_suffix(';')) {
            collect_tests(&module(path, name, attribute.take()), tests);
        }
    }
}

fn module(parent: &Path, name: &str, attribute: Option<&str>) -> PathBuf {
    let folder = parent.parent().expect("a file lies in a folder");
    if let Some(path) = attribute {
        return folder.join(path);
    }
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
