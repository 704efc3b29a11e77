//! The command lines that send a message by hand, to the server of `cargo xtask run`.

use crate::message::{Header, Message};

/// Nobody copies more characters than this.
const LONGEST: usize = 4096;

/// The command lines; none for a request that no terminal takes.
pub(crate) fn command(message: &Message) -> Option<String> {
    let curl = if cfg!(windows) { "curl.exe" } else { "curl" };
    // A proxy that is meant for other machines is not asked, whatever the environment says.
    let mut line = format!("{curl} -i --noproxy \"*\"");
    let mut login = None;
    match message.method.as_str() {
        "GET" => {}
        "POST" if message.body.is_some() => {}
        method => line.push_str(&format!(" -X {method}")),
    }
    for Header { name, value, token } in &message.headers {
        let mut value = String::from_utf8_lossy(value);
        if let Some((scheme, token)) = token
            && let Some(command) = &token.login
        {
            login = Some(command);
            value = format!("{scheme}<the access_token>").into();
        }
        line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
    }
    if let Some(body) = &message.body {
        line.push_str(&format!(" --data-raw {}", quoted(body)));
    }
    let url = quoted(&format!("http://127.0.0.1:3000{}", message.path));
    let line = format!("{line} {url}");
    let lines = login.map_or_else(|| line.clone(), |login| format!("{login}\n{line}"));
    // A shell completes a name where a tab is pasted.
    (lines.len() <= LONGEST && !lines.contains('\t')).then_some(lines)
}

/// Double quotes serve on every shell that a learner may have.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
