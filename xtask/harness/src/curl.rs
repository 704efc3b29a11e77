//! The command lines that send a message by hand, to the server of `cargo xtask run`.

use std::{
    env, fs,
    io::{self, Write},
};

use protocol::exchange::Exchange;
use tempfile::NamedTempFile;

use crate::{
    current::{self, Login},
    message::{Header, Message},
};

/// Nobody copies more characters than this.
const LONGEST: usize = 4096;

/// What the tokens of a few logins are called: nobody logs in more often for one request.
const ORDINALS: [&str; 3] = ["first", "second", "third"];

/// Where the files lie, seen from the workshop's folder.
const FOLDER: &str = "target/workshop/sent";

/// A request that somebody can send from a terminal.
#[derive(Debug, Clone)]
pub(crate) struct ByHand {
    pub(crate) message: Message,
    pub(crate) lines: Lines,
    /// The exchange of the check; nothing if no response came.
    pub(crate) exchange: Option<Exchange>,
    /// Whether the check's server had been sent no more requests before than the lines send logins.
    pub(crate) on_a_new_server: bool,
}

/// Command lines, and the files that they send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) text: String,
    /// The logins that they begin with.
    pub(crate) logins: Vec<Login>,
    files: Vec<(String, String)>,
}

impl Lines {
    /// Writes the files, and gives the lines; none where they cannot be written.
    pub(crate) fn ready(self) -> Option<String> {
        self.files.iter().try_for_each(|(name, contents)| write(name, contents)).ok()?;
        Some(self.text)
    }
}

/// The command lines; none for a request that no terminal takes, or that only one server understands.
pub(crate) fn command(message: &Message) -> Option<Lines> {
    let curl = if cfg!(windows) { "curl.exe" } else { "curl" };
    // A proxy that is meant for other machines is not asked, whatever the environment says.
    let mut line = format!("{curl} -i --noproxy \"*\"");
    let mut logins = Vec::new();
    let mut files = Vec::new();
    match message.method.as_str() {
        "GET" => {}
        "POST" if message.body.is_some() => {}
        // With -X, curl would wait for a body that never comes.
        "HEAD" => line.push_str(" --head"),
        method => line.push_str(&format!(" -X {method}")),
    }
    for Header { name, value, token } in &message.headers {
        let mut value = String::from_utf8_lossy(value);
        if let Some((scheme, token)) = token
            && let Some(login) = &token.login
        {
            logins = logins_with(login);
            let which = ORDINALS.get(login.number).filter(|_| logins.len() > 1);
            let which = which.map(|which| format!("{which} ")).unwrap_or_default();
            value = format!("{scheme}<the {which}access_token>").into();
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
    let mut commands: Vec<&str> = logins.iter().map(|login| login.command.as_str()).collect();
    commands.push(&line);
    let text = commands.join("\n");
    let mut tokens = message.headers.iter().filter_map(|header| header.token.as_ref());
    let by_hand = tokens.all(|(_, token)| token.means_the_same_by_hand());
    (by_hand && text.len() <= LONGEST && is_plain(&message.path)).then_some(Lines {
        text,
        logins,
        files,
    })
}

/// A few logins of the check are all shown, since a later one may change what an earlier token does; of many, only the
/// one that the token is from.
fn logins_with(login: &Login) -> Vec<Login> {
    let all = current::logins();
    let few = (1..=ORDINALS.len()).contains(&all.len());
    if few { all } else { vec![login.clone()] }
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
    use crate::token::Token;

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

    fn get(headers: Vec<Header>) -> Message {
        let (method, path) = ("GET".to_owned(), "/".to_owned());
        Message { method, path, headers, body: None, only: None }
    }

    #[test]
    fn a_head_waits_for_no_body() {
        let (method, path) = ("HEAD".to_owned(), "/".to_owned());
        let message = Message { method, path, headers: Vec::new(), body: None, only: None };
        let line = command(&message).expect("a terminal takes it").text;
        assert!(line.contains(" --head ") && !line.contains(" -X "), "{line}");
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
    fn every_login_of_a_few_is_shown_before_a_token_is_used() {
        current::begin("a_check");
        let logged_in = |command: &str| current::logged_in(String::new(), command.to_owned());
        let first = logged_in("log in as alice");
        let text = |login: &Login| {
            let token = Token::issued("t".to_owned(), "alice", Some(login.clone()));
            let token = Some(("Bearer ".to_owned(), token));
            let header = Header { name: "a".to_owned(), value: Vec::new(), token };
            command(&get(vec![header])).expect("lines").text
        };
        assert!(text(&first).starts_with("log in as alice\n"));
        assert!(text(&first).contains("\"a: Bearer <the access_token>\""));
        logged_in("log in as carol");
        assert!(text(&first).starts_with("log in as alice\nlog in as carol\n"));
        assert!(text(&first).contains("\"a: Bearer <the first access_token>\""));
        for _ in 0..2 {
            logged_in("log in again");
        }
        assert!(text(&first).starts_with("log in as alice\ncurl"), "only its own");
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
