//! The token endpoint, row by row (RFC 6749 §4.3, §5): asked of step 5 and of every step after it.

use harness::{Failure, Request, Server, check, check_afresh, exchange};

const GOOD: [(&str, &str); 3] =
    [("grant_type", "password"), ("username", "alice"), ("password", "wonderland")];

fn login<'s>(server: &'s Server, fields: &[(&str, &str)]) -> Request<'s> {
    server.post("/token").form(fields)
}

#[test]
fn answers_a_good_login_with_a_token() {
    check(|server| exchange!(login(server, &GOOD)));
}

/// The request of Swagger UI 5.32.6 in Chromium, without the headers that every browser adds.
#[test]
fn answers_the_login_that_swagger_ui_sends() {
    check(|server| {
        let request = server
            .post("/token")
            .header("authorization", "Basic Og==")
            .header("x-requested-with", "XMLHttpRequest")
            .header("accept", "application/json, text/plain, */*")
            .form(&GOOD)
            .byte_by_byte();
        exchange!(request)
    });
}

#[test]
fn accepts_empty_client_fields_and_an_empty_scope() {
    check(|server| {
        let extra = [("scope", ""), ("client_id", ""), ("client_secret", "")];
        exchange!(login(server, &[&GOOD[..], &extra].concat()))
    });
}

#[test]
fn accepts_a_form_that_names_its_charset() {
    check(|server| {
        let body = "grant_type=password&username=alice&password=wonderland";
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        exchange!(server.post("/token").body(content_type, body))
    });
}

#[test]
fn refuses_a_wrong_password() {
    check(|server| {
        exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "Wonderland")]))?;
        exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "wonderland ")]))
    });
}

#[test]
fn refuses_the_password_of_somebody_else() {
    check(|server| exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "christmas")])));
}

#[test]
fn refuses_a_name_in_other_letters() {
    check(|server| {
        exchange!(login(server, &[GOOD[0], ("username", "ALICE"), GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], ("username", " alice"), GOOD[2]]))
    });
}

#[test]
fn answers_an_unknown_user_like_a_wrong_password() {
    check(|server| {
        let wrong = login(server, &[GOOD[0], GOOD[1], ("password", "wrong")]).send()?;
        let unknown = exchange!(login(server, &[GOOD[0], ("username", "mallory"), GOOD[2]]))?;
        let headers = |headers: &[(String, Vec<u8>)]| {
            let same = |(name, _): &&(String, Vec<u8>)| name != "date";
            headers.iter().filter(same).cloned().collect::<Vec<_>>()
        };
        let same = wrong.response.status == unknown.response.status
            && wrong.response.body == unknown.response.body
            && headers(&wrong.response.headers) == headers(&unknown.response.headers);
        if same { Ok(()) } else { Err(unknown.differs_from(&wrong)) }
    });
}

#[test]
fn refuses_a_missing_field() {
    check(|server| {
        exchange!(login(server, &[GOOD[1], GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], GOOD[1]]))
    });
}

#[test]
fn refuses_an_empty_field() {
    check(|server| {
        exchange!(login(server, &[("grant_type", ""), GOOD[1], GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], ("username", ""), GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "")]))
    });
}

#[test]
fn refuses_a_field_sent_twice() {
    check(|server| {
        exchange!(login(server, &[GOOD[0], GOOD[0], GOOD[1], GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], GOOD[1], ("username", "carol"), GOOD[2]]))?;
        exchange!(login(server, &[GOOD[0], GOOD[1], GOOD[2], ("password", "guess")]))
    });
}

#[test]
fn refuses_json_in_place_of_a_form() {
    check(|server| {
        let body = r#"{"grant_type": "password", "username": "alice", "password": "wonderland"}"#;
        exchange!(server.post("/token").body("application/json", body))
    });
}

#[test]
fn refuses_a_request_without_a_form() {
    check(|server| exchange!(server.post("/token")));
}

#[test]
fn refuses_another_grant_type() {
    check(|server| {
        exchange!(login(server, &[("grant_type", "client_credentials"), GOOD[1], GOOD[2]]))?;
        exchange!(login(server, &[("grant_type", "PASSWORD"), GOOD[1], GOOD[2]]))
    });
}

#[test]
fn takes_no_password_from_the_address() {
    check(|server| {
        exchange!(server.get("/token?grant_type=password&username=alice&password=wonderland"))?;
        exchange!(server.post("/token?grant_type=password&username=alice&password=wonderland"))
    });
}

#[test]
fn keeps_passwords_out_of_its_output() {
    check_afresh(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        login(server, &[GOOD[0], GOOD[1], ("password", "mistyped-123")]).send()?;
        let printed = server.printed()?;
        let secrets = [
            ("the password `wonderland`", "wonderland"),
            ("the wrong password `mistyped-123`", "mistyped-123"),
            ("a password's hash", "$argon2"),
            ("the token that it gave out", token.text()),
        ];
        let found: Vec<&str> = secrets
            .iter()
            .filter(|(_, secret)| printed.contains(secret))
            .map(|(name, _)| *name)
            .collect();
        if found.is_empty() {
            Ok(())
        } else {
            let expected = "no password, no hash and no token in what the server prints";
            Err(Failure::new(expected, format!("it prints {}", found.join(", "))))
        }
    });
}
