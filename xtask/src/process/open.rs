//! Opening a page in the user's browser.

/// A browser that does not open is no reason to stop: the address is on the screen.
pub fn open_in_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        eprintln!("could not open a browser ({error}); open {url} yourself");
    }
}
