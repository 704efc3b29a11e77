//! A token taken apart. It was issued by a solution: `cargo xtask screenshots` writes it to `book/tokens/`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use xtask::{course::Course, files};

use crate::html::{escaped, escaped_attribute};

/// The token of this step: each part as it is, and in words.
pub(crate) fn taken_apart(course: &Course, slug: &str) -> Result<String, String> {
    let path = course.root.join("book").join("tokens").join(format!("{slug}.txt"));
    let token = files::read(&path).map_err(|trouble| trouble.to_string())?;
    in_three_parts(token.trim(), protocol::SECRET)
        .map_err(|wrong| format!("{}: {wrong}", path.display()))
}

/// The page gets the key as well, so that it can check the signature while a reader changes what is signed.
fn in_three_parts(token: &str, key: &str) -> Result<String, String> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err("a JWT has three parts and two dots".to_owned());
    };
    let bytes = decoded("signature", signature)?.len();
    Ok(format!(
        "<figure class=\"token\" data-key=\"{key}\">\n<pre><code class=\"nohighlight\"><span class=\"header\">{header}</span>.\
         <span class=\"claims\">{claims}</span>.<span class=\"signature\">{signature}</span></code></pre>\n\
         <ol>\n<li class=\"header\"><strong>The header</strong> says how it is signed.\n{}</li>\n\
         <li class=\"claims\"><strong>The claims</strong> say what the server vouches for.\n{}</li>\n\
         <li class=\"signature\"><strong>The signature</strong> proves that both were written by a holder \
         of the key.\n<p>{bytes} bytes, computed from the two parts before it, as they stand, and the key.</p>\
         </li>\n</ol>\n<figcaption>A token that our solution issued, taken apart at its two dots. The first two \
         parts are JSON, in base64url.</figcaption>\n</figure>\n",
        in_words("header", header)?,
        in_words("claims", claims)?,
        key = escaped_attribute(key),
    ))
}

/// The part as it was written, and each of its fields in words.
fn in_words(name: &str, part: &str) -> Result<String, String> {
    let bytes = decoded(name, part)?;
    let text = String::from_utf8_lossy(&bytes);
    let fields: Map<String, Value> =
        serde_json::from_str(&text).map_err(|error| format!("no JSON in the {name}: {error}"))?;
    let mut html = format!("<p><code>{}</code></p>\n", escaped(&text));
    for field in fields.keys() {
        html.push_str(&format!("<p><code>{field}</code>: {}</p>\n", meaning(field)?));
    }
    Ok(html)
}

/// What the fields of our tokens say (RFC 7515 §4.1, RFC 7519 §4.1, RFC 9068 §2.2.3).
fn meaning(field: &str) -> Result<&'static str, String> {
    match field {
        "typ" => Ok("what this is"),
        "alg" => Ok("the algorithm; the server pins it, and believes no other"),
        "sub" => Ok("the subject: whose token it is"),
        "exp" => Ok("the end: from then on it is refused, in seconds since 1970"),
        "scope" => Ok("what it may do"),
        other => Err(format!(
            "there are no words for `{other}`: add them to xtask/book/src/directives/token.rs"
        )),
    }
}

fn decoded(name: &str, part: &str) -> Result<Vec<u8>, String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part);
    bytes.map_err(|error| format!("no base64url in the {name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token with these two parts and some signature.
    fn token(header: &str, claims: &str) -> String {
        let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        format!("{header}.{claims}.AAAA")
    }

    #[test]
    fn each_field_is_explained_in_words() {
        let shown = in_three_parts(&token(r#"{"alg":"HS256"}"#, r#"{"sub":"<alice>"}"#), "key");
        let shown = shown.expect("a token");
        for words in
            ["the algorithm", "whose token it is", "&lt;alice&gt;", "3 bytes", "data-key=\"key\""]
        {
            assert!(shown.contains(words), "`{words}` is not in:\n{shown}");
        }
    }

    #[test]
    fn what_is_no_token_of_ours_is_refused() {
        let refused = |token: &str, words: &str| {
            assert!(
                in_three_parts(token, "key").is_err_and(|wrong| wrong.contains(words)),
                "{token}"
            );
        };
        refused("a.b", "three parts");
        refused("e30.e30.!", "no base64url in the signature");
        refused(&token("{}", "no json"), "no JSON in the claims");
        refused(&token("{}", r#"{"jti":"1"}"#), "no words for `jti`");
    }
}
