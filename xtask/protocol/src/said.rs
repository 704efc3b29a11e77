//! What was expected, or what was received instead: an exchange, or words.

use serde::{Deserialize, Serialize};

use crate::{
    drawn::{self, Drawn},
    exchange::Exchange,
};

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Said {
    /// The text of an [`Exchange`].
    Exchange(String),
    /// A sentence or more.
    Words(String),
}

impl Said {
    /// The text, whatever it is.
    pub fn text(&self) -> &str {
        match self {
            Self::Exchange(text) | Self::Words(text) => text,
        }
    }

    /// The same with values in place of their names.
    #[must_use]
    pub fn with_values(&self, drawn: &[Drawn]) -> Self {
        match self {
            Self::Exchange(text) => Self::Exchange(drawn::with_values(text, drawn)),
            Self::Words(text) => Self::Words(drawn::with_values(text, drawn)),
        }
    }

    /// The exchange, if it is one.
    pub fn exchange(&self) -> Option<Exchange> {
        match self {
            Self::Exchange(text) => Exchange::parse(text),
            Self::Words(_) => None,
        }
    }
}

impl<T: Into<String>> From<T> for Said {
    fn from(words: T) -> Self {
        Self::Words(words.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_taken_for_an_exchange() {
        let text = "GET / HTTP/1.1\n\nHTTP/1.1 200 OK";
        assert!(Said::Exchange(text.to_owned()).exchange().is_some());
        assert_eq!(Said::from(text).exchange(), None, "a server may print anything");
        let json = serde_json::to_string(&Said::from("no")).expect("it can be written");
        assert_eq!(json, r#"{"kind":"words","text":"no"}"#);
    }
}
