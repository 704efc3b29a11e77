//! Whether lines to paste show what a check saw: they are sent to a server that has just been started.

use protocol::{
    exchange::Exchange,
    finding::{Finding, Kind},
};

use crate::{
    canonical,
    client::send,
    curl::ByHand,
    message::{Header, Message, Response},
    server::Server,
    setup::Setup,
    transcript,
};

/// The lines, if the check sent the request to such a server, or if such a server fails in the same way.
pub(crate) fn lines(by_hand: ByHand, expected: Option<&Exchange>) -> Option<String> {
    let shown = by_hand.on_a_new_server || fails_again(&by_hand, expected).unwrap_or(false);
    shown.then(|| by_hand.lines.ready()).flatten()
}

/// Nothing if there is no response, then or now: a server that hangs would take too long to ask twice.
fn fails_again(by_hand: &ByHand, expected: Option<&Exchange>) -> Option<bool> {
    let before = by_hand.exchange.as_ref()?;
    let server = Setup::new().start().ok()?;
    let response = send_by_hand(&server, by_hand)?;
    let now = transcript::write(&by_hand.message, &response);
    Some(is_alike(before.clone(), now, expected))
}

/// Whether both have the same status and fall short of what was expected in the same way; where that is in words, whether
/// only their bodies differ.
fn is_alike(mut before: Exchange, mut now: Exchange, expected: Option<&Exchange>) -> bool {
    let Some(expected) = expected else {
        let found = Finding::between(&before, &now);
        return matches!(found.kind, Kind::Body | Kind::Document);
    };
    canonical::as_far_as(expected, &mut before);
    canonical::as_far_as(expected, &mut now);
    let found = |exchange| Finding::between(expected, exchange);
    now.response.code() == before.response.code()
        && now.response != expected.response
        && found(&now) == found(&before)
}

/// Logs in as the lines do, and sends the request with the tokens of those logins.
fn send_by_hand(server: &Server, by_hand: &ByHand) -> Option<Response> {
    let mut tokens = Vec::new();
    for login in &by_hand.lines.logins {
        let request = server.post("/token");
        let answer = request.body("application/x-www-form-urlencoded", &login.form).send().ok()?;
        let token = answer.response.json()?.get("access_token")?.as_str()?.to_owned();
        tokens.push((login.number, token));
    }
    send(server.address(), &with_tokens(by_hand.message.clone(), &tokens)?).ok()
}

/// The message with the token of the same login in place of each token that another server has issued.
fn with_tokens(mut message: Message, tokens: &[(usize, String)]) -> Option<Message> {
    for Header { value, token, .. } in &mut message.headers {
        if let Some((scheme, token)) = token
            && let Some(login) = &token.login
        {
            let (_, token) = tokens.iter().find(|(number, _)| *number == login.number)?;
            *value = format!("{scheme}{token}").into_bytes();
        }
    }
    Some(message)
}

#[cfg(test)]
mod tests {
    use protocol::exchange::{Request, Response};

    use super::*;
    use crate::{current::Login, token::Token};

    #[test]
    fn a_token_is_replaced_by_that_of_the_same_login() {
        let of_login = |number| {
            let login = Login { number, form: String::new(), command: String::new() };
            let token = Token::issued("old".to_owned(), "alice", Some(login));
            let token = Some(("Bearer ".to_owned(), token));
            Header { name: "authorization".to_owned(), value: b"Bearer old".to_vec(), token }
        };
        let other = Header { name: "x".to_owned(), value: b"y".to_vec(), token: None };
        let (method, path) = ("GET".to_owned(), "/".to_owned());
        let headers = vec![of_login(1), other];
        let message = Message { method, path, headers, body: None, only: None };
        let tokens = [(0, "first".to_owned()), (1, "second".to_owned())];
        let sent = with_tokens(message.clone(), &tokens).expect("both logins are there");
        let values = sent.headers.iter().map(|header| header.value.as_slice());
        assert!(values.eq([&b"Bearer second"[..], b"y"]));
        assert!(with_tokens(message, &tokens[..1]).is_none());
    }

    #[test]
    fn a_failure_is_alike_if_it_is_at_the_same_place() {
        let exchange = |status: &str, body: &str| {
            let (method, path) = ("GET".to_owned(), "/items".to_owned());
            let request = Request { method, path, headers: Vec::new(), body: String::new() };
            let (status, body) = (status.to_owned(), body.to_owned());
            Exchange { request, response: Response { status, headers: Vec::new(), body } }
        };
        let expected = exchange("200 OK", "{\"a\": 1}");
        let alike = |before: &Exchange, now: &Exchange| {
            is_alike(before.clone(), now.clone(), Some(&expected))
        };
        let [one, other] = ["2", "3"].map(|a| exchange("200 OK", &format!("{{\"a\": {a}}}")));
        let [refused, missing] = ["401 Unauthorized", "404 Not Found"].map(|s| exchange(s, ""));
        assert!(alike(&one, &other), "a random value");
        assert!(!alike(&one, &expected), "answered well");
        assert!(!alike(&one, &refused));
        assert!(!alike(&missing, &exchange("405 Method Not Allowed", "")));
        assert!(is_alike(one.clone(), other, None));
        assert!(!is_alike(one, refused, None));
    }
}
