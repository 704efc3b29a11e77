//! What WebDriver has no command for: how the page is looked at. Chromium's own protocol says it through ChromeDriver.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// One command of the Chrome DevTools Protocol, such as `Emulation.setEmulatedMedia`.
#[derive(Debug)]
pub(crate) struct DevTools {
    /// The command's name.
    pub(crate) name: &'static str,
    /// Its parameters, as the protocol names them.
    pub(crate) parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.name, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
