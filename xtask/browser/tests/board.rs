//! The instructor's board: two learners and an instructor, from joining to the spreadsheet.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use workshop_browser::{Browser, Failure, Scheme, axe, course, with_browser};
use xtask::class::board::{Answer, Board};

/// A board, ended when dropped.
struct Process {
    child: Child,
    /// What it says at its start, by the words before the colon.
    said: Vec<(String, String)>,
}

impl Process {
    fn start(program: &PathBuf, folder: &TempDir, listen: &str) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", listen, "--database"]);
        command.arg(folder.path().join("class.db")).env("WORKSHOP_PLANNED", r#"{"2":[15,20]}"#);
        command.env("WORKSHOP_CHECKS", r#"["refuses_a_request_without_a_token"]"#);
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

    fn said(&self, what: &str) -> Result<&str, Failure> {
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

/// A learner's token.
fn join(board: &Board, code: &str, name: &str) -> Result<String, Failure> {
    let joined = good(board.join(code, name))?;
    let token = good(board.token(joined["key"].as_str().ok_or("no key")?))?;
    Ok(token["access_token"].as_str().ok_or("no token")?.to_owned())
}

fn report(board: &Board, token: &str, event: &Value) -> Result<Value, Failure> {
    good(board.ask("POST", "/me/events", Some(token), Some(&json!([event]))))
}

fn good(answer: Result<Answer, xtask::trouble::Trouble>) -> Result<Value, Failure> {
    match answer {
        Ok(Answer::Good(body)) => Ok(body),
        Ok(other) => Err(format!("{other:?}").into()),
        Err(trouble) => Err(trouble.to_string().into()),
    }
}

fn fails(seq: u64, step: u8) -> Value {
    json!({"seq": seq, "verdict": {"step": step, "passed": 4, "checks": 9, "core": false, "minutes": 7,
        "failing": "refuses_a_request_without_a_token", "finding": "let_in", "mistake": null}})
}

async fn log_in(browser: &Browser, password: &str) -> Result<(), Failure> {
    browser.type_keys("#password", password.to_owned()).await?;
    browser.click("#login button").await
}

async fn no_rule_is_broken(browser: &Browser, what: &str) -> Result<(), Failure> {
    for (scheme, rules) in [(Scheme::Light, axe::PAGE), (Scheme::Dark, axe::COLOURS)] {
        browser.prefer(scheme).await?;
        let found = axe::findings(browser, rules).await?;
        let broken: Vec<String> = found.violations.iter().map(ToString::to_string).collect();
        if found.passes == 0 || !broken.is_empty() {
            return Err(format!("{what}: {}", broken.join("\n")).into());
        }
    }
    Ok(())
}

const ROWS: &str = "return document.getElementById('rows').innerText";
const CONNECTION: &str = "return document.getElementById('connection').innerText";

#[test]
fn the_instructor_sees_the_room() {
    with_browser(async |browser| {
        let (program, folder) = (program()?, tempfile::tempdir()?);
        let process = Process::start(&program, &folder, "127.0.0.1:0")?;
        let address = process.said("Listening")?.to_owned();
        let board = Board::at(&address).map_err(|trouble| trouble.to_string())?;
        let (code, password) = (process.said("Code")?, process.said("The instructor's password")?);
        browser.resize(1024, 768).await?;
        browser.go(&address).await?;
        no_rule_is_broken(&browser, "login").await?;
        log_in(&browser, "a wrong password").await?;
        let refusal = "return document.getElementById('refusal').innerText";
        browser.until(refusal, "Incorrect username or password").await?;
        browser.run("document.getElementById('password').value = ''").await?;
        log_in(&browser, password).await?;
        browser.until(CONNECTION, "Live.").await?;

        let ada = join(&board, code, "<b>Ada</b>")?;
        let bob = join(&board, code, "=1+1")?;
        report(&board, &ada, &fails(1, 3))?;
        report(&board, &bob, &json!({"seq": 1, "hand": true}))?;
        browser.until(ROWS, "refuses a request without a token").await?;
        browser.until(ROWS, "hand up").await?;
        if browser.run(ROWS).await?.to_string().contains("Ada") {
            return Err("names are hidden until somebody wants to see them".into());
        }
        browser.click("#names").await?;
        browser.until(ROWS, "<b>Ada</b>").await?;
        if browser.count("#rows b").await? != 0 {
            return Err("a name became HTML".into());
        }
        let failing = "return document.getElementById('failing').innerText";
        let sentence = "1 in step 3: refuses a request without a token. Mostly: the server let the request in.";
        browser.until(failing, sentence).await?;
        let invented = json!({"seq": 3, "verdict": {"step": 3, "passed": 0, "checks": 9, "core": false,
            "minutes": 1, "failing": "bob_was_here"}});
        report(&board, &bob, &invented)?;
        browser.until(failing, "1 in step 3: a check that this course does not have.").await?;
        if browser.run("return document.body.innerText").await?.to_string().contains("was here") {
            return Err("the page says what a learner made up".into());
        }
        no_rule_is_broken(&browser, "class").await?;

        browser.type_keys("#go-to input", "4".to_owned()).await?;
        browser.click("#go-to button").await?;
        browser.until("return document.getElementById('asked').innerText", "step 4").await?;
        let solves = json!({"seq": 4, "verdict": {"step": 2, "passed": 9, "checks": 9, "core": true, "minutes": 17}});
        report(&board, &bob, &solves)?;
        let steps = "return document.getElementById('step-rows').innerText";
        browser.until(steps, "2\t1\t–\t15\t–\t20").await?;
        let notice = report(&board, &ada, &fails(2, 3))?;
        if notice["go_to"] != 4 {
            return Err(format!("the learner is told {notice}").into());
        }

        let csv = "const done = arguments[0];
            URL.createObjectURL = blob => { blob.text().then(done); return 'blob:'; };
            HTMLAnchorElement.prototype.click = () => {};
            document.getElementById('csv').click();";
        let csv = browser.run_async(csv, Vec::new()).await?;
        if !csv.as_str().is_some_and(|csv| csv.contains("\"'=1+1\"")) {
            return Err(format!("a formula in the spreadsheet: {csv}").into());
        }

        let listen = address.trim_start_matches("http://").to_owned();
        let (code, password) = (code.to_owned(), password.to_owned());
        drop(process);
        browser.until(CONNECTION, "trying again").await?;
        let process = Process::start(&program, &folder, &listen)?;
        browser.until(CONNECTION, "Live.").await?;
        for number in 0..38 {
            join(&board, &code, &format!("Learner {number}"))?;
        }
        let count = "return String(document.getElementById('rows').children.length)";
        browser.until(count, "40").await?;
        browser.until(ROWS, "<b>Ada</b>").await?;

        browser.go(&address).await?;
        browser.click("input[value=show]").await?;
        log_in(&browser, &password).await?;
        browser.until("return document.getElementById('count').innerText", "40").await?;
        let shown = browser.run("return document.body.innerText").await?.to_string();
        if shown.contains("Ada") || !shown.contains(&code[..4]) {
            return Err(format!("on the projector: {shown}").into());
        }
        no_rule_is_broken(&browser, "projector").await?;
        drop(process);
        Ok(browser)
    });
}
