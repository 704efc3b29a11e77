//! The canonical form of a response: what the contract leaves free is brought to one form, in snapshots and in what
//! is compared with them.

use protocol::exchange::{Exchange, Response};
use serde_json::{Map, Value, json};

use crate::{
    challenge::{self, scopes_in_order, sorted},
    document::{self, YOUR_WORDS},
    token,
};

/// What a snapshot of this response asks for: what a 404 says belongs to the server's author, and where no token is
/// granted (RFC 6749 §5.1), so does whether a cache may keep it.
pub(crate) fn asked_for(response: &mut Response) {
    own_404(response);
    if !is_token(&response.body) {
        own_caching(response);
    }
    own_explanation(response);
}

/// A document may describe more than the expected one, and what the expected response leaves to the server's author is
/// free; all else stays, so that the learner sees what was received.
pub(crate) fn as_far_as(expected: &Exchange, actual: &mut Exchange) {
    if expected.response.code() == "404" {
        own_404(&mut actual.response);
    }
    if expected.response.header("cache-control").is_none() {
        own_caching(&mut actual.response);
    }
    let body = |exchange: &Exchange| serde_json::from_str::<Value>(&exchange.response.body).ok();
    if let (Some(wanted), Some(found)) = (body(expected), body(actual)) {
        if wanted.get("openapi").is_some() && found.get("openapi").is_some() {
            actual.response.body = format!("{:#}", document::as_far_as(&wanted, found));
        } else if wanted.get("error_description").is_none() {
            own_explanation(&mut actual.response);
        }
    }
}

fn own_404(response: &mut Response) {
    if response.code() == "404" {
        response.headers.retain(|(name, _)| name != "content-type");
        YOUR_WORDS.clone_into(&mut response.body);
    }
}

fn own_caching(response: &mut Response) {
    response.headers.retain(|(name, _)| name != "cache-control");
}

/// Beside these codes, words may be there or not (RFC 6749 §5.2).
pub(crate) fn own_explanation(response: &mut Response) {
    let Ok(Value::Object(mut answer)) = serde_json::from_str(&response.body) else { return };
    let free = ["invalid_scope", "unsupported_grant_type"].map(Value::from);
    let is_free = answer.get("error").is_some_and(|code| free.contains(code));
    let words = answer.get("error_description").and_then(Value::as_str);
    if is_free && words == Some(YOUR_WORDS) {
        answer.remove("error_description");
        response.body = format!("{:#}", Value::Object(answer));
    }
}

/// Whether the body grants a token.
fn is_token(body: &str) -> bool {
    serde_json::from_str::<Value>(body).is_ok_and(|value| value.get("access_token").is_some())
}

/// Brings headers to the canonical form.
pub(crate) fn headers(response: &mut Response) {
    for (name, value) in &mut response.headers {
        let form = match name.as_str() {
            "www-authenticate" => challenge::canonical(value),
            "content-type" => without_charset(value),
            "cache-control" => only_no_store(value),
            "allow" => Some(sorted(value.split(',').map(str::trim), ",")),
            _ => None,
        };
        if let Some(form) = form {
            *value = form;
        }
    }
}

/// Brings a JSON body to the canonical form.
pub(crate) fn json(value: Value) -> Value {
    if value.get("openapi").is_some() {
        return document::canonical(&value);
    }
    let mut value = token::in_words(value);
    if let Some(answer) = value.as_object_mut() {
        grant(answer);
        refusal(answer);
    }
    value
}

/// A good login (RFC 6749 §5.1): the letter case of `token_type` and the order of scopes are free.
fn grant(answer: &mut Map<String, Value>) {
    if !answer.contains_key("access_token") {
        return;
    }
    if let Some(Value::String(kind)) = answer.get_mut("token_type")
        && kind.eq_ignore_ascii_case("bearer")
    {
        kind.make_ascii_lowercase();
    }
    if let Some(Value::String(scope)) = answer.get_mut("scope") {
        *scope = scopes_in_order(scope);
    }
}

/// A refused login (RFC 6749 §5.2) explains itself in words of its own, but those of `invalid_grant` belong to the wire
/// contract. It may point to a page with more.
fn refusal(answer: &mut Map<String, Value>) {
    if answer.contains_key("error") {
        answer.remove("error_uri");
    }
    let is_said = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    if !answer.get("error_description").is_some_and(is_said) {
        return;
    }
    if let Some("invalid_request" | "invalid_scope" | "unsupported_grant_type") =
        answer.get("error").and_then(Value::as_str)
    {
        answer.insert("error_description".to_owned(), json!(YOUR_WORDS));
    }
}

fn without_charset(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(';')?;
    let only_charset = rest.trim().to_ascii_lowercase().starts_with("charset=");
    only_charset.then(|| kind.trim().to_owned())
}

fn only_no_store(value: &str) -> Option<String> {
    let mut directives = value.split(',').map(str::trim);
    directives
        .any(|directive| directive.eq_ignore_ascii_case("no-store"))
        .then(|| "no-store".to_owned())
}

