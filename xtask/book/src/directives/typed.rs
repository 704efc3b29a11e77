//! An answer that is typed, where choices would give it away: a status, or a header. A script compares it.
//!
//! ```markdown
//! {{#predict 03-bearer-token/refuses_a_request_without_a_token typed=status}}
//! **1. No header at all**
//!
//! Which status?
//!
//! - [x] 401
//!
//!   Every 401 comes with a challenge.
//!
//! - [ ] 403
//!
//!   For somebody who typed that: 403 asks for nothing.
//! {{/predict}}
//! ```

use axum::http::{HeaderName, StatusCode};
use protocol::exchange::Response;

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// `401`.
    Status,
    /// `WWW-Authenticate: Bearer`, or the name alone.
    Header,
}

impl Typed {
    /// Reads the argument `typed=status` or `typed=header`.
    pub(super) fn parse(argument: &str) -> Result<Self, String> {
        match argument {
            "typed=status" => Ok(Self::Status),
            "typed=header" => Ok(Self::Header),
            _ => Err(format!("`{argument}` is neither `typed=status` nor `typed=header`")),
        }
    }

    /// The attribute that a script looks at.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Status => " data-typed=\"status\"",
            Self::Header => " data-typed=\"header\"",
        }
    }

    /// Why this cannot be an answer, if it cannot.
    pub(super) fn why_not(self, answer: &str) -> Option<String> {
        let (possible, what) = match self {
            Self::Status => (answer.parse::<StatusCode>().is_ok(), "a status, such as `401`"),
            Self::Header => {
                let (name, value) = name_and_value(answer);
                let possible = name.parse::<HeaderName>().is_ok() && value != Some("");
                (possible, "a header, such as `Allow` or `Allow: GET`")
            }
        };
        (!possible).then(|| format!("`{answer}` is not {what}"))
    }

    /// Whether it is true of this response.
    pub(super) fn is_in(self, answer: &str, response: &Response) -> bool {
        match self {
            Self::Status => response.code() == answer,
            Self::Header => {
                let (name, value) = name_and_value(answer);
                response.headers.iter().any(|(its_name, its_value)| {
                    its_name.eq_ignore_ascii_case(name)
                        && value.is_none_or(|value| its_value == value)
                })
            }
        }
    }
}

fn name_and_value(header: &str) -> (&str, Option<&str>) {
    match header.split_once(':') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (header, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_is_typed() {
        for header in ["Allow", "Allow: GET", "WWW-Authenticate: Bearer error=\"invalid_token\""] {
            assert_eq!(Typed::Header.why_not(header), None);
        }
        for (typed, answer) in [
            (Typed::Status, "Unauthorized"),
            (Typed::Status, "40"),
            (Typed::Header, "no header"),
            (Typed::Header, "Allow:"),
        ] {
            assert!(typed.why_not(answer).is_some(), "{answer}");
        }
        assert_eq!(Typed::parse("typed=header"), Ok(Typed::Header));
        assert!(Typed::parse("typed=words").is_err());
    }

    #[test]
    fn an_answer_is_true_of_a_response_or_not() {
        let response = Response {
            status: "401 Unauthorized".to_owned(),
            headers: vec![("www-authenticate".to_owned(), "Bearer".to_owned())],
            body: String::new(),
        };
        for (typed, answer, expected) in [
            (Typed::Status, "401", true),
            (Typed::Status, "403", false),
            (Typed::Header, "WWW-Authenticate", true),
            (Typed::Header, "WWW-Authenticate: Bearer", true),
            (Typed::Header, "WWW-Authenticate: Basic", false),
            (Typed::Header, "Allow", false),
        ] {
            assert_eq!(typed.is_in(answer, &response), expected, "{answer}");
        }
    }
}
