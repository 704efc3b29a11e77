//! The line that every server of the course prints once it accepts connections:
//! `Listening on http://127.0.0.1:3000`.

/// Where a server listens, as its line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http://127.0.0.1:3000`.
    pub url: String,
    /// The port, if the address is one of 127.0.0.1.
    pub port: Option<u16>,
}

/// What the line begins with.
const PREFIX: &str = "Listening on ";

/// The longest line that can be the one: what comes after so many bytes need not be kept.
pub const LONGEST: usize = 256;

/// The line without its end.
pub fn line(url: &str) -> String {
    format!("{PREFIX}{url}")
}

/// The address in this line; any other line has none.
pub fn parse(line: &str) -> Option<Address> {
    let url = line.strip_prefix(PREFIX)?.trim_end().to_owned();
    let port = url.strip_prefix("http://127.0.0.1:").and_then(|port| port.parse().ok());
    Some(Address { url, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_read_as_it_was_written() {
        let url = "http://127.0.0.1:3000";
        let address = Address { url: url.to_owned(), port: Some(3000) };
        assert_eq!(parse(&line(url)), Some(address.clone()));
        assert_eq!(parse("Listening on http://127.0.0.1:3000\r\n"), Some(address));
    }

    #[test]
    fn another_line_or_another_host_is_told_apart() {
        assert_eq!(parse("not Listening on http://127.0.0.1:3000"), None);
        assert_eq!(parse(" Listening on http://127.0.0.1:3000"), None);
        let elsewhere = parse("Listening on http://10.0.0.1:3000").expect("it is the line");
        assert_eq!(elsewhere.port, None);
    }
}
