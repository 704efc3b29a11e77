//! The board, by way of curl: it needs no crate, and what is secret goes to its standard input, since every user of the
//! machine can read a command line.

use std::{
    io::{self, Write},
    path::{self, Path, PathBuf},
    process::{Command, Stdio},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::trouble::Trouble;

/// The grant by which a key is traded for a token (RFC 6749 §4.5).
const KEY_GRANT: &str = "urn%3Aworkshop%3Aclass%3Agrant-type%3Alearner-key";

/// Where a board is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    address: String,
    authority: Option<PathBuf>,
}

/// How a request ended.
#[derive(Debug)]
pub enum Answer {
    /// It succeeded, with this body.
    Good(Value),
    /// The board refuses it, with this status and in these words, which are the board's own.
    Refused(u16, String),
    /// No board answers there: curl says why, or it is something else that answers, such as a hotel's login page.
    Unreachable(String),
}

/// What the instructor asks of everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The step to which everybody is asked to go.
    #[serde(deserialize_with = "Option::deserialize")]
    pub go_to: Option<u8>,
    /// When the timer ends, in seconds since 1970.
    #[serde(deserialize_with = "Option::deserialize")]
    pub timer_ends: Option<u64>,
}

impl Board {
    /// The board at an address as people type it.
    pub fn at(typed: &str) -> Result<Self, Trouble> {
        let address = typed.trim_end_matches('/');
        let host = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
        let is_host = |host: &str| {
            !host.is_empty()
                && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c))
        };
        if host.is_some_and(is_host) {
            Ok(Self { address: address.to_owned(), authority: None })
        } else {
            Err(Trouble::Arguments(format!(
                "`{typed}` is no address of a board, which is like http://192.0.2.7:3900"
            )))
        }
    }

    /// The same, whose certificate an authority of the instructor's own making vouches for: the file with the authority's.
    /// Curl trusts no other then.
    pub fn vouched_for(self, authority: Option<&Path>) -> Result<Self, Trouble> {
        let Some(file) = authority else { return Ok(self) };
        if !self.address.starts_with("https://") {
            return Err(Trouble::Arguments(
                "--class-ca goes with an address that begins with https://".to_owned(),
            ));
        }
        let file = path::absolute(file).map_err(|error| Trouble::io("find", file, &error))?;
        if !file.is_file() {
            return Err(Trouble::Usage(format!("There is no file {}.", file.display())));
        }
        Ok(Self { authority: Some(file), ..self })
    }

    /// The file with the certificate of the authority, if it is not one that this machine knows.
    pub fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    /// The address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Trades the room's code for a key.
    pub fn join(&self, code: &str, name: &str) -> Result<Answer, Trouble> {
        let body = serde_json::json!({ "code": code, "name": name });
        self.ask("POST", "/join", None, Some(&body))
    }

    /// Trades a key for a token.
    pub fn token(&self, key: &str) -> Result<Answer, Trouble> {
        let form = format!("grant_type={KEY_GRANT}&key={key}");
        let config = [
            self.options("/token"),
            option("header", "Content-Type: application/x-www-form-urlencoded"),
            option("data-raw", &form),
        ];
        call(&config.concat())
    }

    /// Sends a request with a token, if there is one, and JSON, if there is any.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, Trouble> {
        let mut config = self.options(path) + &option("request", method);
        if let Some(token) = token {
            config += &option("header", &format!("Authorization: Bearer {token}"));
        }
        if let Some(body) = body {
            config += &option("header", "Content-Type: application/json");
            config += &option("data-raw", &body.to_string());
        }
        call(&config)
    }

    /// Where to send it, and whom to believe there.
    fn options(&self, path: &str) -> String {
        let mut options = option("url", &format!("{}{path}", self.address));
        if let Some(file) = &self.authority {
            options += &option("cacert", &file.to_string_lossy());
            // Windows would look for a list of revoked certificates, which such an authority does not publish.
            options += "ssl-no-revoke\n";
        }
        options
    }
}

/// One line of curl's configuration.
fn option(name: &str, value: &str) -> String {
    let mut quoted = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    format!("{name} = \"{quoted}\"\n")
}

