//! What a text may tell about its writer, taken out: paths of this machine, names, and secrets of the environment.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    course::{Course, Step, Whose, made_of},
    files,
    learner::without::{Counts, without, without_names_in_paths},
    process::call,
    trouble::Trouble,
};

/// What is taken out of a text, and the word that comes in its place.
#[derive(Default)]
pub struct Private {
    /// The longest first.
    paths: Vec<(String, String)>,
    /// As they stand, wherever they are: secrets, an e-mail address.
    texts: Vec<(String, String)>,
    /// Whole words, in whatever letter case.
    names: BTreeMap<String, &'static str>,
    /// Names that are words of the course, too: there nobody can tell one from the other.
    pub ambiguous: BTreeSet<String>,
}

/// Folders that users choose, and what comes in their place.
const FOLDERS: [(&str, &str); 3] =
    [("CARGO_HOME", "<cargo>"), ("RUSTUP_HOME", "<rustup>"), ("CARGO_TARGET_DIR", "<target>")];

/// A variable with one of these in its name may have a secret as its value.
const SECRET: [&str; 8] =
    ["AUTH", "COOKIE", "CREDENTIAL", "KEY", "PASSWD", "PASSWORD", "SECRET", "TOKEN"];

impl Private {
    /// What this machine, its user and git know about them; what the step itself says is nobody's name.
    pub fn here(course: &Course, step: &Step) -> Result<Self, Trouble> {
        let mut private = Self::default();
        private.folder(&course.root, "<workshop>");
        if let Some(home) = env::home_dir() {
            private.home(&home);
            if let Ok(home) = home.canonicalize() {
                private.home(&home);
            }
        }
        for (name, word) in FOLDERS {
            if let Some(folder) = env::var_os(name) {
                private.folder(Path::new(&folder), word);
            }
        }
        for name in ["USER", "LOGNAME", "USERNAME", "SUDO_USER"] {
            private.name(&env::var(name).unwrap_or_default(), "<user>");
        }
        for host in ["HOSTNAME", "COMPUTERNAME"] {
            private.host(&env::var(host).unwrap_or_default());
        }
        private.host(&said(&mut Command::new("hostname")));
        let git = |key| said(Command::new("git").args(["config", key]).current_dir(&course.root));
        private.person(&git("user.name"), &git("user.email"));
        private.secrets(env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }));
        private.leave_words(&words_of(course, step)?);
        Ok(private)
    }

    fn folder(&mut self, folder: &Path, word: &str) {
        // A home folder may be `/`, in a container.
        if folder.parent().is_none() {
            return;
        }
        let path = folder.display().to_string();
        let path = path.trim_end_matches(['/', '\\']).to_owned();
        // As it is in JSON, in a string of Rust, and in a URL.
        for written in [path.replace('\\', "\\\\"), path.replace('\\', "/"), path] {
            self.paths.push((written, word.to_owned()));
        }
        self.paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        self.paths.dedup();
    }

    fn home(&mut self, home: &Path) {
        self.folder(home, "<home>");
        if home.parent().is_some() {
            let name = home.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.name(&name, "<user>");
        }
    }

    fn name(&mut self, name: &str, word: &'static str) {
        if name.chars().count() > 1 {
            self.names.insert(name.to_lowercase(), word);
        }
    }

    fn host(&mut self, host: &str) {
        let short = host.split('.').next().unwrap_or_default();
        for name in [host, short].into_iter().filter(|name| *name != "localhost") {
            self.name(name, "<host>");
        }
    }

    fn person(&mut self, name: &str, email: &str) {
        for word in name.split_whitespace() {
            self.name(word, "<user>");
        }
        if let Some((user, _)) = email.split_once('@') {
            self.texts.push((email.to_owned(), "<e-mail>".to_owned()));
            self.name(user, "<user>");
        }
    }

    fn secrets(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let is_secret = |(name, value): &(String, String)| {
            let name = name.to_uppercase();
            let is_named = SECRET.iter().any(|part| name.contains(part));
            // A proxy's address may have a password in it.
            value.len() >= 6 && (is_named || name.ends_with("_PROXY") && value.contains('@'))
        };
        let secrets = variables.filter(is_secret);
        self.texts.extend(secrets.map(|(name, value)| (value, format!("<${name}>"))));
        self.texts.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    }

    /// These are words of the course, so they are left where they are no part of a path.
    fn leave_words(&mut self, words: &BTreeSet<String>) {
        let known = self.names.keys().filter(|name| words.contains(*name));
        self.ambiguous = known.cloned().collect();
        self.names.retain(|name, _| !words.contains(name));
        self.texts.retain(|(text, _)| !words.contains(&text.to_lowercase()));
    }

    /// The text without them, and how many of each kind were taken out.
    pub fn take_out(&self, text: &str) -> (String, Counts) {
        let mut counts = Counts::new();
        let mut text = text.to_owned();
        let is_in_path = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        for (path, word) in &self.paths {
            let ends = |rest: &str| !rest.trim_start_matches('.').starts_with(is_in_path);
            text = without(&text, path, word, &mut counts, |_, rest| ends(rest));
        }
        for (secret, word) in &self.texts {
            text = without(&text, secret, word, &mut counts, |_, _| true);
        }
        text = without_names_in_paths(&text, &mut counts);
        let is_whole = |before: &str, rest: &str| {
            !before.ends_with(char::is_alphanumeric) && !rest.starts_with(char::is_alphanumeric)
        };
        // `ada.l` before `ada`.
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, word) in names {
            text = without(&text, name, word, &mut counts, is_whole);
        }
        (text, counts)
    }
}