#[cfg(test)]
mod tests {
    use protocol::exchange::Request;

    use super::*;

    fn response(status: &str, name: &str, value: &str, body: &str) -> Response {
        let mut response = Response {
            status: status.to_owned(),
            headers: vec![(name.to_owned(), value.to_owned())],
            body: body.to_owned(),
        };
        headers(&mut response);
        response
    }

    fn form(name: &str, value: &str) -> String {
        response("200 OK", name, value, "{}").to_string()
    }

    #[track_caller]
    fn same(name: &str, one: &str, other: &str) {
        assert_eq!(form(name, one), form(name, other));
    }

    #[track_caller]
    fn different(name: &str, one: &str, other: &str) {
        assert_ne!(form(name, one), form(name, other));
    }

    #[test]
    fn what_the_contract_leaves_free_in_a_header_is_free() {
        same("content-type", "application/json", "application/json; charset=utf-8");
        same("cache-control", "no-store", "no-cache, No-Store");
        same("allow", "GET,HEAD", "HEAD, GET");
        different("content-type", "application/json", "text/plain; charset=utf-8");
        different("cache-control", "no-store", "no-cache");
        different("allow", "GET,HEAD", "GET,HEAD,POST");
    }

    #[test]
    fn a_snapshot_asks_for_no_store_where_a_token_is_granted() {
        let asked = |status: &str, body: &str| {
            let mut response = response(status, "cache-control", "no-store", body);
            asked_for(&mut response);
            response.header("cache-control").is_some()
        };
        assert!(asked("200 OK", "{\"access_token\": \"x\"}"));
        assert!(!asked("200 OK", "[]"));
        assert!(!asked("401 Unauthorized", "{}"));
    }

    #[test]
    fn the_expected_response_decides_whether_no_store_counts() {
        let exchange = |name: &str, body: &str| Exchange {
            request: Request::default(),
            response: response("200 OK", name, "no-store", body),
        };
        let kept = |expected: &Exchange| {
            let mut actual = exchange("cache-control", "{\"accessToken\": \"x\"}");
            as_far_as(expected, &mut actual);
            actual.response.header("cache-control").is_some()
        };
        assert!(kept(&exchange("cache-control", "{\"access_token\": \"x\"}")));
        assert!(!kept(&exchange("content-type", "[]")));
    }

    #[test]
    fn an_explanation_is_shown_where_the_expected_response_has_one() {
        let exchange = |error: &str, words: Option<&str>| {
            let answer = words.map_or(
                json!({"error": error}),
                |words| json!({"error": error, "error_description": words}),
            );
            let body = format!("{:#}", json(answer));
            Exchange {
                request: Request::default(),
                response: response("400 Bad Request", "content-type", "application/json", &body),
            }
        };
        let shown = |expected: &Exchange| {
            let mut actual = exchange("invalid_scope", Some("no"));
            as_far_as(expected, &mut actual);
            actual.response.body.contains(YOUR_WORDS)
        };
        assert!(shown(&exchange("invalid_request", Some("no"))));
        assert!(!shown(&exchange("invalid_scope", None)));
        let mut asked = exchange("invalid_scope", Some("no")).response;
        asked_for(&mut asked);
        assert!(!asked.body.contains(YOUR_WORDS));
    }

    #[test]
    fn the_body_of_a_404_is_in_your_words() {
        let mut own = response("404 Not Found", "content-type", "text/plain", "gone");
        asked_for(&mut own);
        assert_eq!(own.to_string(), "HTTP/1.1 404 Not Found\n\n<your words>");
    }

    #[test]
    fn a_grant_is_compared_by_what_it_says() {
        let grant = |kind: &str, scope: &str| {
            json(json!({"access_token": "x", "token_type": kind, "scope": scope}))
        };
        assert_eq!(grant("Bearer", "me items"), grant("bearer", "items me"));
        assert_ne!(grant("bearer", "me items"), grant("bearer", "me  items"));
        assert_eq!(grant("bearer", "me items me")["scope"], "me items me");
        assert_ne!(grant("bearer", "me"), grant("mac", "me"));
        assert_eq!(grant("JWT", "me")["token_type"], "JWT");
    }

    #[test]
    fn a_refused_login_is_explained_in_your_words() {
        let refused =
            |error: &str, words: &str| json(json!({"error": error, "error_description": words}));
        assert_eq!(
            json(json!({"error": "invalid_grant", "error_uri": "https://api.example/help"})),
            json(json!({"error": "invalid_grant"}))
        );
        assert_eq!(refused("invalid_request", "one"), refused("invalid_request", "two"));
        assert_ne!(refused("invalid_request", "one"), refused("invalid_request", ""));
        assert_eq!(refused("invalid_scope", "one"), refused("invalid_scope", "two"));
        assert_ne!(refused("invalid_grant", "one"), refused("invalid_grant", "two"));
    }
}
