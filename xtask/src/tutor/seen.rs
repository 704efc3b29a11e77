//! What a check saw, in one sentence: a function of its finding and the two responses, and nothing else.

use protocol::{
    exchange::Exchange,
    finding::{Finding, Kind, in_words},
    said::Said,
};

use crate::{course::hints::Check, verdict::CheckResult};

/// The sentence on a check that failed; none where the comparison says it all. A check's own sentence, from
/// `hints.md`, comes in place of the general one.
pub fn sentence(result: &CheckResult, check: Option<&Check>) -> Option<String> {
    let finding = result.finding.as_ref()?;
    if let Some(own) = check.and_then(|check| check.sentences.get(&finding.kind)) {
        return Some(own.clone());
    }
    let exchange = |said: &Option<Said>| said.as_ref().and_then(Said::exchange);
    let (expected, actual) = (exchange(&result.expected), exchange(&result.actual));
    general(finding, expected.as_ref(), actual.as_ref())
}

fn general(
    finding: &Finding,
    expected: Option<&Exchange>,
    actual: Option<&Exchange>,
) -> Option<String> {
    let both = expected.zip(actual);
    let sentence = match finding.kind {
        Kind::LetIn => {
            let scheme = actual.and_then(other_scheme);
            let scheme = scheme.map(|scheme| {
                format!(" It names the scheme `{scheme}`, and only `Bearer` is accepted here.")
            });
            format!("your server let this request in.{}", scheme.unwrap_or_default())
        }
        Kind::KeptOut => {
            let (_, actual) = both?;
            format!("your server refused this request with {}.", actual.response.code())
        }
        Kind::NoAnswer => "your server did not answer this request.".to_owned(),
        Kind::NotStarted => "your server did not start as it should.".to_owned(),
        Kind::ServerError => {
            let (_, actual) = both?;
            format!("your server reported a fault of its own, {}.", actual.response.code())
        }
        Kind::Status => {
            let (expected, actual) = both?;
            format!(
                "the status is {}, and {} is expected.",
                actual.response.code(),
                expected.response.code()
            )
        }
        Kind::Header => {
            let (name, (expected, actual)) = (finding.at.as_deref()?, both?);
            match (expected.response.header(name), actual.response.header(name)) {
                (Some(_), None) => format!("the status is right, but there is no `{name}` header."),
                (None, Some(_)) => format!("a `{name}` header is not expected here."),
                _ => format!("the status is right, but the `{name}` header differs."),
            }
        }
        Kind::Body => match finding.at.as_deref() {
            Some(at) if !at.is_empty() => format!("the body differs at {}.", in_words(at)),
            _ => "the body differs.".to_owned(),
        },
        Kind::Document => match finding.at.as_deref() {
            Some(at) if !at.is_empty() => {
                format!("the OpenAPI document differs at {}.", in_words(at))
            }
            _ => "the OpenAPI document differs.".to_owned(),
        },
        Kind::Printed | Kind::Slow | Kind::Other => return None,
    };
    Some(sentence)
}

/// The scheme of the only `Authorization` header, if it is another than `Bearer`.
fn other_scheme(exchange: &Exchange) -> Option<&str> {
    let mut headers = exchange
        .request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let (Some((_, value)), None) = (headers.next(), headers.next()) else { return None };
    let (scheme, _) = value.split_once(' ')?;
    let is_word =
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_word && !scheme.eq_ignore_ascii_case("Bearer")).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{course::hints, verdict::testing};

    fn told(request: &str, expected: &str, actual: &str) -> Option<String> {
        let exchange = |response: &str| {
            Exchange::parse(&format!("{request}\n\nHTTP/1.1 {response}")).expect("an exchange")
        };
        let (expected, actual) = (exchange(expected), exchange(actual));
        general(&Finding::between(&expected, &actual), Some(&expected), Some(&actual))
    }

    #[track_caller]
    fn says(request: &str, expected: &str, actual: &str, sentence: &str) {
        assert_eq!(told(request, expected, actual).as_deref(), Some(sentence));
    }

    const GET: &str = "GET /items/secret HTTP/1.1";

    #[test]
    fn each_finding_has_its_sentence() {
        let basic = format!("{GET}\nauthorization: Basic b2xhOm9sYQ==");
        let refused =
            "401 Unauthorized\nwww-authenticate: Bearer\n\n{\"detail\":\"Not authenticated\"}";
        says(GET, refused, "200 OK\n\n{}", "your server let this request in.");
        says(
            &basic,
            refused,
            "200 OK\n\n{}",
            "your server let this request in. It names the scheme `Basic`, and only `Bearer` is accepted here.",
        );
        let bearer = format!("{GET}\nauthorization: BEARER x");
        says(&bearer, refused, "200 OK\n\n[]", "your server let this request in.");
        says(&bearer, "200 OK", refused, "your server refused this request with 401.");
        says(GET, refused, "500 Oh\n\n{}", "your server reported a fault of its own, 500.");
        says(GET, refused, "403 Forbidden", "the status is 403, and 401 is expected.");
        let bare = "401 Unauthorized\n\n{\"detail\":\"Not authenticated\"}";
        says(GET, refused, bare, "the status is right, but there is no `www-authenticate` header.");
        says(GET, bare, refused, "a `www-authenticate` header is not expected here.");
        let basic = refused.replace("Bearer", "Basic");
        says(
            GET,
            refused,
            &basic,
            "the status is right, but the `www-authenticate` header differs.",
        );
        says(
            GET,
            "200 OK\n\n[{\"id\":1}]",
            "200 OK\n\n[{\"id\":0}]",
            "the body differs at 0 > id.",
        );
        says(GET, "200 OK\n\na", "200 OK\n\nb", "the body differs.");
        let document = "GET /openapi.json HTTP/1.1";
        says(
            document,
            "200 OK\n\n{\"a\":1}",
            "200 OK\n\n{\"a\":2}",
            "the OpenAPI document differs at \"a\".",
        );
    }

    #[test]
    fn where_the_words_say_it_all_nothing_is_added() {
        assert_eq!(general(&Finding::new(Kind::Other), None, None), None);
        let silent = general(&Finding::new(Kind::NoAnswer), None, None);
        assert_eq!(silent.as_deref(), Some("your server did not answer this request."));
    }

    #[test]
    fn a_check_s_own_sentence_comes_first() {
        let checks = hints::parse("## One\n\n> other: so it is.\n\nx\n", 0).expect("hints");
        let result = testing::check("one", "x", "y");
        assert_eq!(sentence(&result, Some(&checks[0])).as_deref(), Some("so it is."));
        assert_eq!(sentence(&result, None), None);
    }
}