/// What holds for every request: the room's network knows no proxy, and a board does not send us elsewhere.
const ALWAYS: &str = "\
silent
show-error
proto = \"=http,https\"
noproxy = \"*\"
connect-timeout = 5
max-time = 10
max-filesize = 1000000
write-out = \"\\n%{http_code}\"
";

fn call(config: &str) -> Result<Answer, Trouble> {
    let mut command = Command::new("curl");
    // `-q` comes first: nobody's own configuration is read.
    command.args(["-q", "--config", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: io::Error| {
        Trouble::Environment(format!("curl, which talks to the board, could not be used: {error}"))
    };
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(format!("{ALWAYS}{config}").as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        // After the first line it explains where its own pages are.
        let said = String::from_utf8_lossy(&output.stderr);
        let why = said.lines().next().unwrap_or_default();
        return Ok(Answer::Unreachable(why.to_owned()));
    }
    Ok(answer(&String::from_utf8_lossy(&output.stdout)))
}

fn answer(printed: &str) -> Answer {
    let (body, status) = printed.rsplit_once('\n').unwrap_or(("", printed));
    let status: u16 = status.parse().unwrap_or(0);
    let body = serde_json::from_str(body).unwrap_or(Value::Null);
    let why = body["detail"].as_str().or(body["error_description"].as_str());
    match (status, why) {
        (204, _) => Answer::Good(Value::Null),
        (200..300, _) if body.is_object() => Answer::Good(body),
        (400.., Some(why)) => Answer::Refused(status, why.to_owned()),
        _ => Answer::Unreachable("what answers there is no board".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{files, learner::testing::Scratch};

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        for good in ["http://192.0.2.7:3900", "https://board.example/", "http://[::1]:1"] {
            assert!(Board::at(good).is_ok(), "{good}");
        }
        for bad in [
            "192.0.2.7",
            "ftp://x",
            "http://",
            "http://x/y",
            "http://x\"\noutput = y",
            "http://a@b",
            "-K",
        ] {
            assert!(Board::at(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_authority_is_a_file_that_is_there_and_vouches_for_https() {
        let scratch = Scratch::new("authority");
        let file = scratch.course.root.join("a \"b\".pem");
        let board = |address: &str| Board::at(address).expect("it is an address");
        let secure = || board("https://192.0.2.7:3900");
        assert!(secure().vouched_for(Some(&file)).is_err(), "it is not there");
        files::write(&file, b"").expect("it can be written");
        assert!(board("http://192.0.2.7:3900").vouched_for(Some(&file)).is_err());
        let vouched = secure().vouched_for(Some(&file)).expect("it is there");
        let config = vouched.options("/me");
        assert!(
            config.starts_with("url = \"https://192.0.2.7:3900/me\"\ncacert = \"/"),
            "{config}"
        );
        assert!(config.ends_with("/a \\\"b\\\".pem\"\nssl-no-revoke\n"), "{config}");
        assert_eq!(
            secure().vouched_for(None).expect("as before").options("/"),
            "url = \"https://192.0.2.7:3900/\"\n"
        );
    }

    #[test]
    fn no_value_becomes_another_option() {
        let line = option("data-raw", "{\"name\": \"a\\\"\noutput = /etc/passwd\"}");
        assert_eq!(
            line,
            "data-raw = \"{\\\"name\\\": \\\"a\\\\\\\"\\noutput = /etc/passwd\\\"}\"\n"
        );
        assert_eq!(line.lines().count(), 1);
    }

    #[test]
    fn an_answer_is_its_body_and_its_status() {
        assert!(
            matches!(answer("{\"go_to\":4}\n200"), Answer::Good(body) if body == json!({"go_to": 4}))
        );
        assert!(matches!(answer("\n204"), Answer::Good(Value::Null)));
        assert!(
            matches!(answer("{\"detail\":\"no\"}\n403"), Answer::Refused(403, why) if why == "no")
        );
        for stranger in ["<html>\n200", "<html>\n502", "{}\n302", "[]\n200", ""] {
            assert!(matches!(answer(stranger), Answer::Unreachable(_)), "{stranger}");
        }
    }
}
