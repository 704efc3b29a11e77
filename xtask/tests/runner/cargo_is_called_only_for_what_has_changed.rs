//! A build is spared only where cargo would build nothing; all doubt leads to a call of it, with a cargo that counts.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use xtask::{
    course::Whose,
    process::{ahead::Call, compile},
};

use crate::support::{
    checkout::{Checkout, bytes, finish, remove},
    output::Output,
};

/// Where it is remembered what was built.
const RECORDS: &str = "target/workshop/compiled";

/// The same of step 1.
const RECORD: &str = "test-p-step-01-test-verify-no-run.json";

/// A cargo that is called this often, and then the real one.
struct Counted {
    checkout: Checkout,
    cargo: PathBuf,
}

impl Counted {
    /// With step 1 as we ship it, compiled.
    fn new() -> Self {
        let checkout = Checkout::new();
        let real = compile::cargo().into_string().expect("a path");
        let cargo = checkout.root.join("cargo.sh");
        let root = checkout.root.display();
        let text = format!(
            "#!/bin/sh\nprintf x >> '{root}/calls'\n[ -e '{root}/refuse' ] && exit 1\nexec '{real}' \"$@\"\n"
        );
        fs::write(&cargo, text).expect("the checkout can be written");
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("it is ours");
        // What was built by other tests is known no longer.
        remove(&checkout.root.join(RECORDS));
        let counted = Self { checkout, cargo };
        counted.verify().0.exits(1);
        // What was built by other tests had to be made newer; a time that is to come is a doubt.
        counted.verify().0.exits(1);
        counted
    }

    fn command(&self) -> Command {
        let mut command = self.checkout.command(&["verify", "1"]);
        command.env("CARGO", &self.cargo);
        command
    }

    fn run(&self, command: &mut Command) -> (Output, usize) {
        let calls = self.checkout.root.join("calls");
        remove(&calls);
        let output = finish(command);
        (output, fs::read(calls).map_or(0, |calls| calls.len()))
    }

    /// What `verify 1` says, and how often cargo was called.
    fn verify(&self) -> (Output, usize) {
        self.run(&mut self.command())
    }

    fn append(&self, path: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.checkout.root.join(path);
        let old = fs::read_to_string(&path).unwrap_or_default();
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(&path, old + text).expect("the checkout can be written");
        path
    }

    /// From now on the cargo that counts does nothing else.
    fn refuse(&self) {
        fs::write(self.checkout.root.join("refuse"), "").expect("the checkout can be written");
    }

    #[track_caller]
    fn calls_nothing(&self) {
        let (output, calls) = self.verify();
        output.exits(1);
        assert_eq!(calls, 0, "nothing has changed, and cargo is called:\n{}", output.text);
    }

    /// The cargo that refuses is called.
    #[track_caller]
    fn is_called(&self, command: &mut Command, because: &str) {
        let (output, calls) = self.run(command);
        assert!(calls == 1, "{because}, and cargo is not called:\n{}", output.text);
        output.exits(4);
    }
}

/// A time before every build: these programs may be left from an earlier run.
fn set_back(path: &Path) {
    let file = File::options().append(true).open(path).expect("it is there");
    let before = SystemTime::now() - Duration::from_hours(24 * 365);
    file.set_modified(before).expect("its time can be set");
}

#[test]
fn what_decides_over_a_build_leads_to_a_call() {
    let counted = Counted::new();
    counted.calls_nothing();
    let root = &counted.checkout.root;
    counted.refuse();
    for (path, text) in [
        ("Cargo.toml", "# a comment\n"),
        ("Cargo.lock", "# a comment\n"),
        (".cargo/config.toml", "A_VARIABLE = \"one\"\n"),
        (".cargo/config", "# the name of old\n"),
        ("../.cargo/config.toml", "# above the checkout\n"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"nightly\"\n"),
        ("steps/01-open-route/Cargo.toml", "# a comment\n"),
        ("steps/01-open-route/src/main.rs", "// a comment\n"),
        ("steps/01-open-route/src/more.rs", "// nobody's module\n"),
        ("steps/01-open-route/build.rs", "fn main() {}\n"),
        ("steps/01-open-route/tests/verify.rs", "// a comment\n"),
        ("xtask/harness/src/check.rs", "// a comment\n"),
        ("xtask/harness/Cargo.toml", "# a comment\n"),
        ("xtask/protocol/src/line.rs", "// a comment\n"),
    ] {
        let path = root.join(path);
        let (before, aside) = (path.exists(), root.join("aside"));
        if before {
            fs::copy(&path, &aside).expect("it can be copied");
        }
        counted.append(&path, text);
        set_back(&path);
        counted.is_called(&mut counted.command(), &format!("{} has changed", path.display()));
        if before {
            fs::rename(aside, path).expect("it can be put back");
        } else {
            remove(&path);
        }
        counted.calls_nothing();
    }
    for (name, value) in [
        ("RUST_SOMETHING", "1"),
        ("CARGO_SOMETHING", "1"),
        ("RUSTUP_TOOLCHAIN", "another"),
        ("RUSTFLAGS", "-Copt-level=3"),
        ("CARGO_HOME", "/nowhere"),
    ] {
        counted.is_called(counted.command().env(name, value), name);
    }
    let programs = root.join("programs");
    fs::create_dir_all(&programs).expect("it can be made");
    fs::copy(&counted.cargo, programs.join("rustc")).expect("it can be copied");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(programs).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).expect("none has a colon");
    counted.is_called(counted.command().env("PATH", path), "there is a different rustc");
    let (server, aside) = (root.join("target/debug/step-01"), root.join("target/aside"));
    fs::rename(&server, &aside).expect("it can be moved");
    counted.is_called(&mut counted.command(), "the server is gone");
    fs::write(&server, "no program").expect("it can be written");
    counted.is_called(&mut counted.command(), "the server was replaced");
    fs::rename(&aside, &server).expect("it can be moved");
    counted.calls_nothing();
    fs::write(root.join(RECORDS).join(RECORD), "{").expect("it can be written");
    counted.is_called(&mut counted.command(), "what was remembered is damaged");
}

