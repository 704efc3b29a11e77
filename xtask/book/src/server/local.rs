//! Who may ask the book's server: a browser that knows it by a name of this machine, and for what has an
//! effect, only our own pages. A name that leads here although it is somebody else's (DNS rebinding) would let
//! their pages read ours; and any page may send requests to 127.0.0.1 (CSRF).

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses clients that know this server by a name that is not this machine's.
pub(crate) async fn only_by_our_name(request: Request, next: Next) -> Response {
    if is_ours(host(request.headers())) {
        next.run(request).await
    } else {
        let why = "This book is served to http://127.0.0.1 and http://localhost only.";
        (StatusCode::MISDIRECTED_REQUEST, why).into_response()
    }
}

/// Refuses requests that another origin's page makes, and such as do not say whose page they come from.
pub(crate) async fn only_from_our_pages(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let same_origin = text(headers, header::ORIGIN.as_str())
        .and_then(|origin| origin.strip_prefix("http://"))
        .is_some_and(|origin| origin == host(headers));
    // Browsers that are too old for this header send the origin all the same.
    let same_site = text(headers, "sec-fetch-site").is_none_or(|site| site == "same-origin");
    if same_origin && same_site {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "Only the book's own pages may ask this.").into_response()
    }
}

fn host(headers: &HeaderMap) -> &str {
    text(headers, header::HOST.as_str()).unwrap_or_default()
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
