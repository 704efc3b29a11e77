//! What a text may tell about its writer, taken out: paths of this machine and user names.

use std::{env, path::Path};

use crate::course::Course;

/// What is taken out of a text, the longest first, and the name that it gets instead.
pub struct Private {
    paths: Vec<(String, &'static str)>,
    users: Vec<String>,
}

/// Where the systems keep the home folders of all their users: the folder below one of these is a name.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

impl Private {
    /// The checkout, the home folder and the user, as this machine names them.
    pub fn here(course: &Course) -> Self {
        let home = env::home_dir();
        let users =
            ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| env::var(name).ok());
        Self::new(&course.root, home.as_deref(), users.collect())
    }

    fn new(root: &Path, home: Option<&Path>, mut users: Vec<String>) -> Self {
        // A home folder may be `/`, in a container.
        let home = home.filter(|home| home.parent().is_some());
        let name = home.and_then(Path::file_name);
        users.extend(name.map(|name| name.to_string_lossy().into_owned()));
        users.retain(|user| !user.is_empty());
        users.sort();
        users.dedup();
        let as_written = |path: &Path, name| {
            let path = path.display().to_string();
            // As it is in JSON, in a string of Rust, and in a URL.
            [path.replace('\\', "\\\\"), path.replace('\\', "/"), path].map(|path| (path, name))
        };
        let mut paths: Vec<_> = as_written(root, "<workshop>").into();
        paths.extend(home.into_iter().flat_map(|home| as_written(home, "<home>")));
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Self { paths, users }
    }

    /// The text without them, and how many were taken out.
    pub fn take_out(&self, text: &str) -> (String, usize) {
        let mut count = 0;
        let mut text = text.to_owned();
        for (path, name) in &self.paths {
            count += text.matches(path.as_str()).count();
            text = text.replace(path.as_str(), name);
        }
        for homes in HOMES {
            text = without_names_below(homes, &text, &mut count);
        }
        for user in &self.users {
            text = without_word(user, &text, &mut count);
        }
        (text, count)
    }
}

/// Whether a name goes on with it.
fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn without_names_below(homes: &str, text: &str, count: &mut usize) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(homes) {
        let (before, after) = rest.split_at(at + homes.len());
        kept.push_str(before);
        // In JSON, and in a string of Rust, it is there twice.
        let name = after.trim_start_matches('\\');
        kept.push_str(&after[..after.len() - name.len()]);
        let after = name;
        let end = after.find(|c: char| !is_of_a_name(c) && c != '.').unwrap_or(after.len());
        if end > 0 {
            kept.push_str("<user>");
            *count += 1;
        }
        rest = &after[end..];
    }
    kept + rest
}

/// The text without this word, in whatever letter case.
fn without_word(word: &str, text: &str, count: &mut usize) -> String {
    let mut kept = String::new();
    let mut rest = text;
    let mut last = None;
    while let Some(c) = rest.chars().next() {
        let found = rest.get(..word.len()).filter(|found| found.eq_ignore_ascii_case(word));
        let ends = |found: &str| !rest[found.len()..].starts_with(is_of_a_name);
        match found {
            Some(found) if !last.is_some_and(is_of_a_name) && ends(found) => {
                kept.push_str("<user>");
                *count += 1;
                last = found.chars().last();
                rest = &rest[found.len()..];
            }
            _ => {
                kept.push(c);
                last = Some(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(private: &Private, text: &str, wanted: &str) {
        assert_eq!(private.take_out(text).0, wanted);
    }

    #[test]
    fn paths_and_the_user_s_name_are_taken_out() {
        let root = Path::new("/home/ada/code/workshop");
        let private = Private::new(root, Some(Path::new("/home/ada")), vec!["Ada.L".to_owned()]);
        becomes(&private, "/home/ada/code/workshop/steps/a", "<workshop>/steps/a");
        becomes(&private, "at /home/ada/.cargo/x.rs:1", "at <home>/.cargo/x.rs:1");
        becomes(&private, "// by ADA (ada.l): é", "// by <user> (<user>): é");
        becomes(&private, "adapter, _ada, an Ada-like", "adapter, _ada, an Ada-like");
        assert_eq!(private.take_out("ada /home/ada ada").1, 3);
    }

    #[test]
    fn the_names_of_other_users_are_taken_out_of_paths() {
        let private =
            Private::new(Path::new("/srv/workshop"), Some(Path::new("/root")), Vec::new());
        becomes(&private, "/home/grace.h/x /Users/joan", "/home/<user>/x /Users/<user>");
        becomes(&private, r"C:\Users\Grace\x", r"C:\Users\<user>\x");
        becomes(
            &private,
            r"C:\\Users\\Grace\\x",
            r"C:\\Users\\Grace\\x".replace("Grace", "<user>").as_str(),
        );
        becomes(&private, "GET /home/ HTTP/1.1", "GET /home/ HTTP/1.1");
        becomes(&private, "/root/.cargo", "<home>/.cargo");
    }

    #[test]
    fn a_home_folder_without_a_name_is_no_path_to_take_out() {
        let private = Private::new(Path::new("/srv/workshop"), Some(Path::new("/")), Vec::new());
        becomes(&private, "GET /items HTTP/1.1", "GET /items HTTP/1.1");
    }
}