/// The first line that a program prints, or nothing.
fn said(program: &mut Command) -> String {
    let output = call::output(program.stderr(Stdio::null()));
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default().lines().next().unwrap_or_default().trim().to_owned()
}

/// The words that the step and its solution consist of, in lower case.
fn words_of(course: &Course, step: &Step) -> Result<BTreeSet<String>, Trouble> {
    let folder = step.folder(Whose::Learner);
    let mut paths = files::below(&folder.join("tests"))?;
    paths.extend(made_of::code(step, Whose::Reference)?);
    paths.push(folder.join("hints.md"));
    paths.push(course.root.join("book").join("verdicts").join(format!("{}.txt", step.slug)));
    let mut words = BTreeSet::new();
    // What cannot be read has no words that are known.
    for text in paths.into_iter().filter_map(|path| fs::read_to_string(path).ok()) {
        words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(private: &Private, text: &str, wanted: &str) {
        assert_eq!(private.take_out(text).0, wanted);
    }

    fn of_ada() -> Private {
        let mut private = Private::default();
        private.folder(Path::new("/home/ada/code/workshop"), "<workshop>");
        private.home(Path::new("/home/ada/"));
        private.name("Ada.L", "<user>");
        private
    }

    #[test]
    fn paths_and_the_user_s_name_are_taken_out() {
        let private = of_ada();
        becomes(&private, "/home/ada/code/workshop/steps/a", "<workshop>/steps/a");
        becomes(&private, "at /home/ada/.cargo/x.rs:1", "at <home>/.cargo/x.rs:1");
        becomes(&private, "in /home/ada. In /home/ada", "in <home>. In <home>");
        becomes(&private, "/home/ada-2/x, /home/adam/x", "/home/<user>/x, /home/<user>/x");
        becomes(&private, "// by ADA (ada.l): é", "// by <user> (<user>): é");
        becomes(&private, "adapter, _ada, an Ada-like", "adapter, _<user>, an <user>-like");
        let counts = private.take_out("ada /home/ada ada").1;
        assert_eq!(counts, Counts::from([("<home>".to_owned(), 1), ("<user>".to_owned(), 2)]));
    }

    #[test]
    fn a_name_that_is_a_word_of_the_course_is_left_out_of_paths_alone() {
        let mut private = Private::default();
        private.home(Path::new("/home/for"));
        private.name("MÜLLER", "<user>");
        private.leave_words(&BTreeSet::from(["for".to_owned()]));
        becomes(&private, "for each, /home/for/x, müller", "for each, <home>/x, <user>");
        assert_eq!(private.ambiguous, BTreeSet::from(["for".to_owned()]));
    }

    #[test]
    fn hosts_people_and_secrets_are_taken_out() {
        let mut private = Private::default();
        private.host("graces-mbp.example");
        private.host("localhost");
        private.person("Grace Hopper", "gh@example.org");
        let variables = [
            ("GITHUB_TOKEN", "ghp_12345"),
            ("HTTPS_PROXY", "http://a:b@c"),
            ("PATH", "/usr/bin"),
            ("KEY", "ab"),
        ];
        private.secrets(
            variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter(),
        );
        becomes(&private, "on graces-mbp, localhost", "on <host>, localhost");
        becomes(&private, "© G. Hopper <gh@example.org>, gh", "© G. <user> <<e-mail>>, <user>");
        becomes(
            &private,
            "ghp_12345 by http://a:b@c in /usr/bin, ab",
            "<$GITHUB_TOKEN> by <$HTTPS_PROXY> in /usr/bin, ab",
        );
    }

    #[test]
    fn the_names_of_other_users_are_taken_out_of_paths() {
        let mut private = Private::default();
        private.home(Path::new("/root"));
        becomes(&private, "/home/grace.h/x /Users/joan", "/home/<user>/x /Users/<user>");
        becomes(&private, r"C:\Users\Grace\x", r"C:\Users\<user>\x");
        becomes(&private, r"C:\Users\Grace B. Hopper\x", r"C:\Users\<user>\x");
        becomes(&private, r"C:\Users\Grace is here", r"C:\Users\<user> is here");
        let in_json = r"C:\\Users\\Grace\\x";
        becomes(&private, in_json, &in_json.replace("Grace", "<user>"));
        becomes(&private, "GET /home/ HTTP/1.1", "GET /home/ HTTP/1.1");
        becomes(&private, "/root/.cargo", "<home>/.cargo");
    }

    #[test]
    fn a_home_folder_without_a_name_is_no_path_to_take_out() {
        let mut private = Private::default();
        private.home(Path::new("/"));
        becomes(&private, "GET /items HTTP/1.1", "GET /items HTTP/1.1");
    }
}