#[test]
fn a_save_is_built_and_an_older_one_too() {
    let counted = Counted::new();
    let checkout = &counted.checkout;
    let starter = bytes(&checkout.main_rs());
    checkout.save_solution();
    counted.verify().0.exits(0);
    for time_is_set_back in [false, true] {
        let beside = checkout.root.join("beside.rs");
        fs::write(&beside, &starter).expect("the checkout can be written");
        if time_is_set_back {
            set_back(&beside);
        }
        fs::rename(&beside, checkout.main_rs()).expect("the checkout can be written");
        let (output, calls) = counted.verify();
        output.exits(1).says("You have not begun");
        assert!(calls > 0, "a save is not built");
        checkout.save_solution();
        counted.verify().0.exits(0);
    }
    set_back(&checkout.main_rs());
    checkout.save("this does not compile");
    set_back(&checkout.main_rs());
    for _ in 0..2 {
        let (output, calls) = counted.verify();
        output.exits(3);
        assert!(calls > 0, "what does not compile is not remembered");
    }
}

#[test]
fn what_the_code_reads_while_it_is_compiled_counts() {
    let counted = Counted::new();
    let checkout = &counted.checkout;
    let name = checkout.root.join("steps/01-open-route/name.txt");
    fs::write(&name, "Teapot").expect("the checkout can be written");
    checkout.save_solution_but(
        "\"Teapot\"",
        "option_env!(\"NAME_OF_TEA\").unwrap_or(include_str!(\"../name.txt\"))",
    );
    counted.verify().0.exits(0);
    let named = |name: &str| counted.run(counted.command().env("NAME_OF_TEA", name)).0;
    named("Kettle").exits(0);
    // A solved step is not judged again; a failing one is.
    let fresh = |name: Option<&str>| {
        let mut command = counted.command();
        command.arg("--fresh").envs(name.map(|name| ("NAME_OF_TEA", name)));
        counted.run(&mut command).0
    };
    fresh(Some("Kettle")).exits(1).says("Kettle");
    fresh(None).exits(0);
    fs::write(&name, "Samovar").expect("the checkout can be written");
    set_back(&name);
    fresh(None).exits(1).says("Samovar");
}

#[test]
fn what_was_built_ahead_is_not_built_again() {
    let counted = Counted::new();
    let checkout = &counted.checkout;
    let (course, step) = (checkout.course(), checkout.step());
    let to_build = || compile::ahead(&course, &step, Whose::Learner);
    checkout.save_solution();
    let Call { mut command, ended, .. } = to_build().expect("it was saved");
    let said = command.output().expect("cargo can be started").stdout;
    let lines: Vec<String> = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
    ended(&lines);
    assert!(to_build().is_none(), "it was just built");
    checkout.save_solution_but("Teapot", "Kettle");
    assert!(to_build().is_some(), "it was saved");
}

#[test]
fn a_build_script_may_read_anything() {
    let counted = Counted::new();
    counted.append("steps/01-open-route/build.rs", "fn main() {}\n");
    for _ in 0..3 {
        let (output, calls) = counted.verify();
        output.exits(1);
        assert!(calls > 0, "nobody knows what it reads");
    }
}

#[test]
fn the_checks_are_of_their_sources_even_if_those_are_older() {
    let counted = Counted::new();
    let tests = counted.append("steps/01-open-route/tests/verify.rs", "// a comment\n");
    set_back(&tests);
    let (output, calls) = counted.verify();
    output.exits(1);
    assert_eq!(calls, 2, "cargo takes them for compiled, and has to be told");
    let harness = counted.append("xtask/harness/src/lib.rs", "// a comment\n");
    set_back(&harness);
    let (output, calls) = counted.verify();
    output.exits(1);
    assert_eq!(calls, 2, "cargo takes it for compiled, and has to be told");
}

#[test]
fn a_copy_of_the_checkout_knows_nothing_of_its_programs() {
    let counted = Counted::new();
    let root = &counted.checkout.root;
    let record = root.join(RECORDS).join(RECORD);
    let text = fs::read_to_string(&record).expect("it is text");
    let name = root.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(text.contains(&name), "{text}");
    // As if all of it had been made in a different folder, which is still there.
    let other = root.with_file_name("another clone");
    remove(&other);
    fs::create_dir_all(other.join(RECORDS)).expect("it can be made");
    for part in ["Cargo.toml", "Cargo.lock", ".cargo", "steps", "solutions", "book", "xtask"] {
        std::os::unix::fs::symlink(root.join(part), other.join(part)).expect("it can be made");
    }
    fs::copy(&record, other.join(RECORDS).join(RECORD)).expect("it can be copied");
    let mut command = counted.command();
    let (_, calls) = counted.run(command.current_dir(&other));
    remove(&other);
    assert!(calls > 0, "the programs are not of this folder");
}
