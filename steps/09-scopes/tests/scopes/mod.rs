//! What a token may do (RFC 6749 §3.3, RFC 6750 §3.1): asked of step 9 and of every step after it.

mod agreement;
mod grammar;

use forgery::Forgery;
use harness::{
    Exchange, Failure, Server, Setup, Token, check, check_program, draw, exchange,
    scopes_of_challenge,
};
use serde_json::{Value, json};

use crate::hashes::users;

/// Carol's password, hashed as in `users.json`.
const CHRISTMAS: &str = "$argon2id$v=19$m=19456,t=2,p=1$yejqS41MixR9Kah+DfA77w$vmrd9FF/4fhhUjvO+HRgxeoir6KFP+R5lKMUi5jPv8o";

fn login<'s>(server: &'s Server, username: &str, scope: &str) -> harness::Request<'s> {
    let password = if username == "alice" { "wonderland" } else { "christmas" };
    let form = [
        ("grant_type", "password"),
        ("scope", scope),
        ("username", username),
        ("password", password),
    ];
    server.post("/token").form(&form)
}

fn with_scope(scope: &str) -> Token {
    Forgery::of("alice").claim("scope", json!(scope)).token()
}

#[test]
fn grants_the_scopes_that_are_asked_for() {
    check(|server| {
        exchange!(login(server, "alice", "me items"))?;
        let carol = login(server, "carol", "me").send()?;
        if carol.response.json().unwrap_or_default()["scope"] == "me" {
            Ok(())
        } else {
            Err(carol.failure("200 and `scope`: `me`, which carol has asked for, and may have"))
        }
    });
}

#[test]
fn grants_no_more_than_is_asked_for() {
    check(|server| exchange!(login(server, "alice", "me")));
}

#[test]
fn grants_nothing_when_nothing_is_asked_for() {
    check(|server| {
        // What somebody was granted earlier is not granted again.
        login(server, "alice", "me items").send()?;
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(login(server, "alice", ""))?;
        exchange!(server.get("/users/me").bearer(&alice))
    });
}

#[test]
fn refuses_a_scope_that_the_user_does_not_have() {
    check(|server| {
        exchange!(login(server, "carol", "items"))?;
        exchange!(login(server, "carol", "me items"))
    });
}

#[test]
fn refuses_a_scope_that_nobody_has() {
    check(|server| {
        exchange!(login(server, "alice", "admin"))?;
        exchange!(login(server, "alice", "ME"))?;
        let refused = exchange!(login(server, "alice", "me,items"))?;
        for scope in similar_to("me").into_iter().chain(similar_to("items")) {
            refused.same_for(login(server, "alice", &scope))?;
            refused.same_for(login(server, "alice", &format!("me {scope}")))?;
        }
        Ok(())
    });
}

/// Scopes that a careless comparison takes for this one.
fn similar_to(scope: &str) -> Vec<String> {
    let (end, beginning) = (draw::letters("end", 2), draw::letters("beginning", 2));
    let drawn = [
        format!("{scope}{end}"),
        format!("{beginning}{scope}"),
        format!("{scope}-{end}"),
        format!("{beginning}:{scope}"),
        format!("{scope}{scope}"),
        scope[..scope.len() - 1].to_owned(),
        scope[1..].to_owned(),
        [&scope[..1].to_uppercase(), &scope[1..]].concat(),
        scope.to_uppercase(),
    ];
    drawn.map(|scope| draw::noted("scope", scope)).to_vec()
}

/// Carol's scopes here are other words than those of the routes, and contain them.
#[test]
fn grants_whole_words_only() {
    check_program(|| {
        let carol = json!([{
            "username": "carol",
            "full_name": "Carol Singer",
            "password_hash": CHRISTMAS,
            "disabled": false,
            "scopes": ["names", "items-readonly"],
        }]);
        let server = Setup::new().users(carol).start()?;
        exchange!(login(&server, "carol", "items"))?;
        exchange!(login(&server, "carol", "me"))
    });
}

/// A token that is no good stays no good, whatever it lacks besides (RFC 6750 §3.1).
#[test]
fn judges_the_token_before_its_scopes() {
    check(|server| {
        let path = "/users/me";
        exchange!(server.get(path).bearer(Forgery::of("mallory").token()))?;
        exchange!(server.get(path).bearer(Forgery::of("alice").time("exp", -60).token()))
    });
}

#[test]
fn refuses_scope_sent_twice() {
    check(|server| {
        let form = [
            ("grant_type", "password"),
            ("scope", "me"),
            ("scope", "items"),
            ("username", "alice"),
            ("password", "wonderland"),
        ];
        exchange!(server.post("/token").form(&form))
    });
}

#[test]
fn checks_the_password_before_the_scope() {
    check(|server| {
        let form = [
            ("grant_type", "password"),
            ("scope", "admin"),
            ("username", "alice"),
            ("password", "wrong"),
        ];
        exchange!(server.post("/token").form(&form))
    });
}

#[test]
fn lists_your_own_items() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "me items")?;
        exchange!(server.get("/users/me/items").bearer(&alice))?;
        let bobs = with_bob()?.get("/users/me/items").bearer(of_bob("me items")).send()?;
        if bobs.response.json().unwrap_or_default()[0]["owner"] == "bob" {
            Ok(())
        } else {
            Err(bobs.failure("200 and items whose `owner` is `bob`"))
        }
    });
}

/// A server whose only user is bob, and not disabled.
fn with_bob() -> Result<Server, Failure> {
    Setup::new().users(users(&[("bob", CHRISTMAS)])).start()
}

fn of_bob(scope: &str) -> Token {
    Forgery::of("bob").claim("scope", json!(scope)).token()
}

