//! What every response tells a browser: nobody frames it, guesses its kind, or runs another's script in it.

use crate::{checkout::Checkout, server::Served};

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    for path in ["/glossary.html", "/served/panel.js", "/", "/lost.html", "/book.js"] {
        let answer = served.page(path);
        let policy = header(&answer, "content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("http:") && !policy.contains('*'), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
    }
    let foreign = served.send("GET /glossary.html HTTP/1.1", "evil.example", "");
    let refused = crate::server::all_of(foreign);
    assert_eq!(header(&refused, "x-content-type-options"), "nosniff");
    // Scripts run by a number that nobody knows before.
    let numbers = [(); 2].map(|()| nonce(&served.page("/glossary.html")));
    assert_ne!(numbers[0], numbers[1]);
}

/// The number in the policy, which every script of the page has, too.
#[track_caller]
fn nonce(page: &str) -> String {
    let policy = header(page, "content-security-policy");
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src"));
    let scripts = scripts.unwrap_or_else(|| panic!("no rule for scripts: {policy}"));
    assert!(!scripts.contains("unsafe"), "{scripts}");
    let number = scripts.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    let number = number.unwrap_or_else(|| panic!("no number: {scripts}"));
    assert!(number.len() >= 32, "{number}");
    let tags = page.matches("<script").count();
    assert!(tags > 2);
    assert_eq!(page.matches(&format!("<script nonce=\"{number}\"")).count(), tags);
    number.to_owned()
}

#[track_caller]
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let named = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    named.unwrap_or_else(|| panic!("no {name}:\n{head}"))
}
