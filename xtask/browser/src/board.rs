//! The instructor's board as a process, and a class that comes to it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Browser, Failure, course};

/// Checks of the course, the shortest name among them, and the longest.
pub const CHECKS: [&str; 3] = [
    "describes_itself",
    "refuses_a_request_without_a_token",
    "accepts_a_token_of_another_server_with_the_same_secret",
];

/// A mistake of the course with a long name.
pub const MISTAKE: &str = "early-return-for-unknown-and-disabled-users";

/// A board, ended when dropped.
pub struct Process {
    child: Child,
    /// What it says at its start, by the words before the colon.
    said: Vec<(String, String)>,
}

impl Process {
    /// Starts the board on this folder's database. It knows a course of three checks, one mistake, and the minutes of two steps.
    pub fn start(program: &Path, folder: &TempDir, listen: &str) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", listen, "--database"]);
        command
            .arg(folder.path().join("class.db"))
            .env("WORKSHOP_PLANNED", r#"{"2":[15,20],"3":[20,30]}"#);
        command.env("WORKSHOP_CHECKS", json!(CHECKS).to_string());
        command.env("WORKSHOP_MISTAKES", json!([MISTAKE]).to_string());
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("its output is a pipe")?;
        let mut process = Self { child, said: Vec::new() };
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if let Some(address) = line.strip_prefix("Listening on ") {
                process.said.push(("Listening".to_owned(), address.to_owned()));
                return Ok(process);
            }
            if let Some((what, value)) = line.split_once(": ") {
                process.said.push((what.to_owned(), value.trim().to_owned()));
            }
        }
        Err("the board ended before it listened".into())
    }

    /// What it said after these words.
    pub fn said(&self, what: &str) -> Result<&str, Failure> {
        let found = self.said.iter().find(|(name, _)| name.starts_with(what));
        Ok(found.map(|(_, value)| value.as_str()).ok_or(format!("it does not say {what}"))?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // As a power cut would: what is acknowledged has to be there after.
        self.child.kill().and_then(|()| self.child.wait()).expect("it is ours");
    }
}

/// Compiles the board.
pub fn program() -> Result<PathBuf, Failure> {
    let root = course()?.root;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--message-format=json", "--manifest-path"]);
    cargo.arg(root.join("xtask/class/Cargo.toml"));
    cargo.arg("--target-dir").arg(root.join("target/class"));
    let output = cargo.stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program =
        messages.filter_map(|message| Some(message["executable"].as_str()?.into())).next_back();
    program.ok_or_else(|| "the board does not compile".into())
}

/// The instructor logs in on the page.
pub async fn log_in(browser: &Browser, password: &str) -> Result<(), Failure> {
    browser.type_keys("#password", password.to_owned()).await?;
    browser.click("#login button").await
}

/// What lets learners join, report, and raise their hands, on a page of the board.
const JOIN: &str = r"
    const [code, from, to, checks, mistake, done] = arguments;
    const send = async (path, body, token) => {
      const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
      const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    };
    const learner = async (number) => {
      const { key } = await send('/join', { code, name: `Learner with the number ${number} and a name` });
      const form = new URLSearchParams({ grant_type: 'urn:workshop:class:grant-type:learner-key', key });
      const { access_token } = await (await fetch('/token', { method: 'POST', body: form })).json();
      const check = number % 4;
      const verdict = {
        step: number % 10 === 0 ? 2 : 3, passed: 4 + check, checks: 9, core: check === 3, minutes: 5 + number % 20,
        ...(check < 3 && { failing: checks[check], finding: ['document', 'let_in', 'kept_out'][check] }), ...(check === 2 && { mistake }),
      };
      const hand = { seq: 2, hand: number % 13 === 5 };
      await send('/me/events', [{ seq: 1, verdict }, hand], access_token);
      return access_token;
    };
    const all = async () => {
      const tokens = [];
      for (let number = from; number < to; number++) tokens.push(await learner(number));
      return tokens;
    };
    all().then(done, (error) => done(String(error)));";

/// Lets the learners of these numbers join, each with a verdict, and some with a hand up; a token for each.
pub async fn fill(
    browser: &Browser,
    code: &str,
    numbers: std::ops::Range<usize>,
) -> Result<Vec<String>, Failure> {
    let arguments =
        [json!(code), json!(numbers.start), json!(numbers.end), json!(CHECKS), json!(MISTAKE)];
    let tokens = browser.run_async(JOIN, arguments.into()).await?;
    serde_json::from_value(tokens.clone())
        .map_err(|_| format!("they did not join: {tokens}").into())
}