#[test]
fn refuses_a_token_without_the_scope() {
    check(|server| {
        exchange!(server.get("/users/me").bearer(Forgery::of("alice").token()))?;
        exchange!(server.get("/users/me").bearer(with_scope("items")))
    });
}

/// What a token may do is in the token: a client must not add to it.
#[test]
fn takes_no_scope_from_the_request() {
    check(|server| {
        let token = || Forgery::of("alice").token();
        let refused = exchange!(server.get("/users/me/items?scope=me+items").bearer(token()))?;
        for name in ["scopes", "scp", "permissions", "required"] {
            let query = format!("/users/me/items?{name}=me%20items");
            refused.same_for(server.get(&query).bearer(token()))?;
        }
        for name in ["x-scope", "x-scopes", "scope", "scopes", "x-oauth-scopes", "x-oauth-scope"] {
            let request = server.get("/users/me/items").bearer(token()).header(name, "me items");
            refused.same_for(request)?;
        }
        let cookie = "scope=me items; scopes=me items";
        refused.same_for(server.get("/users/me/items").bearer(token()).header("cookie", cookie))
    });
}

#[test]
fn refuses_a_user_who_lacks_the_scope() {
    check(|server| {
        let carol = server.log_in("carol", "christmas", "me")?;
        let refused = exchange!(server.get("/users/me/items").bearer(&carol))?;
        refused.same_for(with_bob()?.get("/users/me/items").bearer(of_bob("me")))
    });
}

#[test]
fn asks_for_every_scope_of_a_route() {
    check(|server| {
        let only_me = exchange!(server.get("/users/me/items").bearer(with_scope("me")))?;
        only_me.same_for(server.get("/users/me/items").bearer(with_scope("me me")))?;
        exchange!(server.get("/users/me/items").bearer(with_scope("items")))?;
        exchange!(server.get("/users/me/items").bearer(with_scope("items me")))
    });
}

#[test]
fn compares_scopes_as_whole_words() {
    check(|server| {
        exchange!(server.get("/users/me/items").bearer(with_scope("names-items")))?;
        exchange!(server.get("/users/me/items").bearer(with_scope("me names-items")))?;
        exchange!(server.get("/users/me/items").bearer(with_scope("me items-readonly")))?;
        let items = server.get("/users/me/items").bearer(with_scope("names-items")).send()?;
        let me = server.get("/users/me").bearer(with_scope("names-items")).send()?;
        refuses_for_want_of_scope(&me)?;
        for scope in similar_to("me") {
            me.same_for(server.get("/users/me").bearer(with_scope(&scope)))?;
            let both = with_scope(&format!("{scope} items"));
            items.same_for(server.get("/users/me/items").bearer(both))?;
        }
        for scope in similar_to("items") {
            let both = with_scope(&format!("me {scope}"));
            items.same_for(server.get("/users/me/items").bearer(both))?;
        }
        Ok(())
    });
}

fn refuses_for_want_of_scope(exchange: &Exchange) -> Result<(), Failure> {
    let challenge = exchange.response.header("www-authenticate").unwrap_or_default();
    if exchange.response.status == 403 && challenge.contains("insufficient_scope") {
        Ok(())
    } else {
        Err(exchange.failure("403 and `insufficient_scope`, since the token lacks the scope `me`"))
    }
}

#[test]
fn minds_the_letter_case_of_scopes() {
    check(|server| exchange!(server.get("/users/me/items").bearer(with_scope("ME ITEMS"))));
}

#[test]
fn separates_scopes_by_spaces_only() {
    check(|server| exchange!(server.get("/users/me/items").bearer(with_scope("me,items"))));
}

#[test]
fn refuses_a_scope_claim_that_is_no_text() {
    check(|server| {
        for scope in [json!(["me", "items"]), json!(null), json!(7)] {
            let token = Forgery::of("alice").claim("scope", scope).token();
            exchange!(server.get("/users/me/items").bearer(token))?;
        }
        Ok(())
    });
}

#[test]
fn asks_for_a_token_at_users_me_items() {
    check(|server| exchange!(server.get("/users/me/items")));
}

#[test]
fn asks_for_no_scope_at_the_secret() {
    check(|server| exchange!(server.get("/items/secret").bearer(Forgery::of("alice").token())));
}

/// The document, the challenge and the door name the same scopes.
#[test]
fn documents_the_scopes_that_it_asks_for() {
    check(|server| {
        let document = server.document()?;
        for path in ["/users/me", "/users/me/items"] {
            let security =
                document["paths"][path]["get"]["security"].as_array().into_iter().flatten();
            let documented: Vec<String> = security
                .filter_map(|entry| entry["OAuth2PasswordBearer"].as_array())
                .map(|scopes| scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
                .collect();
            let exchange: Exchange =
                server.get(path).bearer(Forgery::of("alice").token()).send()?;
            let Some(challenge) = exchange.response.header("www-authenticate") else {
                let expected = "a challenge that names the scopes: the token carries none of them";
                return Err(exchange.failure(expected));
            };
            let required = scopes_of_challenge(&challenge);
            let is_same = |scopes: &String| !scopes.is_empty() && required == sorted(scopes);
            if documented.is_empty() || !documented.iter().all(is_same) {
                let expected =
                    format!("{path}: the same scopes in the document and in the challenge");
                let documented = documented.join("`, or `");
                let actual = format!("document: `{documented}`\nchallenge: `{challenge}`");
                return Err(Failure::new(expected, actual));
            }
        }
        Ok(())
    });
}

fn sorted(scope: &str) -> Vec<&str> {
    let mut words: Vec<&str> = scope.split(' ').collect();
    words.sort_unstable();
    words
}
