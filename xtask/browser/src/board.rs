//! The instructor's board as a process, and a class that comes to it.

use std::{
    io::{BufRead, BufReader},
    ops::Range,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::class::{board::Board, told::told};

use crate::{Browser, Failure, course};

/// A class of its own: a board that has started on an empty database, and ends when it is dropped.
pub struct Room {
    /// How learners reach the board.
    pub board: Board,
    /// What they type to join.
    pub code: String,
    /// The instructor's.
    pub password: String,
    program: PathBuf,
    /// It ends before its folder goes.
    process: Option<Process>,
    folder: TempDir,
}

impl Room {
    /// Compiles the board, and starts it.
    pub fn open() -> Result<Self, Failure> {
        let (program, folder) = (program()?, tempfile::tempdir()?);
        let (process, said) = start(&program, &folder, "127.0.0.1:0")?;
        let after = |words: &str| {
            let value = said.iter().find_map(|line| line.strip_prefix(words));
            value.map(|value| value.trim().to_owned()).ok_or(format!("it does not say {words}"))
        };
        Ok(Self {
            board: Board::at(&after(LISTENING)?)?,
            code: after("Code:")?,
            password: after("The instructor's password, which is shown this once:")?,
            program,
            process: Some(process),
            folder,
        })
    }

    /// Where the page is.
    pub fn address(&self) -> &str {
        self.board.address()
    }

    /// Ends the board as a power cut would: what is acknowledged has to be there after.
    pub fn cut(&mut self) {
        self.process = None;
    }

    /// Starts the board again, where it was.
    pub fn start_again(&mut self) -> Result<(), Failure> {
        let listen = self.address().trim_start_matches("http://");
        self.process = Some(start(&self.program, &self.folder, listen)?.0);
        Ok(())
    }
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("it is ours");
    }
}

/// What the board says last before it serves.
const LISTENING: &str = "Listening on ";

/// Starts the board on this folder's database; what it says until it serves.
fn start(
    program: &Path,
    folder: &TempDir,
    listen: &str,
) -> Result<(Process, Vec<String>), Failure> {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", listen, "--database"]).arg(folder.path().join("class.db"));
    command.envs(told(&course()?)?);
    let mut process = Process(command.stdout(Stdio::piped()).spawn()?);
    let stdout = process.0.stdout.take().ok_or("its output is a pipe")?;
    let mut said = Vec::new();
    for line in BufReader::new(stdout).lines() {
        said.push(line?);
        if said.last().is_some_and(|line| line.starts_with(LISTENING)) {
            return Ok((process, said));
        }
    }
    Err("the board ended before it listened".into())
}

/// Compiles the board.
fn program() -> Result<PathBuf, Failure> {
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
    const [code, from, to, verdicts, done] = arguments;
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
      const verdict = { ...verdicts[number % verdicts.length], minutes: 5 + number % 20 };
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

/// Lets the learners of these numbers join, each with one of the verdicts, and some with a hand up; a token for each.
pub async fn fill(
    browser: &Browser,
    code: &str,
    numbers: Range<usize>,
    verdicts: &Value,
) -> Result<Vec<String>, Failure> {
    let arguments = vec![json!(code), json!(numbers.start), json!(numbers.end), verdicts.clone()];
    let tokens = browser.run_async(JOIN, arguments).await?;
    serde_json::from_value(tokens.clone())
        .map_err(|_| format!("they did not join: {tokens}").into())
}

/// What the instructor downloads for a spreadsheet.
pub async fn csv(browser: &Browser) -> Result<String, Failure> {
    let download = "const done = arguments[0];
        URL.createObjectURL = blob => { blob.text().then(done); return 'blob:'; };
        HTMLAnchorElement.prototype.click = () => {};
        document.getElementById('csv').click();";
    Ok(serde_json::from_value(browser.run_async(download, Vec::new()).await?)?)
}
