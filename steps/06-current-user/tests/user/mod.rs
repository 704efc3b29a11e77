//! The user behind the token: asked of step 6 and of every step after it.

use harness::{Token, check, check_afresh, draw, exchange, same_at_once};

use crate::SCOPE;

#[test]
fn answers_who_is_asking() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", SCOPE)?;
        server.log_in("alice", "wonderland", SCOPE)?;
        let carol = server.log_in("carol", "christmas", SCOPE)?;
        let first = exchange!(server.get("/users/me").bearer(&alice))?;
        first.same_again(server.get("/users/me").bearer(&alice))?;
        exchange!(server.get("/users/me").bearer(&carol))?;
        same_at_once(&[alice, carol], |token| server.get("/users/me").bearer(token))
    });
}

#[test]
fn asks_for_a_token_at_users_me() {
    check(|server| exchange!(server.get("/users/me")));
}

#[test]
fn refuses_a_token_that_it_never_issued() {
    check(|server| {
        exchange!(server.get("/users/me").bearer("sesame"))?;
        exchange!(server.get("/items/secret").bearer("sesame"))?;
        let refused = server.get("/users/me").bearer("sesame").send()?;
        for length in [1, 2 + draw::below(60), 400] {
            let token = draw::b64token("token", length);
            refused.same_for(server.get("/users/me").bearer(token.as_str()))?;
        }
        let alice = server.log_in("alice", "wonderland", SCOPE)?;
        for token in near(alice.text()) {
            refused.same_for(server.get("/users/me").bearer(token))?;
        }
        Ok(())
    });
}

/// Other tokens that a careless comparison takes for this one. Each is a b64token, too: `=` is only at its end.
fn near(issued: &str) -> [Token; 8] {
    let text = issued.trim_end_matches('=');
    let padding = &issued[text.len()..];
    let (half, last) = (text.len() / 2, issued.len() - 1);
    let small = issued.to_lowercase();
    let other_case = if small == issued { issued.to_uppercase() } else { small };
    [
        Token::not_by_hand(&text[..half], "<the first half of alice's token>"),
        Token::not_by_hand(&issued[half..], "<the second half of alice's token>"),
        Token::not_by_hand(&issued[..last], "<alice's token without its last character>"),
        Token::not_by_hand(format!("{issued}="), "<alice's token and `=`>"),
        Token::not_by_hand(format!("{text}0{padding}"), "<alice's token and a 0>"),
        Token::not_by_hand(other_case, "<alice's token in other letters>"),
        Token::not_by_hand(
            swapped(text, (1..half).rev()) + padding,
            "<alice's token with two characters swapped in its first half>",
        ),
        Token::not_by_hand(
            swapped(text, (half + 1..text.len()).rev()) + padding,
            "<alice's token with two characters swapped in its second half>",
        ),
    ]
}

/// The token with two neighbours swapped: the second of them is at the first of these places where they differ, and both
/// are letters or digits. So it is as long as before, and made of the same characters.
fn swapped(issued: &str, mut places: impl Iterator<Item = usize>) -> String {
    let mut bytes = issued.as_bytes().to_vec();
    let fits = |place: &usize| {
        let [first, second] = [bytes[place - 1], bytes[*place]];
        first != second && first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric()
    };
    match places.find(fits) {
        Some(place) => bytes.swap(place - 1, place),
        None => bytes.push(b'0'),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn refuses_a_name_in_place_of_a_token() {
    check(|server| {
        server.log_in("alice", "wonderland", SCOPE)?;
        let refused = exchange!(server.get("/users/me").bearer("alice"))?;
        server.log_in("carol", "christmas", SCOPE)?;
        refused.same_for(server.get("/users/me").bearer("carol"))
    });
}

#[test]
fn refuses_a_disabled_user() {
    check(|server| {
        let form = [("grant_type", "password"), ("username", "bob"), ("password", "builder")];
        let refused = exchange!(server.post("/token").form(&form))?;
        let wrong = draw::secret("password");
        let form = |name| [form[0], ("username", name), ("password", &wrong)];
        refused.same_for(server.post("/token").form(&form("bob")))?;
        refused.same_for(server.post("/token").form(&form("alice")))
    });
}

#[test]
fn tells_no_password() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", SCOPE)?;
        let exchange = server.get("/users/me").bearer(&alice).send()?;
        let body = String::from_utf8_lossy(&exchange.response.body).to_lowercase();
        if body.contains("password") || body.contains("wonderland") || body.contains("$argon2") {
            Err(exchange.failure("an answer without the password"))
        } else {
            Ok(())
        }
    });
}

#[test]
fn accepts_a_bearer_token() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").bearer(&alice))
    });
}

#[test]
fn accepts_the_scheme_in_any_letter_case() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").credentials("bearer ", &alice))?;
        let accepted = exchange!(server.get("/items/secret").credentials("BEARER ", &alice))?;
        let scheme = draw::one_of("scheme", &["bEARER", "BeArEr", "bearEr", "BEARer", "bEaReR"]);
        accepted.same_for(server.get("/items/secret").credentials(&format!("{scheme} "), &alice))
    });
}

#[test]
fn accepts_several_spaces_after_the_scheme() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").credentials("Bearer   ", &alice))
    });
}
