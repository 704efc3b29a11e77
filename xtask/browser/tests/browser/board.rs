//! The instructor's board: two learners and an instructor, from joining to the spreadsheet.

use serde_json::{Value, json};
use workshop_browser::{
    Browser, Failure, Scheme, axe,
    board::{Room, csv, fill, log_in},
    course, with_browser,
};
use xtask::class::board::{Answer, Board};

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

/// A class of its own, and a small window.
async fn room(browser: &Browser) -> Result<Room, Failure> {
    browser.resize(1024, 768).await?;
    Room::open()
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
const NEEDY: &str = "return document.getElementById('needy').innerText";
const CONNECTION: &str = "return document.getElementById('connection').innerText";

#[test]
fn the_instructor_sees_the_room() {
    with_browser(async |browser| {
        let mut room = room(&browser).await?;
        browser.go(room.address()).await?;
        no_rule_is_broken(&browser, "login").await?;
        log_in(&browser, "a wrong password").await?;
        let refusal = "return document.getElementById('refusal').innerText";
        browser.until(refusal, "Incorrect username or password").await?;
        browser.run("document.getElementById('password').value = ''").await?;
        log_in(&browser, &room.password).await?;
        browser.until(CONNECTION, "Live.").await?;

        let ada = join(&room.board, &room.code, "<b>Ada</b>")?;
        let bob = join(&room.board, &room.code, "=1+1")?;
        report(&room.board, &ada, &fails(1, 3))?;
        report(&room.board, &bob, &json!({"seq": 1, "hand": true}))?;
        browser.until(ROWS, "refuses a request without a token").await?;
        browser.until(ROWS, "hand up").await?;
        if browser.run(ROWS).await?.to_string().contains("Ada") {
            return Err("names are hidden until somebody wants to see them".into());
        }
        browser.click("#names").await?;
        browser.until(ROWS, "<b>Ada</b>").await?;
        browser.until(NEEDY, "=1+1: hand up").await?;
        browser.click("#needy a").await?;
        let target = "return document.querySelector('tr:target').innerText";
        browser.until(target, "=1+1").await?;
        if browser.count("#rows b, #needy b").await? != 0 {
            return Err("a name became HTML".into());
        }
        let failing = "return document.getElementById('failing').innerText";
        let sentence = "1 in step 3: refuses a request without a token. Mostly: the server let the request in.";
        browser.until(failing, sentence).await?;
        let invented = json!({"seq": 3, "verdict": {"step": 3, "passed": 0, "checks": 9, "core": false,
            "minutes": 1, "failing": "bob_was_here", "mistake": "ada-was-here"}});
        report(&room.board, &bob, &invented)?;
        browser.until(failing, "1 in step 3: a check that this course does not have.").await?;
        browser.until(ROWS, "a check that this course does not have").await?;
        let page = browser.run("return document.body.innerText").await?.to_string();
        if ["bob_was", "bob was", "ada-was", "ada was"].iter().any(|words| page.contains(words)) {
            return Err("the page says what a learner made up".into());
        }
        no_rule_is_broken(&browser, "class").await?;

        browser.type_keys("#go-to input", "4".to_owned()).await?;
        browser.click("#go-to button").await?;
        browser.until("return document.getElementById('asked').innerText", "step 4").await?;
        let solves = json!({"seq": 4, "verdict": {"step": 2, "passed": 9, "checks": 9, "core": true, "minutes": 17}});
        report(&room.board, &bob, &solves)?;
        let steps = "return document.getElementById('step-rows').innerText";
        let course = course()?;
        let planned = &course.step("2")?.minutes;
        browser.until(steps, &format!("2\t1\t–\t{}\t–\t{}", planned.core, planned.all)).await?;
        let notice = report(&room.board, &ada, &fails(2, 3))?;
        if notice["go_to"] != 4 {
            return Err(format!("the learner is told {notice}").into());
        }

        let csv = csv(&browser).await?;
        if !csv.contains("\"'=1+1\"") {
            return Err(format!("a formula in the spreadsheet: {csv}").into());
        }

        room.cut();
        browser.until(CONNECTION, "trying again").await?;
        room.start_again()?;
        browser.until(CONNECTION, "Live.").await?;
        for number in 0..38 {
            join(&room.board, &room.code, &format!("Learner {number}"))?;
        }
        let count = "return String(document.getElementById('rows').children.length)";
        browser.until(count, "40").await?;
        browser.until(ROWS, "<b>Ada</b>").await?;

        browser.go(room.address()).await?;
        browser.click("input[value=show]").await?;
        log_in(&browser, &room.password).await?;
        browser.until("return document.getElementById('count').innerText", "40").await?;
        let shown = browser.run("return document.body.innerText").await?.to_string();
        if shown.contains("Ada") || !shown.contains(&room.code[..4]) {
            return Err(format!("on the projector: {shown}").into());
        }
        no_rule_is_broken(&browser, "projector").await?;
        Ok(browser)
    });
}

/// What does not fit on the page, in words: whatever is wider than the window, and text that is wider than its cell.
const CUT: &str = r"
    const width = document.documentElement.clientWidth;
    const cut = [];
    if (document.documentElement.scrollWidth > width) cut.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('body *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const hides = element.matches('th, td') || getComputedStyle(element).overflowX !== 'visible';
      const sticksOut = hides && element.scrollWidth > element.clientWidth + 1;
      if (sticksOut || box.left < 0 || box.right > width + 1) cut.push(`${element.tagName} ${element.textContent.slice(0, 60)}`);
    }
    return cut.slice(0, 5).join('; ');";

async fn nothing_is_cut(browser: &Browser, what: &str) -> Result<(), Failure> {
    let cut = browser.run(CUT).await?;
    if cut == "" { Ok(()) } else { Err(format!("{what}: {cut}").into()) }
}

/// Names of the course: of checks, the shortest among them and the longest; and of the mistake with the longest name.
const CHECKS: [&str; 3] = [
    "lists_the_items",
    "refuses_a_request_without_a_token",
    "accepts_a_token_of_another_server_with_the_same_secret",
];
const MISTAKE: &str = "invalid-request-for-another-grant-type";

fn verdicts() -> Value {
    let fails = |check: &str, finding: &str, mistake: Option<&str>| {
        json!({"step": 3, "passed": 4, "checks": 9, "core": false, "failing": check, "finding": finding,
            "mistake": mistake})
    };
    json!([
        fails(CHECKS[0], "document", None),
        fails(CHECKS[1], "let_in", None),
        fails(CHECKS[2], "kept_out", Some(MISTAKE)),
        {"step": 2, "passed": 9, "checks": 9, "core": true},
    ])
}

const COUNT: &str = "return document.getElementById('count').innerText";

/// The row with this number is in the middle of the window, and the cursor on it.
async fn point_at_row(browser: &Browser, row: usize) -> Result<(), Failure> {
    let middle = format!(
        "const row = document.getElementById('rows').children[{row}];
         row.scrollIntoView({{ block: 'center' }});
         const box = row.getBoundingClientRect();
         return [box.x + box.width / 2, box.y + box.height / 2]"
    );
    let (x, y) = serde_json::from_value(browser.run(&middle).await?)?;
    browser.point_at(x, y).await
}

/// How far the row is from the window's top.
async fn top(browser: &Browser, row: usize) -> Result<f64, Failure> {
    let top = format!(
        "return document.getElementById('rows').children[{row}].getBoundingClientRect().top"
    );
    Ok(serde_json::from_value(browser.run(&top).await?)?)
}

/// While another row, or what is above the rows, becomes longer and shorter, the row under the cursor stays.
async fn the_row_under_the_cursor_stays(
    browser: &Browser,
    board: &Board,
    tokens: &[String],
    (row, first_seq): (usize, u64),
) -> Result<(), Failure> {
    let other = row - 2;
    let name = format!("return document.getElementById('rows').children[{other}].dataset.name");
    let name = browser.run(&name).await?;
    let number = name.as_str().and_then(|name| name.split(' ').find_map(|word| word.parse().ok()));
    let number: usize = number.ok_or(format!("no number in {name}"))?;
    let text = format!("return document.getElementById('rows').children[{other}].innerText");
    let long = format!("{} ({MISTAKE})", CHECKS[2].replace('_', " "));
    let short = ("9 of 9", 9, json!(null), json!(null));
    let changes = [
        short.clone(),
        (long.as_str(), 8, json!(CHECKS[2]), json!(MISTAKE)),
        ("a check that this course does not have", 8, json!("made_up"), json!(null)),
        short,
    ];
    point_at_row(browser, row).await?;
    let before = top(browser, row).await?;
    for (seq, (shown, passed, failing, mistake)) in (first_seq..).zip(changes) {
        let verdict = json!({"step": 9, "passed": passed, "checks": 9, "core": true, "minutes": 7,
            "failing": failing, "mistake": mistake});
        report(board, &tokens[number], &json!({"seq": seq, "verdict": verdict}))?;
        browser.until(&text, shown).await?;
        let after = top(browser, row).await?;
        if (before - after).abs() > 1.0 {
            return Err(format!("row {row} moved from {before} to {after} ({shown})").into());
        }
    }
    Ok(())
}

#[test]
fn forty_and_four_hundred_rows_fit_and_stay() {
    with_browser(async |browser| {
        let room = room(&browser).await?;
        let (mut tokens, mut seq) = (Vec::new(), 3);
        for learners in [40, 400] {
            browser.go(room.address()).await?;
            tokens.extend(fill(&browser, &room.code, tokens.len()..learners, &verdicts()).await?);
            browser.click("input[value=show]").await?;
            log_in(&browser, &room.password).await?;
            browser.until(COUNT, &learners.to_string()).await?;
            nothing_is_cut(&browser, &format!("the projector, with {learners}")).await?;

            browser.go(room.address()).await?;
            log_in(&browser, &room.password).await?;
            browser.until(COUNT, &learners.to_string()).await?;
            nothing_is_cut(&browser, &format!("{learners} rows without names")).await?;
            browser.click("#names").await?;
            nothing_is_cut(&browser, &format!("{learners} rows with names")).await?;
            for row in [2, learners / 2, learners - 1] {
                the_row_under_the_cursor_stays(&browser, &room.board, &tokens, (row, seq)).await?;
                seq += 4;
            }
        }
        Ok(browser)
    });
}
