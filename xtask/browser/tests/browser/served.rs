//! A copy of the workshop with its book served, and what a test says of a page.

use std::thread;

use serde_json::Value;
use workshop_book::server::Server;
use workshop_browser::{Browser, Failure, course};
use xtask::{
    course::Course,
    session::{alive::Alive, watched},
};

use crate::checkout::Checkout;

/// A copy of the workshop, with its book served.
pub(crate) struct ServedBook {
    pub(crate) checkout: Checkout,
    address: String,
}

impl ServedBook {
    pub(crate) fn serve() -> Result<Self, Failure> {
        Self::serve_with(|_| ())
    }

    /// The same with a change that is made before it is served.
    pub(crate) fn serve_with(change: impl FnOnce(&Checkout)) -> Result<Self, Failure> {
        let checkout = Checkout::copy();
        change(&checkout);
        let server = Server::bind(&checkout.course(), 0)?;
        let address = server.address()?;
        // It ends with the test's process.
        thread::spawn(move || server.run());
        Ok(Self { checkout, address })
    }

    /// Opens a step's page and waits until all of it is there: the panel comes last.
    pub(crate) async fn open(&self, browser: &Browser, name: &str) -> Result<(), Failure> {
        browser.go(&self.page(name)).await?;
        browser.element("#panel:not([hidden])").await?;
        Ok(())
    }

    pub(crate) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    /// Says that this step is watched, until the note is dropped.
    pub(crate) fn watch(&self, slug: &str) -> Result<Alive, Failure> {
        let course = self.course();
        Ok(watched::note(&course, course.step(slug)?)?)
    }

    /// The copy.
    pub(crate) fn course(&self) -> Course {
        self.checkout.course()
    }
}

pub(crate) async fn picture(browser: &Browser, name: &str) -> Result<(), Failure> {
    let folder = course()?.temporary().join("screenshots");
    browser.screenshot(&folder.join(format!("{name}.png"))).await
}

pub(crate) fn shows(text: &str, expected: &str) -> Result<(), Failure> {
    if text.contains(expected) {
        Ok(())
    } else {
        Err(format!("expected `{expected}`, found:\n{text}").into())
    }
}

pub(crate) fn is(found: &Value, expected: &Value) -> Result<(), Failure> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("expected {expected}, found {found}").into())
    }
}
