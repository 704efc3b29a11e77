//! Signed tokens, honest and forged (RFC 7519, RFC 8725): asked of step 8 and of every step after it.

mod secret;

use std::time::{Duration, SystemTime};

use forgery::{Forgery, encoded, is_signed_with, is_signed_with_the_secret};
use harness::{
    Exchange, Failure, SECRET, Secret, Server, Setup, Token, check, check_afresh, check_over_time,
    check_program, draw, exchange, no_traces, wait_until,
};
use serde_json::{Value, json};

use crate::hashes::users;

fn secret(server: &Server, token: Token) -> harness::Request<'_> {
    server.get("/items/secret").bearer(token)
}

#[test]
fn signs_its_tokens_with_the_secret() {
    check(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        if is_signed_with_the_secret(token.text()) {
            Ok(())
        } else {
            let expected = "a token signed by HS256 with JWT_SECRET";
            Err(Failure::new(expected, format!("`{}`", token.text())))
        }
    });
}

#[test]
fn accepts_a_token_of_another_server_with_the_same_secret() {
    check(|first| {
        let second = Setup::new().start()?;
        let token = first.log_in("alice", "wonderland", "")?;
        exchange!(second.get("/items/secret").bearer(&token))
    });
}

#[test]
fn accepts_an_honest_token() {
    check(|server| {
        let accepted = exchange!(secret(server, Forgery::of("alice").token()))?;
        accepted.same_for(secret(server, Forgery::of("carol").token()))?;
        accepted.same_for(secret(server, Forgery::of("alice").expires_in(5).token()))?;
        let days = i64::from(u8::try_from(1 + draw::below(30)).unwrap_or_default());
        let later = Forgery::of("alice").expires_in(days * 86_400);
        accepted.same_for(secret(server, later.token()))?;
        let others = Setup::new().users(users(&[("bob", NOBODYS_HASH)])).start()?;
        accepted.same_for(secret(&others, Forgery::of("bob").token()))
    });
}

/// A server that remembers that a token was good still has to look at its end.
#[test]
fn asks_for_the_end_of_a_token_at_every_use() {
    check_over_time(|| {
        let server = Setup::new().start()?;
        let (token, end) = about_to_end(&server)?;
        wait_until(end + Duration::from_secs(1));
        exchange!(secret(&server, token))
    });
}

/// A token that the server has accepted, and the second in which it ends.
fn about_to_end(server: &Server) -> Result<(Token, SystemTime), Failure> {
    const TRIES: usize = 5;
    let mut tries = 0;
    loop {
        tries += 1;
        let second = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(second + 1);
        let token = Forgery::of("alice").claim("exp", json!(second + 1)).token();
        let shown =
            |words: &str| Token::not_by_hand(token.text(), format!("<a token of alice, {words}>"));
        let exchange = secret(server, shown("exp in 1 s")).send()?;
        // A machine too slow for that has let the second pass.
        if exchange.response.status == 200 {
            return Ok((shown("good at its first use, exp 1 s ago"), end));
        }
        if SystemTime::now() < end || tries == TRIES {
            return Err(exchange.failure("200, since the token ends in the next second"));
        }
    }
}

/// `exp` is counted from each login, not from the start of the server.
#[test]
fn counts_the_lifetime_from_each_login() {
    check_over_time(|| {
        let server = Setup::new().start()?;
        let end = |token: &Token| {
            let claims = forgery::claims(token.text()).unwrap_or_default();
            claims.get("exp").and_then(Value::as_f64)
        };
        let first = server.log_in("alice", "wonderland", "")?;
        wait_until(SystemTime::now() + Duration::from_millis(1100));
        let second = server.log_in("alice", "wonderland", "")?;
        match (end(&first), end(&second)) {
            (Some(first), Some(second)) if second > first => Ok(()),
            (first, second) => {
                let shown =
                    |exp: Option<f64>| exp.map_or("no exp".to_owned(), |exp| exp.to_string());
                let expected =
                    "a token whose `exp` is later than that of a token from a second before";
                Err(Failure::new(expected, format!("{}, then {}", shown(first), shown(second))))
            }
        }
    });
}

