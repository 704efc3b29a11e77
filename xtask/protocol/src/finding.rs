//! What kind of difference a check saw, decided from the request and the two responses alone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::{Exchange, Response};

/// The kinds of difference; a check's `hints.md` may have a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A request that should have been refused (401 or 403) succeeded, and the body does not refuse it all the same.
    LetIn,
    /// A request that should have succeeded was refused.
    KeptOut,
    /// No response came, or no whole one.
    NoAnswer,
    /// The server did not report that it is listening.
    NotStarted,
    /// The status says that the server is at fault: 500 or more.
    ServerError,
    /// Another status than expected.
    Status,
    /// The status is right, and a header differs.
    Header,
    /// Status and headers are right, and the body differs.
    Body,
    /// The OpenAPI document differs.
    Document,
    /// What the server printed is at fault.
    Printed,
    /// A response came too late.
    Slow,
    /// None of these.
    Other,
}

/// The difference that a check saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its kind.
    pub kind: Kind,
    /// Where it is: a header's name, or a JSON pointer (RFC 6901) into the body.
    pub at: Option<String>,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::LetIn,
        Self::KeptOut,
        Self::NoAnswer,
        Self::NotStarted,
        Self::ServerError,
        Self::Status,
        Self::Header,
        Self::Body,
        Self::Document,
        Self::Printed,
        Self::Slow,
        Self::Other,
    ];

    /// The kind of this name: `let_in`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| serde_json::to_value(kind).is_ok_and(|own| own == name))
    }
}

impl Finding {
    /// A finding that has no place.
    pub fn new(kind: Kind) -> Self {
        Self { kind, at: None }
    }

    /// The difference between two exchanges with the same request.
    pub fn between(expected: &Exchange, actual: &Exchange) -> Self {
        let (wanted, got) = (&expected.response, &actual.response);
        if wanted.code() != got.code() {
            return Self::new(match of_statuses(wanted.code(), got.code()) {
                Kind::LetIn if may_refuse(got) => Kind::Status,
                kind => kind,
            });
        }
        if expected.request.path == "/openapi.json" {
            let at = place_in_bodies(&wanted.body, &got.body);
            return Self { kind: Kind::Document, at };
        }
        let all = wanted.headers.iter().chain(&got.headers).map(|(name, _)| name);
        let values = |headers: &[(String, String)], name: &str| -> Vec<String> {
            let named = headers.iter().filter(|(other, _)| other == name);
            named.map(|(_, value)| value.clone()).collect()
        };
        let differs = |name: &&String| values(&wanted.headers, name) != values(&got.headers, name);
        if let Some(name) = all.into_iter().find(differs) {
            return Self { kind: Kind::Header, at: Some(name.clone()) };
        }
        Self { kind: Kind::Body, at: place_in_bodies(&wanted.body, &got.body) }
    }
}

fn of_statuses(expected: &str, got: &str) -> Kind {
    let succeeds = |code: &str| code.starts_with('2');
    let refuses = |code: &str| ["401", "403"].contains(&code);
    match (expected, got) {
        (_, got) if got.starts_with('5') => Kind::ServerError,
        (expected, got) if refuses(expected) && succeeds(got) => Kind::LetIn,
        (expected, got) if succeeds(expected) && refuses(got) => Kind::KeptOut,
        _ => Kind::Status,
    }
}

/// Whether a success may be a refusal that was sent with the wrong status: this course's refusals have a `detail` or
/// an `error`, and what is not JSON may say anything. A 204 has no content to refuse with (RFC 9110 §15.3.5).
fn may_refuse(got: &Response) -> bool {
    let in_words = serde_json::from_str::<Value>(&got.body)
        .map_or(true, |body| ["detail", "error"].iter().any(|name| body.get(name).is_some()));
    got.code() != "204" && in_words
}

/// The first place at which two JSON bodies differ; other bodies have no places.
fn place_in_bodies(expected: &str, got: &str) -> Option<String> {
    let (expected, got): (Value, Value) =
        (serde_json::from_str(expected).ok()?, serde_json::from_str(got).ok()?);
    differences(&expected, &got).into_iter().next().map(|difference| difference.at)
}

/// One place at which two JSON values differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonDifference {
    /// A JSON pointer (RFC 6901).
    pub at: String,
    /// What is expected there, if something is.
    pub expected: Option<Value>,
    /// What is there, if something is.
    pub got: Option<Value>,
}

/// A JSON pointer as people read it: `/token` is `"token"`, and `/paths/~1items/get` is `paths > /items > get`. The
/// empty one is the whole value.
pub fn in_words(pointer: &str) -> String {
    let names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
    match names.collect::<Vec<_>>().as_slice() {
        [] => "the top".to_owned(),
        [name] => format!("\"{name}\""),
        names => names.join(" > "),
    }
}

/// The places at which two JSON values differ, each as deep as they go together.
pub fn differences(expected: &Value, got: &Value) -> Vec<JsonDifference> {
    let mut found = Vec::new();
    collect(Some(expected), Some(got), String::new(), &mut found);
    found
}

