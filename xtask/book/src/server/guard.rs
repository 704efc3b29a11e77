//! What every response tells a browser. A page holds text that servers under attack have sent: should any of it
//! ever become markup, it must neither run nor call home; and no other page may frame the book, or load its files.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// `style` attributes are mdBook's, in tables; the frame is its table of contents for readers without scripts.
const REST: &str = "style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                    connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'";

const HEADERS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// mdBook's table of contents, which its own pages frame.
const FRAMED: &str = "/toc.html";

/// Adds what every answer says; a page has brought its own policy.
pub(crate) async fn guarded(request: Request, next: Next) -> Response {
    let ancestors = if request.uri().path() == FRAMED { "'self'" } else { "'none'" };
    let mut response = next.run(request).await;
    let scripts = response.extensions_mut().remove::<Nonce>();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let scripts = scripts.map_or(String::new(), |Nonce(nonce)| format!(" 'nonce-{nonce}'"));
    let policy = format!(
        "default-src 'none'; script-src 'self'{scripts}; {REST}; frame-ancestors {ancestors}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A number that the page's own scripts have, new for every answer: mdBook writes some of them into the page.
#[derive(Clone)]
pub(crate) struct Nonce(String);

impl Nonce {
    /// From the keys that the system draws for every hash map, through SipHash.
    pub(crate) fn draw() -> Self {
        let half = || RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", half(), half()))
    }

    /// The page with the number on each script.
    pub(crate) fn on_scripts(&self, page: &str) -> String {
        page.replace("<script", &format!("<script nonce=\"{}\"", self.0))
    }
}