/// RFC 7519 §4: claims that are not understood must be ignored.
#[test]
fn ignores_claims_that_it_does_not_know() {
    check(|server| {
        exchange!(secret(server, Forgery::of("alice").time("nbf", -60).token()))?;
        exchange!(secret(server, Forgery::of("alice").claim("jti", json!("7")).token()))
    });
}

#[test]
fn refuses_a_token_without_a_signature() {
    check(|server| {
        for algorithm in ["none", "None", "NONE", "nOnE"] {
            exchange!(secret(server, Forgery::of("alice").unsigned(algorithm).token()))?;
        }
        let cut =
            |token: &str| token.rsplit_once('.').map_or("", |(signed, _)| signed).to_owned() + ".";
        exchange!(secret(server, Forgery::of("alice").changed("its signature cut off", cut)))
    });
}

#[test]
fn refuses_another_algorithm() {
    check(|server| {
        exchange!(secret(server, Forgery::of("alice").hs384().token()))?;
        exchange!(secret(server, Forgery::of("alice").hs512().token()))
    });
}

#[test]
fn refuses_a_token_signed_with_another_key() {
    check(|server| {
        for key in
            ["", "secret", "changeme", "your-256-bit-secret", "another key of thirty-two bytes!"]
        {
            exchange!(secret(server, Forgery::of("alice").signed_with(key).token()))?;
        }
        let refused = secret(server, Forgery::of("alice").signed_with("").token()).send()?;
        for length in [1, 16, SECRET.len() - 1] {
            let part = Forgery::of("alice").signed_with(&SECRET[..length]);
            refused.same_for(secret(server, part.token()))?;
        }
        let key = draw::letters("key", 32);
        refused.same_for(secret(server, Forgery::of("alice").signed_with(&key).token()))?;
        // Of a longer secret all bytes are the key, too.
        let key = draw::letters("key", 96);
        let other = Setup::new().with("JWT_SECRET", &key).start()?;
        for length in [32, 64] {
            let part = Forgery::of("alice").signed_with(&key[..length]);
            refused.same_for(secret(&other, part.token()))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_claims_that_were_changed_after_signing() {
    check(|server| {
        let claims = Forgery::of("carol").token();
        let exchange = |token: &str| {
            let parts: Vec<&str> = token.split('.').collect();
            let other: Vec<&str> = claims.text().split('.').collect();
            [parts[0], other[1], parts[2]].join(".")
        };
        exchange!(secret(server, Forgery::of("alice").changed("with carol's claims", exchange)))
    });
}

#[test]
fn refuses_an_expired_token() {
    check(|server| {
        exchange!(secret(server, Forgery::of("alice").expires_in(-86_400).token()))?;
        exchange!(secret(server, Forgery::of("alice").expires_in(-30).token()))?;
        exchange!(secret(server, Forgery::of("alice").expires_in(-1).token()))
    });
}

#[test]
fn refuses_a_token_that_does_not_expire() {
    check(|server| exchange!(secret(server, Forgery::of("alice").without("exp").token())));
}

#[test]
fn refuses_an_exp_that_is_no_number() {
    check(|server| {
        for exp in [json!("9999999999"), json!(null), json!(-1)] {
            exchange!(secret(server, Forgery::of("alice").claim("exp", exp).token()))?;
        }
        Ok(())
    });
}

#[test]
fn accepts_an_exp_in_the_year_9999() {
    check(|server| {
        let exp = json!(253_402_300_799_u64);
        exchange!(secret(server, Forgery::of("alice").claim("exp", exp).token()))
    });
}

#[test]
fn refuses_a_token_before_its_time() {
    check(|server| exchange!(secret(server, Forgery::of("alice").time("nbf", 600).token())));
}

#[test]
fn refuses_a_token_for_somebody_else() {
    check(|server| {
        exchange!(secret(server, Forgery::of("alice").claim("aud", json!("another-api")).token()))
    });
}

#[test]
fn refuses_a_token_that_names_no_user() {
    check(|server| {
        exchange!(secret(server, Forgery::of("alice").without("sub").token()))?;
        for sub in [json!(null), json!(1), json!(["alice"]), json!("")] {
            exchange!(secret(server, Forgery::of("alice").claim("sub", sub).token()))?;
        }
        Ok(())
    });
}

/// An argon2id hash of little cost, of a password that nobody knows.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$bm90IGEgcGFzc3dvcmQ";

/// A row without a name in the table must not be what a token without a name means.
#[test]
fn takes_no_missing_name_for_an_empty_one() {
    check_program(|| {
        let nameless = json!([{
            "username": "",
            "full_name": "",
            "password_hash": NOBODYS_HASH,
            "disabled": false,
            "scopes": [],
        }]);
        let server = Setup::new().users(nameless).start()?;
        exchange!(secret(&server, Forgery::of("alice").without("sub").token()))
    });
}

#[test]
fn refuses_a_token_of_an_unknown_user() {
    check(|server| {
        let refused = exchange!(secret(server, Forgery::of("mallory").token()))?;
        let (name, end) = (draw::letters("name", 6), draw::letters("end", 1));
        for name in [&name, "ALICE", "Alice", " alice", "alic", &format!("alice{end}"), "*", "null"]
        {
            refused.same_for(secret(server, Forgery::of(name).token()))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_a_token_of_a_disabled_user() {
    check(|server| {
        let refused = exchange!(secret(server, Forgery::of("bob").token()))?;
        let mut others = users(&[("alice", NOBODYS_HASH), ("carol", NOBODYS_HASH)]);
        for user in others.as_array_mut().into_iter().flatten() {
            user["disabled"] = json!(true);
        }
        let server = Setup::new().users(others).start()?;
        refused.same_for(secret(&server, Forgery::of("alice").token()))?;
        refused.same_for(secret(&server, Forgery::of("carol").token()))
    });
}

#[test]
fn refuses_a_token_of_more_or_fewer_parts() {
    check(|server| {
        let alice = Forgery::of("alice");
        let fewer = |token: &str| token.rsplit_once('.').map_or("", |(first, _)| first).to_owned();
        exchange!(secret(
            server,
            alice.changed("with a fourth part", |token| format!("{token}.x"))
        ))?;
        exchange!(secret(server, alice.changed("with two parts", fewer)))?;
        exchange!(secret(server, Token::from("..")))
    });
}

#[test]
fn refuses_a_token_with_padding() {
    check(|server| {
        exchange!(secret(
            server,
            Forgery::of("alice").changed("and a `=`", |token| format!("{token}="))
        ))
    });
}

#[test]
fn refuses_claims_that_are_no_object() {
    check(|server| {
        for payload in [r#"["alice"]"#, "null", "alice", ""] {
            exchange!(secret(server, Forgery::of("alice").payload(payload).token()))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_parts_that_are_no_json() {
    check(|server| {
        let part = encoded("alice");
        exchange!(secret(server, Token::from(format!("{part}.{part}.{part}").as_str())))?;
        exchange!(secret(server, Token::from("undefined")))
    });
}

#[test]
fn refuses_a_token_of_64_kib() {
    check(|server| {
        let token = Token::new("x".repeat(64 * 1024), "<64 KiB of x>");
        exchange!(secret(server, token))
    });
}

#[test]
fn draws_a_secret_when_it_is_given_none() {
    check_program(|| {
        let setup = Setup::new().without("JWT_SECRET");
        let (first, second) = (setup.start()?, setup.start()?);
        let token = first.log_in("alice", "wonderland", "")?;
        exchange!(first.get("/items/secret").bearer(&token))?;
        if second.get("/items/secret").bearer(&token).send()?.response.status == 200 {
            let expected =
                "two servers without JWT_SECRET, the second of which refuses a token of the first";
            return Err(Failure::new(expected, "it lets the token in: both sign with one key"));
        }
        exchange!(second.get("/items/secret").bearer(&token))?;
        // A server that has been asked for `/items/secret` may have logged that word.
        let third = setup.start()?;
        third.log_in("alice", "wonderland", "")?;
        third.has_said(&["secret", "random", "key"], "a line that says that JWT_SECRET is not set")
    });
}

/// A key that others can guess is none: it must not be made of what is known of the process.
#[test]
fn draws_a_secret_that_nobody_guesses() {
    check_program(|| {
        let server = Setup::new().without("JWT_SECRET").start()?;
        let token = server.log_in("alice", "wonderland", "")?;
        let id = server.process_id();
        let numbers = [u64::from(id), u64::from(id) + 1, 0, 1].into_iter().chain(seconds_around());
        for number in numbers {
            for key in keys_of(number) {
                if is_signed_with(&key, token.text()) {
                    let expected = "a key that is drawn from random bytes";
                    return Err(Failure::new(expected, format!("a key made of a number: `{key}`")));
                }
            }
        }
        Ok(())
    });
}

/// The server started in one of these.
fn seconds_around() -> impl Iterator<Item = u64> {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    now - 15..=now
}

/// Keys that people make of a number, so that they are long enough.
fn keys_of(number: u64) -> [String; 12] {
    let hex = format!("{number:x}");
    [
        number.to_string(),
        format!("{number:0>32}"),
        format!("{number:0<32}"),
        format!("{number:032x}"),
        format!("{number:0>64}"),
        format!("{number:064x}"),
        format!("{number:>32}"),
        format!("{number:<32}"),
        number.to_string().repeat(32),
        hex.repeat(32),
        number.to_string().repeat(32)[..32].to_owned(),
        hex.repeat(32)[..32].to_owned(),
    ]
}

#[test]
fn keeps_a_drawn_secret_to_itself() {
    check_program(|| {
        let server = Setup::new().without("JWT_SECRET").start()?;
        let token = server.log_in("alice", "wonderland", "")?;
        let printed = server.printed()?;
        let mut words = printed.split(|c: char| !c.is_ascii_alphanumeric());
        if words.any(|word| is_signed_with(word, token.text())) {
            Err(Failure::new(
                "no key in what the server prints, not even one it has drawn",
                printed,
            ))
        } else {
            Ok(())
        }
    });
}

#[test]
fn refuses_to_start_with_a_short_secret() {
    check_program(|| {
        for short in ["", "thirty-one bytes are not enough"] {
            let ended = Setup::new().with("JWT_SECRET", short).run(&[])?;
            ended.refuses(&format!("JWT_SECRET=`{short}`"), &[], Some(short))?;
        }
        Ok(())
    });
}

#[test]
fn keeps_the_secret_out_of_its_output() {
    check_afresh(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        server.get("/items/secret").bearer(&token).send()?;
        server.get("/items/secret").bearer("garbage").send()?;
        let expired = Forgery::of("alice").expires_in(-60).token();
        server.get("/items/secret").bearer(expired).send()?;
        let secret = Secret::new("the JWT_SECRET", SECRET);
        no_traces("no JWT_SECRET", &server.printed()?, &[secret])
    });
}

#[test]
fn keeps_good_tokens_out_of_its_output() {
    check_afresh(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        server.get("/items/secret").bearer(&token).send()?;
        let stranger = Forgery::of("alice").expires_in(600).token();
        server.get("/items/secret").bearer(&stranger).send()?;
        let token = Secret::new("the token that it gave out", token.text());
        let stranger = Secret::new("a token that another server gave out", stranger.text());
        no_traces("no token", &server.printed()?, &[token, stranger])
    });
}

/// Anyone who has a token can read it, so it must not contain what its holder may not know.
#[test]
fn puts_nothing_private_into_a_token() {
    check(|server| {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", "wonderland")];
        let exchange: Exchange = server.post("/token").form(&form).send()?;
        let Some(claims) = claims(&exchange) else {
            return Err(exchange.failure("a JWT, with nothing private in its claims"));
        };
        let private =
            [("password", "wonderland"), ("stored hash", "$argon2"), ("full name", "Liddell")];
        for (name, claim) in claims {
            let text = claim.to_string();
            if let Some((what, _)) = private.iter().find(|(_, value)| text.contains(value)) {
                let expected = format!("no {what} in a token: the claim `{name}` has alice's");
                return Err(exchange.failure(expected));
            }
        }
        Ok(())
    });
}

fn claims(exchange: &Exchange) -> Option<serde_json::Map<String, Value>> {
    let token = exchange.response.json()?.get("access_token")?.as_str()?.to_owned();
    forgery::claims(&token)
}
