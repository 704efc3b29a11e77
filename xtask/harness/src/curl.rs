//! The command lines that send a message by hand, to the server of `cargo xtask run`.

use std::{
    env, fs,
    io::{self, Write},
};

use tempfile::NamedTempFile;

use crate::{
    current,
    message::{Header, Message},
};

/// Nobody copies more characters than this.
const LONGEST: usize = 4096;

/// Where the files lie, seen from the workshop's folder.
const FOLDER: &str = "target/workshop/sent";

/// Command lines, and the files that they send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) text: String,
    files: Vec<(String, String)>,
}

impl Lines {
    /// Writes the files, and gives the lines; none where they cannot be written.
    pub(crate) fn ready(self) -> Option<String> {
        self.files.iter().try_for_each(|(name, contents)| write(name, contents)).ok()?;
        Some(self.text)
    }
}

/// The command lines; none for a request that no terminal takes.
pub(crate) fn command(message: &Message) -> Option<Lines> {
    let curl = if cfg!(windows) { "curl.exe" } else { "curl" };
    // A proxy that is meant for other machines is not asked, whatever the environment says.
    let mut line = format!("{curl} -i --noproxy \"*\"");
    let mut login = None;
    let mut files = Vec::new();
    match message.method.as_str() {
        "GET" => {}
        "POST" if message.body.is_some() => {}
        method => line.push_str(&format!(" -X {method}")),
    }
    for Header { name, value, token } in &message.headers {
        let mut value = String::from_utf8_lossy(value);
        if let Some((scheme, token)) = token
            && let Some(command) = &token.login
        {
            login = Some(command);
            value = format!("{scheme}<the access_token>").into();
        }
        let header = format!("{name}: {value}");
        line.push_str(&format!(" -H {}", quoted(&header, "txt", &mut files)));
    }
    if let Some(body) = &message.body {
        // What begins with `@` is a file's name to the other option.
        let option = if is_plain(body) { "--data-raw" } else { "--data" };
        line.push_str(&format!(" {option} {}", quoted(body, "json", &mut files)));
    }
    line.push_str(&format!(" \"http://127.0.0.1:3000{}\"", message.path));
    let text = login.map_or_else(|| line.clone(), |login| format!("{login}\n{line}"));
    (text.len() <= LONGEST && is_plain(&message.path)).then_some(Lines { text, files })
}

/// The text in double quotes, which serve in every shell that a learner may have; or a file, where it has something in it
/// that means something else in one of them.
fn quoted(text: &str, kind: &str, files: &mut Vec<(String, String)>) -> String {
    if is_plain(text) {
        return format!("\"{text}\"");
    }
    let before = files.iter().filter(|(name, _)| name.ends_with(kind)).count();
    let more = if before == 0 { String::new() } else { format!("_{}", before + 1) };
    let name = format!("{}{more}.{kind}", current::name());
    let argument = format!("\"@{FOLDER}/{name}\"");
    files.push((name, text.to_owned()));
    argument
}

/// Whether it is the same between double quotes in sh, PowerShell and cmd. (A shell completes a name where a tab is
/// pasted, and to PowerShell `“` is a quote.)
fn is_plain(text: &str) -> bool {
    !text.contains(['"', '$', '`', '\\', '!', '“', '”', '„']) && !text.contains(char::is_control)
}

/// A test runs in its package's folder, two below the workshop's.
fn write(name: &str, contents: &str) -> io::Result<()> {
    let package = env::current_dir()?;
    let root = package.ancestors().nth(2).ok_or(io::ErrorKind::NotFound)?;
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let mut file = NamedTempFile::new_in(&folder)?;
    file.write_all(contents.as_bytes())?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(value: &str, body: &str) -> Lines {
        current::begin("a_check");
        let header = Header { name: "a".to_owned(), value: value.into(), token: None };
        let message = Message {
            method: "PUT".to_owned(),
            path: "/x?y=1&z".to_owned(),
            headers: vec![header],
            body: Some(body.to_owned()),
            only: None,
        };
        command(&message).expect("a terminal takes it")
    }

    #[test]
    fn no_line_has_quotes_within_quotes() {
        let plain = put("Bearer x", "a=1&b=%20");
        assert!(plain.text.ends_with(
            "-X PUT -H \"a: Bearer x\" --data-raw \"a=1&b=%20\" \"http://127.0.0.1:3000/x?y=1&z\""
        ));
        assert!(plain.files.is_empty());
        let json = put("Bearer \"$x\"", "{\"b\":1}");
        assert!(json.text.contains(
            "-H \"@target/workshop/sent/a_check.txt\" --data \"@target/workshop/sent/a_check.json\""
        ));
        let files = [("a_check.txt", "a: Bearer \"$x\""), ("a_check.json", "{\"b\":1}")];
        assert_eq!(json.files, files.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn what_means_something_in_a_shell_is_not_plain() {
        for text in ["a\"b", "$HOME", "`id`", "C:\\x", "hey!", "“a”", "a\tb", "a\nb"] {
            assert!(!is_plain(text), "{text}");
        }
        for text in ["", "a=1&b=2", "Bearer <the access_token>", "it's", "%41", "a|b>c;d*(e)"] {
            assert!(is_plain(text), "{text}");
        }
    }
}
