//! Chromium, driven through ChromeDriver: what a learner sees, seen by a test.
#![allow(clippy::disallowed_methods, reason = "a maintainer's tool: what it writes is made again")]

use std::{
    env, fmt, fs,
    future::Future,
    path::Path,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    elements::Element,
};
use harness::{Server, Setup};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use xtask::{
    course::Course,
    process::{chromium, compile},
};

use crate::{devtools::DevTools, driver::Driver};

pub mod axe;
pub mod board;
pub mod swagger;

mod devtools;
mod driver;
mod tabs;

/// What goes wrong here, in words.
pub type Failure = Box<dyn std::error::Error>;

/// How long an element may take to appear.
const ELEMENT_LIMIT: Duration = Duration::from_secs(10);

/// How long between two looks at a page that changes.
const GLANCE: Duration = Duration::from_millis(20);

/// How long a script may take; axe has much to read on the print view.
const SCRIPT_LIMIT: Duration = Duration::from_mins(3);

/// Runs `look` in a new browser. Without a browser a test fails in CI, and elsewhere says that it is skipped.
pub fn with_browser<F>(look: impl FnOnce(Browser) -> F)
where
    F: Future<Output = Result<Browser, Failure>>,
{
    if !chromium::is_installed() {
        let missing = "no Chromium: install chromium and chromium-driver";
        assert!(env::var_os("CI").is_none(), "{missing}");
        println!("skipped: {missing}");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(Failure::from).and_then(|runtime| {
        runtime.block_on(async {
            let browser = Browser::open().await?;
            look(browser).await?.client.close().await.map_err(Failure::from)
        })
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// The workshop that this crate belongs to.
pub fn course() -> Result<Course, Failure> {
    let folder = env::current_dir()?;
    Ok(Course::find(&folder)?)
}

/// Builds the solution as `verify` builds it, and starts it.
pub fn start_solution(step: &str) -> Result<Server, Failure> {
    let course = course()?;
    let programs = compile::solution(&course, course.step(step)?)?;
    let started = Setup::new().program(&programs.server).start();
    started.map_err(|failure| format!("solution {step} did not start: {failure:?}").into())
}

/// The two looks of the book.
#[derive(Debug, Clone, Copy)]
pub enum Scheme {
    /// Dark text on a light page.
    Light,
    /// Light text on a dark page.
    Dark,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
        })
    }
}

/// One window of one browser.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    async fn open() -> Result<Self, Failure> {
        let driver = Driver::start()?;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,1000",
        ];
        let options = json!({ "args": arguments });
        let limits = json!({ "script": SCRIPT_LIMIT.as_millis() });
        let capabilities = [("goog:chromeOptions", options), ("timeouts", limits)];
        let capabilities =
            capabilities.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let address = format!("http://127.0.0.1:{}", driver.port);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&address)
            .await?;
        let browser = Self { client, _driver: driver };
        // The book's print view prints itself at once, and a page that prints is laid out for paper.
        let no_print = json!({ "source": "window.print = () => {}" });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", no_print).await?;
        Ok(browser)
    }

    /// Opens the page.
    pub async fn go(&self, url: &str) -> Result<(), Failure> {
        self.client.goto(url).await?;
        let began = Instant::now();
        // Now and then it is told that the page is there before a word of it is.
        while self.run("return document.readyState").await? != "complete" {
            if began.elapsed() > ELEMENT_LIMIT {
                return Err(format!("{url} is not loaded after {ELEMENT_LIMIT:?}").into());
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }

    /// Waits for the element; the error names it and leaves a picture of the page.
    pub async fn element(&self, css: &str) -> Result<Element, Failure> {
        match self.client.wait().at_most(ELEMENT_LIMIT).for_element(Locator::Css(css)).await {
            Ok(element) => Ok(element),
            Err(error) => {
                let picture = course()?.temporary().join("screenshots").join("missing-element.png");
                self.screenshot(&picture).await?;
                Err(format!("`{css}` is not on the page ({error}); see {}", picture.display())
                    .into())
            }
        }
    }

    /// How many elements there are now.
    pub async fn count(&self, css: &str) -> Result<usize, Failure> {
        Ok(self.client.find_all(Locator::Css(css)).await?.len())
    }

    /// The text that a reader sees in the element.
    pub async fn text(&self, css: &str) -> Result<String, Failure> {
        Ok(self.element(css).await?.text().await?)
    }

    /// Presses the element.
    pub async fn click(&self, css: &str) -> Result<(), Failure> {
        Ok(self.element(css).await?.click().await?)
    }

    /// Types into the element.
    pub async fn type_keys(&self, css: &str, keys: String) -> Result<(), Failure> {
        Ok(self.element(css).await?.send_keys(&keys).await?)
    }

    /// Moves the cursor there, in CSS pixels of the window.
    pub async fn point_at(&self, x: f64, y: f64) -> Result<(), Failure> {
        let moved = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.devtools("Input.dispatchMouseEvent", moved).await?;
        Ok(())
    }

    /// Presses the keys as a person does: the page gets them where its focus is, and nothing is focused for them.
    pub async fn press(&self, keys: String) -> Result<(), Failure> {
        let pressed = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |done, value| {
            done.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.client.perform_actions(pressed).await?)
    }

    /// Waits until the script returns a text with these words, also on a page that is loaded meanwhile.
    pub async fn until(&self, script: &str, words: &str) -> Result<(), Failure> {
        let began = Instant::now();
        loop {
            let found = self.run(script).await.unwrap_or_default();
            if found.as_str().is_some_and(|text| text.contains(words)) {
                return Ok(());
            }
            if began.elapsed() > ELEMENT_LIMIT {
                return Err(format!("`{words}` did not come; there is {found}").into());
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Runs JavaScript on the page and gives what it returns.
    pub async fn run(&self, script: &str) -> Result<Value, Failure> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs JavaScript that ends by calling its last argument, and gives what it calls it with.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Failure> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Shows the page as a reader who prefers light or dark sees it. Nothing moves meanwhile.
    pub async fn prefer(&self, scheme: Scheme) -> Result<(), Failure> {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme.to_string() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// The texts that a screen reader is given, in order.
    pub async fn heard(&self) -> Result<Vec<String>, Failure> {
        let tree = self.devtools("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().ok_or("no accessibility tree")?;
        let is_text = |role: &Value| role == "StaticText" || role == "ListMarker";
        let texts = nodes.iter().filter(|node| is_text(&node["role"]["value"]));
        Ok(texts.filter_map(|node| Some(node["name"]["value"].as_str()?.to_owned())).collect())
    }

    /// Shows the page as paper would.
    pub async fn print_media(&self) -> Result<(), Failure> {
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        Ok(())
    }

    /// The page as a PDF, with an outline and tags for screen readers.
    pub async fn pdf(&self) -> Result<Vec<u8>, Failure> {
        let parameters = json!({
            "printBackground": true,
            "preferCSSPageSize": true,
            "generateTaggedPDF": true,
            "generateDocumentOutline": true,
        });
        let printed = self.devtools("Page.printToPDF", parameters).await?;
        let data = printed["data"].as_str().ok_or("Chromium printed nothing")?;
        Ok(BASE64_STANDARD.decode(data)?)
    }

    /// Makes the page so many CSS pixels wide and high, narrower than a window can be.
    pub async fn resize(&self, width: u32, height: u32) -> Result<(), Failure> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    async fn devtools(&self, name: &'static str, parameters: Value) -> Result<Value, Failure> {
        Ok(self.client.issue_cmd(DevTools { name, parameters }).await?)
    }

    /// The origin of every request that the page has made: `http://127.0.0.1:PORT`.
    pub async fn origins(&self) -> Result<Vec<String>, Failure> {
        let script = "return performance.getEntriesByType('resource').map(entry => entry.name)\
                      .filter(name => name.startsWith('http')).map(name => new URL(name).origin)";
        Ok(serde_json::from_value(self.run(script).await?)?)
    }

    /// Writes a picture of the element alone.
    pub async fn picture_of(&self, css: &str, path: &Path) -> Result<(), Failure> {
        Ok(fs::write(path, self.element(css).await?.screenshot().await?)?)
    }

    /// Writes a picture of the window.
    pub async fn screenshot(&self, path: &Path) -> Result<(), Failure> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, self.client.screenshot().await?)?;
        Ok(())
    }
}
