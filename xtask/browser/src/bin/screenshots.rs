//! Takes the pictures that the README shows: `cargo run -p workshop-browser --bin screenshots`.

use workshop_browser::{pictures, start_solution, with_browser};

fn main() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("{}/docs/", server.address())).await?;
        browser.click(".auth-wrapper .btn.authorize").await?;
        browser.element(".dialog-ux .auth-container").await?;
        let picture = pictures()?.join("authorize.png");
        browser.screenshot(&picture).await?;
        println!("{}", picture.display());
        Ok(browser)
    });
}
