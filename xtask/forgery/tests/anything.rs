//! Solution 9 gets headers, tokens and forms that nobody would write: it answers all of them, and lets
//! none of them in.

use std::{path::PathBuf, sync::LazyLock};

use forgery::Forgery;
use harness::{Request, Response, Server, Setup};
use proptest::{collection::vec, prelude::*, sample::Index};
use xtask::{
    course::{Course, Whose},
    process::compile::{self, Compiled},
};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let step = course.step("9").unwrap_or_else(|trouble| panic!("{trouble}"));
    let compiled = compile::compile(&course, step, Whose::Reference);
    let Ok(Compiled::Ready(programs)) = compiled else { panic!("solution 9 does not compile") };
    programs.server
});

/// A server for one test, which ends with it. It is given the secret of the checks, so that an honest token is let in.
fn start() -> Server {
    Setup::new().program(&PROGRAM).start().unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, ..ProptestConfig::default() }
}

fn answer(request: Request<'_>) -> Result<Response, TestCaseError> {
    match request.send() {
        Ok(exchange) => Ok(exchange.response),
        Err(failure) => Err(TestCaseError::fail(format!("no answer: {failure:?}"))),
    }
}

/// Any bytes that a header's line can contain.
fn header_value() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>().prop_filter("ends the line", |byte| !b"\r\n".contains(byte)), 0..200)
}

#[test]
fn any_authorization_header_is_refused() {
    let server = start();
    proptest!(cases(1000), |(value in header_value())| {
        let answer = answer(server.get("/items/secret").header("authorization", value))?;
        // hyper itself answers 400 to bytes that no header may hold.
        prop_assert!([400, 401].contains(&answer.status), "status {}", answer.status);
    });
}

#[test]
fn any_bearer_token_is_refused() {
    let server = start();
    proptest!(cases(1000), |(token in "[ -~]{0,300}")| {
        let answer = answer(server.get("/items/secret").bearer(token.as_str()))?;
        prop_assert_eq!(answer.status, 401);
    });
}

#[test]
fn an_honest_token_with_one_changed_character_is_refused() {
    let server = start();
    proptest!(cases(1000), |(place: Index, other in "[A-Za-z0-9_.=-]")| {
        let honest = Forgery::of("alice").token().text().to_owned();
        let place = place.index(honest.len());
        let changed = format!("{}{other}{}", &honest[..place], &honest[place + 1..]);
        let answer = answer(server.get("/items/secret").bearer(changed.as_str()))?;
        prop_assert_eq!(answer.status, if changed == honest { 200 } else { 401 });
    });
}

#[test]
fn an_honest_token_that_is_cut_is_refused() {
    let server = start();
    proptest!(cases(1000), |(from: Index, to: Index)| {
        let honest = Forgery::of("alice").token().text().to_owned();
        let (from, to) = (from.index(honest.len()), to.index(honest.len()));
        let cut = &honest[from.min(to)..from.max(to)];
        let answer = answer(server.get("/items/secret").bearer(cut))?;
        prop_assert_eq!(answer.status, 401);
    });
}

#[test]
fn any_body_is_an_invalid_request() {
    let server = start();
    proptest!(cases(1000), |(body in "[^&=]{0,300}")| {
        let form = "application/x-www-form-urlencoded";
        let answer = answer(server.post("/token").body(form, &body))?;
        prop_assert_eq!(answer.status, 400);
    });
}

#[test]
fn any_claims_are_answered() {
    let server = start();
    proptest!(cases(1000), |(claims in "\\PC{0,200}")| {
        let token = Forgery::of("alice").payload(&claims).token();
        let answer = answer(server.get("/users/me").bearer(token))?;
        prop_assert_eq!(answer.status, 401);
    });
}

#[test]
fn any_name_password_and_scope_are_refused() {
    let server = start();
    // Each of these costs an argon2 hash.
    proptest!(cases(60), |(username in "\\PC{1,40}", password in "\\PC{1,40}", scope in "\\PC{0,40}")| {
        let form = [
            ("grant_type", "password"),
            ("username", username.as_str()),
            ("password", password.as_str()),
            ("scope", scope.as_str()),
        ];
        let answer = answer(server.post("/token").form(&form))?;
        prop_assert_eq!(answer.status, 400);
    });
}
