//! Who may ask the book's server: a browser that knows it by a name of this machine, and for what has an
//! effect, only our own pages. A name that leads here although it is somebody else's (DNS rebinding) would let
//! their pages read ours; and any page may send requests to 127.0.0.1 (CSRF). In a Codespace the name is the one that
//! GitHub forwards from, and no other.

use std::{env, sync::LazyLock};

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What comes before and after the port in the name of this Codespace, if it is one.
static FORWARDED: LazyLock<Option<Forwarded>> = LazyLock::new(|| {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    set("CODESPACES")?;
    Some(Forwarded {
        name: set("CODESPACE_NAME")?,
        domain: set("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN")?,
    })
});

struct Forwarded {
    name: String,
    domain: String,
}

impl Forwarded {
    /// `name-4000.app.github.dev`.
    fn is(&self, host: &str) -> bool {
        let port = host
            .strip_prefix(&self.name)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(&self.domain))
            .and_then(|rest| rest.strip_suffix('.'));
        port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// Refuses clients that know this server by a name that is not this machine's.
pub(crate) async fn only_by_our_name(request: Request, next: Next) -> Response {
    let host = host(request.headers());
    if is_ours(host) || is_forwarded(host) {
        next.run(request).await
    } else {
        let why = "This book is served to http://127.0.0.1 and http://localhost only.";
        (StatusCode::MISDIRECTED_REQUEST, why).into_response()
    }
}

/// Refuses requests that another origin's page makes, and such as do not say whose page they come from.
pub(crate) async fn only_from_our_pages(request: Request, next: Next) -> Response {
    let headers = request.headers();
    // What is forwarded is forwarded from HTTPS.
    let scheme = if is_forwarded(host(headers)) { "https://" } else { "http://" };
    let same_origin = text(headers, header::ORIGIN.as_str())
        .and_then(|origin| origin.strip_prefix(scheme))
        .is_some_and(|origin| origin == host(headers));
    if same_origin && is_same_site(headers) { next.run(request).await } else { refused() }
}

/// Refuses to read to a page of another origin, which could not see what it gets; ours do not name themselves where they
/// only read.
pub(crate) async fn not_from_other_pages(request: Request, next: Next) -> Response {
    if is_same_site(request.headers()) { next.run(request).await } else { refused() }
}

/// Browsers that are too old for this header send the origin with whatever has an effect.
fn is_same_site(headers: &HeaderMap) -> bool {
    !headers.contains_key("sec-fetch-site")
        || text(headers, "sec-fetch-site").is_some_and(|site| site == "same-origin")
}

fn refused() -> Response {
    (StatusCode::FORBIDDEN, "Only the book's own pages may ask this.").into_response()
}

fn host(headers: &HeaderMap) -> &str {
    text(headers, header::HOST.as_str()).unwrap_or_default()
}

fn is_forwarded(host: &str) -> bool {
    FORWARDED.as_ref().is_some_and(|forwarded| forwarded.is(host))
}

/// The port is the browser's: it may be forwarded from a different port.
fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

/// The header's value, if there is exactly one.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(only), None) => only.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_codespace_its_own_name_is_ours() {
        let domain = "app.github.dev".to_owned();
        let forwarded = Forwarded { name: "fuzzy-fork-x7".to_owned(), domain };
        assert!(forwarded.is("fuzzy-fork-x7-4000.app.github.dev"));
        for host in [
            "app.github.dev",
            "other-4000.app.github.dev",
            "fuzzy-fork-x7-.app.github.dev",
            "fuzzy-fork-x7-4000.app.github.dev.evil.example",
            "fuzzy-fork-x7-4000.evil.example",
            "fuzzy-fork-x7-x-4000.app.github.dev",
        ] {
            assert!(!forwarded.is(host), "{host}");
        }
    }

    #[test]
    fn only_this_machine_s_names_are_ours() {
        for host in ["127.0.0.1", "127.0.0.1:4000", "localhost:4001", "[::1]:4000"] {
            assert!(is_ours(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1.evil.example:4000",
            "localhost.evil.example",
            "127.0.0.1:4000:x",
        ] {
            assert!(!is_ours(host), "{host}");
        }
    }
}
