//! Text, code, tables, cards and what is folded have one right edge, and rustfmt's longest line fits before it.

use workshop_browser::{Browser, Failure, with_browser};

use crate::built::BuiltBook;

/// A large window, two of laptops (the contents are beside the page in the first), and a phone.
const WIDTHS: [u32; 4] = [1440, 1200, 1024, 390];

/// As long as rustfmt lets a line of code be.
const LONGEST: usize = 100;

#[test]
fn all_of_a_page_has_one_right_edge() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        for page in ["03-bearer-token.html", "06-current-user.html", "09-scopes.html"] {
            for width in WIDTHS {
                browser.resize(width, 1000).await?;
                browser.go(&book.page(page)).await?;
                one_edge(&browser)
                    .await
                    .map_err(|failure| format!("{page}, {width}: {failure}"))?;
            }
        }
        browser.run("document.querySelector('main > p').style.marginInlineEnd = '2px'").await?;
        match one_edge(&browser).await {
            Ok(()) => Err("a paragraph that ends 2 px before the others was not seen".into()),
            Err(_) => Ok(browser),
        }
    });
}

#[test]
fn the_longest_line_of_code_fits() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.resize(1200, 1000).await?;
        for page in ["03-bearer-token.html", "07-password-hashes.html", "10-break-in.html"] {
            browser.go(&book.page(page)).await?;
            let (fitting, all) = with_a_line_of(&browser, LONGEST).await?;
            if all == 0 || fitting < all {
                return Err(format!("{page}: {fitting} of {all} listings show {LONGEST}").into());
            }
            let (fitting, all) = with_a_line_of(&browser, 2 * LONGEST).await?;
            if fitting > 0 {
                return Err(format!("{page}: {fitting} of {all} show twice as much").into());
            }
        }
        Ok(browser)
    });
}

/// Compares what is in no narrower box, each kind of which has to be there.
async fn one_edge(browser: &Browser) -> Result<(), Failure> {
    let script = "
        const kinds = ['p', 'pre > code', 'table', 'details', '.task, .need, .question'];
        const narrower = 'details, li, td, figure, blockquote, .task, .need, .score';
        const edge = document.querySelector('main').getBoundingClientRect().right;
        return kinds.flatMap(kind => {
            const all = [...document.querySelectorAll(`main :is(${kind})`)].filter(part =>
                part.getClientRects().length > 0 && !part.parentElement.closest(narrower));
            // A table that is too wide scrolls.
            const right = part => Math.min(...[part, part.closest('.table-wrapper') ?? part].map(
                part => part.getBoundingClientRect().right));
            return all.length === 0
                ? [`there is no ${kind}`]
                : all.filter(part => Math.abs(right(part) - edge) > 1).map(part => part.outerHTML.slice(0, 120));
        });";
    let wrong: Vec<String> = serde_json::from_value(browser.run(script).await?)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Puts one line of so many characters into every listing, unfolded or not, and gives how many show it without
/// scrolling (to the pixel: the browser rounds).
async fn with_a_line_of(browser: &Browser, length: usize) -> Result<(usize, usize), Failure> {
    let script = format!(
        "for (const details of document.querySelectorAll('details')) details.open = true;
         const listings = [...document.querySelectorAll('main :is(.snippet > pre, pre.diff) > code')]
             .filter(code => code.getClientRects().length > 0);
         const fits = code => {{
             const line = code.querySelector('[data-line]')?.cloneNode() ?? document.createElement('span');
             line.textContent = 'x'.repeat({length});
             code.replaceChildren(line);
             return code.scrollWidth <= code.clientWidth + 1;
         }};
         return [listings.filter(fits).length, listings.length];"
    );
    Ok(serde_json::from_value(browser.run(&script).await?)?)
}
