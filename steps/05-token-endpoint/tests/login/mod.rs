//! The token endpoint, row by row (RFC 6749 §4.3, §5): asked of step 5 and of every step after it.

use harness::{Request, Secret, Server, check, check_afresh, draw, exchange, no_traces};

const GOOD: [(&str, &str); 3] =
    [("grant_type", "password"), ("username", "alice"), ("password", "wonderland")];

const FORM: &str = "application/x-www-form-urlencoded";

fn login<'s>(server: &'s Server, fields: &[(&str, &str)]) -> Request<'s> {
    server.post("/token").form(fields)
}

fn login_of<'s>(server: &'s Server, username: &str, password: &str) -> Request<'s> {
    login(server, &[GOOD[0], ("username", username), ("password", password)])
}

#[test]
fn answers_a_good_login_with_a_token() {
    check(|server| {
        let granted = exchange!(login(server, &GOOD))?;
        let encoded = "%67rant_type=%70assword&user%6Eame=%61lice&password=%77onder%6cand";
        granted.same_for(server.post("/token").body(FORM, encoded))?;
        exchange!(login_of(server, "carol", "christmas"))
    });
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
            .form(&GOOD);
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
        let good_login = || server.log_in("alice", "wonderland", "");
        let alice_can_log_in = good_login().is_ok();
        let refused = exchange!(login_of(server, "alice", "Wonderland"))?;
        exchange!(login_of(server, "alice", "wonderland "))?;
        for (name, right) in [("alice", "wonderland"), ("carol", "christmas")] {
            for near in near(right) {
                refused.same_for(login_of(server, name, &near))?;
            }
            refused.same_for(login_of(server, name, &draw::secret("password")))?;
        }
        // Somebody who guesses must not lock her out.
        if alice_can_log_in { good_login().map(drop) } else { Ok(()) }
    });
}

/// Other passwords that a careless comparison takes for this one.
fn near(right: &str) -> Vec<String> {
    let length = 1 + draw::below(right.len() - 1);
    let place = draw::below(right.len());
    let capital = right[place..=place].to_uppercase();
    let drawn = [
        right[..length].to_owned(),
        right[length..].to_owned(),
        format!("{right}{}", draw::letters("end", 1)),
        format!("{}{right}", draw::letters("beginning", 1)),
        [&right[..place], &capital, &right[place + 1..]].concat(),
    ];
    let mut near = drawn.map(|password| draw::noted("password", password)).to_vec();
    near.extend([
        format!(" {right}"),
        format!("{right}\n"),
        format!("\t{right}"),
        format!("{right}\0"),
        format!("é{right}"),
    ]);
    near
}

#[test]
fn refuses_the_password_of_somebody_else() {
    check(|server| {
        let refused = exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "christmas")]))?;
        let passwords = [("alice", "wonderland"), ("carol", "christmas"), ("bob", "builder")];
        for (owner, password) in passwords {
            for name in ["alice", "carol", "bob"] {
                if name != owner {
                    refused.same_for(login_of(server, name, password))?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn refuses_a_name_in_other_letters() {
    check(|server| {
        exchange!(login(server, &[GOOD[0], ("username", "ALICE"), GOOD[2]]))?;
        let refused = exchange!(login(server, &[GOOD[0], ("username", " alice"), GOOD[2]]))?;
        let end = draw::letters("end", 2);
        let place = 1 + draw::below(4);
        for name in ["alice ", &"alice"[..place], &format!("alice{end}"), &format!("{end}alice")] {
            refused.same_for(login(server, &[GOOD[0], ("username", name), GOOD[2]]))?;
        }
        Ok(())
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
        let drawn = [draw::letters("name", 8), draw::secret("password")];
        let drawn = [GOOD[0], ("username", &drawn[0]), ("password", &drawn[1])];
        let short = |name: &str| login_of(server, name, "wonderland").send();
        for unknown in [unknown, login(server, &drawn).send()?, short("x")?, short("é")?] {
            let same = wrong.response.status == unknown.response.status
                && wrong.response.body == unknown.response.body
                && headers(&wrong.response.headers) == headers(&unknown.response.headers);
            if !same {
                return Err(unknown.differs_from(&wrong));
            }
        }
        Ok(())
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
        let refused = exchange!(login(server, &[GOOD[0], GOOD[1], ("password", "")]))?;
        refused.same_for(login_of(server, "carol", ""))?;
        refused.same_for(login_of(server, "bob", ""))
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
        let refused = exchange!(login(server, &[("grant_type", "PASSWORD"), GOOD[1], GOOD[2]]))?;
        let others =
            ["authorization_code", "refresh_token", "implicit", "passwords", "pass", "password "];
        let grant_type = draw::one_of("grant type", &others);
        for name in ["alice", "carol", "bob"] {
            let form = [("grant_type", &*grant_type), ("username", name), GOOD[2]];
            refused.same_for(login(server, &form))?;
        }
        Ok(())
    });
}

#[test]
fn takes_no_password_from_the_query() {
    check(|server| {
        exchange!(server.get("/token?grant_type=password&username=alice&password=wonderland"))?;
        exchange!(server.post("/token?grant_type=password&username=alice&password=wonderland"))
    });
}

#[test]
fn keeps_passwords_out_of_its_output() {
    check_afresh(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        let carols = server.log_in("carol", "christmas", "")?;
        let drawn = |of: &str| Secret::new(format!("the password of {of}"), draw::secret(of));
        let wrong = drawn("a wrong login");
        login_of(server, "alice", &wrong.value).send()?;
        let wrong_of_carol = drawn("carol's wrong login");
        login_of(server, "carol", &wrong_of_carol.value).send()?;
        let unknown = drawn("an unknown user");
        login(server, &[GOOD[0], ("username", "mallory"), ("password", &unknown.value)]).send()?;
        let other = drawn("another grant");
        let grant = ("grant_type", "client_credentials");
        login(server, &[grant, GOOD[1], ("password", &other.value)]).send()?;
        let nameless = drawn("a login without a name");
        login(server, &[GOOD[0], ("username", ""), ("password", &nameless.value)]).send()?;
        let twice = drawn("a form that has it twice");
        login(server, &[&GOOD[..], &[("password", &twice.value)]].concat()).send()?;
        let json = drawn("a login in JSON");
        let body = format!(
            r#"{{"grant_type": "password", "username": "alice", "password": "{}"}}"#,
            json.value
        );
        server.post("/token").body("application/json", &body).send()?;
        let secrets = [
            Secret::new("the password `wonderland`", "wonderland"),
            Secret::new("the password `christmas`", "christmas"),
            Secret::new("a password's hash", "$argon2"),
            Secret::new("alice's token", token.text()),
            Secret::new("carol's token", carols.text()),
            wrong,
            wrong_of_carol,
            unknown,
            other,
            nameless,
            twice,
            json,
        ];
        no_traces("no password, no hash and no token", &server.printed()?, &secrets)
    });
}