fn collect(
    expected: Option<&Value>,
    got: Option<&Value>,
    at: String,
    found: &mut Vec<JsonDifference>,
) {
    match (expected, got) {
        _ if expected == got => {}
        (Some(Value::Object(wanted)), Some(Value::Object(given))) => {
            let keys: BTreeSet<&String> = wanted.keys().chain(given.keys()).collect();
            for key in keys {
                let below = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                collect(wanted.get(key), given.get(key), below, found);
            }
        }
        (Some(Value::Array(wanted)), Some(Value::Array(given))) if wanted.len() == given.len() => {
            for (index, (wanted, given)) in wanted.iter().zip(given).enumerate() {
                collect(Some(wanted), Some(given), format!("{at}/{index}"), found);
            }
        }
        _ => found.push(JsonDifference { at, expected: expected.cloned(), got: got.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(expected: &str, got: &str) -> (Kind, Option<String>) {
        at("/items", expected, got)
    }

    fn at(path: &str, expected: &str, got: &str) -> (Kind, Option<String>) {
        let exchange = |response: &str| {
            Exchange::parse(&format!("GET {path} HTTP/1.1\n\nHTTP/1.1 {response}")).expect("one")
        };
        let finding = Finding::between(&exchange(expected), &exchange(got));
        (finding.kind, finding.at)
    }

    #[test]
    fn a_place_is_told_without_escapes() {
        let pointer = "/paths/~1items~1secret/get/responses/401/a~01";
        assert_eq!(in_words(pointer), "paths > /items/secret > get > responses > 401 > a~1");
        assert_eq!(in_words("/token"), "\"token\"");
        assert_eq!(in_words(""), "the top");
    }

    #[test]
    fn another_status_is_told_by_what_it_means() {
        assert_eq!(found("401 Unauthorized", "200 OK\n\n[]"), (Kind::LetIn, None));
        assert_eq!(found("403 Forbidden", "201 Created\n\n{\"a\":1}"), (Kind::LetIn, None));
        assert_eq!(found("401 Unauthorized", "204 No Content"), (Kind::LetIn, None));
        assert_eq!(found("200 OK", "401 Unauthorized"), (Kind::KeptOut, None));
        assert_eq!(found("200 OK", "500 Internal Server Error"), (Kind::ServerError, None));
        assert_eq!(found("400 Bad Request", "200 OK"), (Kind::Status, None));
        assert_eq!(found("401 Unauthorized", "403 Forbidden"), (Kind::Status, None));
    }

    #[test]
    fn a_refusal_with_a_status_of_success_is_not_let_in() {
        for body in
            ["{\"detail\":\"Not authenticated\"}", "{\"error\":\"x\"}", "Not authenticated", ""]
        {
            let got = format!("200 OK\n\n{body}");
            assert_eq!(found("401 Unauthorized", &got), (Kind::Status, None), "{body}");
        }
    }

    #[test]
    fn a_header_comes_before_the_body() {
        let expected = "401 Unauthorized\nwww-authenticate: Bearer\n\n{\"a\":1}";
        let header = Some("www-authenticate".to_owned());
        assert_eq!(
            found(expected, "401 Unauthorized\n\n{\"a\":2}"),
            (Kind::Header, header.clone())
        );
        let twice =
            "401 Unauthorized\nwww-authenticate: Bearer\nwww-authenticate: Basic\n\n{\"a\":1}";
        assert_eq!(found(expected, twice), (Kind::Header, header));
    }

    #[test]
    fn a_body_differs_at_a_pointer() {
        let body = |expected: &str, got: &str| {
            found(&format!("200 OK\n\n{expected}"), &format!("200 OK\n\n{got}"))
        };
        let place = |pointer: &str| (Kind::Body, Some(pointer.to_owned()));
        assert_eq!(body("[{\"a/b\":1}]", "[{\"a/b\":2}]"), place("/0/a~1b"));
        assert_eq!(body("{\"a\":1,\"b\":2}", "{\"a\":1}"), place("/b"));
        assert_eq!(body("{\"a\":null}", "{}"), place("/a"));
        assert_eq!(body("[1]", "[1,2]"), place(""));
        assert_eq!(body("text", "other"), (Kind::Body, None));
    }

    #[test]
    fn all_places_are_found_and_none_below_another() {
        let (expected, got) =
            (json!({"a": {"b": 1, "c": [1, 2]}, "d": 1}), json!({"a": {"c": [1, 3]}, "d": {}}));
        let places: Vec<String> =
            differences(&expected, &got).into_iter().map(|it| it.at).collect();
        assert_eq!(places, ["/a/b", "/a/c/1", "/d"]);
        assert_eq!(differences(&expected, &got)[0].got, None);
        assert_eq!(differences(&got, &got), []);
    }

    #[test]
    fn the_document_is_a_kind_of_its_own() {
        let document = at("/openapi.json", "200 OK\n\n{\"paths\":{}}", "200 OK\n\n{\"paths\":1}");
        assert_eq!(document, (Kind::Document, Some("/paths".to_owned())));
    }

    #[test]
    fn every_kind_has_a_name() {
        assert_eq!(Kind::named("let_in"), Some(Kind::LetIn));
        assert_eq!(Kind::named("LetIn"), None);
        let names: Vec<_> = Kind::ALL.iter().map(|kind| serde_json::to_value(kind).ok()).collect();
        assert!(
            names
                .iter()
                .flatten()
                .filter_map(Value::as_str)
                .all(|name| Kind::named(name).is_some())
        );
    }
}
