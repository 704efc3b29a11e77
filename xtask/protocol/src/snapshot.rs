//! A snapshot's file: insta's head between two lines of dashes, then an exchange.

use crate::exchange::Exchange;

/// A snapshot of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The exchange as it is in the file.
    pub text: String,
    /// The same, taken apart.
    pub exchange: Exchange,
}

impl Snapshot {
    /// Reads the contents of a `.snap` file; nothing, if there is no exchange in it, or one that we would have
    /// written otherwise.
    pub fn parse(file: &str) -> Option<Self> {
        // Git may have written line ends as Windows likes them.
        let file = file.replace("\r\n", "\n");
        let (_, contents) = file.strip_prefix("---\n")?.split_once("\n---\n")?;
        let text = contents.trim_end().to_owned();
        let exchange = Exchange::parse(&text).filter(|exchange| exchange.to_string() == text)?;
        Some(Self { text, exchange })
    }
}

/// The name of a check's exchange, without the ending `.snap`; the first has the number 1.
pub fn name(check: &str, number: usize) -> String {
    if number == 1 { check.to_owned() } else { format!("{check}-{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_without_its_head() {
        let file = "---\ndescription: x\n---\nGET / HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{}\n";
        let snapshot = Snapshot::parse(file).expect("it is one");
        assert_eq!(snapshot.text, "GET / HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{}");
        assert_eq!(snapshot.exchange.response.body, "{}");
        assert_eq!(Snapshot::parse(&file.replace('\n', "\r\n")), Some(snapshot));
    }

    #[test]
    fn an_exchange_in_another_form_is_none() {
        let file = "---\ndescription: x\n---\nGET / HTTP/1.1\n\n\n\nHTTP/1.1 200 OK\n";
        assert_eq!(Snapshot::parse(file), None);
    }

    #[test]
    fn a_file_without_an_exchange_is_none() {
        for file in ["", "no snapshot", "---\ndescription: x\n---\nGET / HTTP/1.1\n"] {
            assert_eq!(Snapshot::parse(file), None, "{file:?}");
        }
    }

    #[test]
    fn the_second_exchange_of_a_check_has_a_number() {
        assert_eq!((name("a", 1), name("a", 2)), ("a".to_owned(), "a-2".to_owned()));
    }
}
