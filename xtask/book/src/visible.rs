//! What a reader sees of a page before anything is unfolded.

use std::cell::RefCell;

use html5ever::{
    TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink,
        TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind::{Rawtext, ScriptData},
    },
};

/// How much there is to read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// Words of prose: what is in no listing and no drawing.
    pub words: usize,
    /// Lines of code, empty ones not counted. Transcripts and command lines are no code.
    pub code: usize,
}

/// Measures the part in `<main>` of a built page.
pub fn measure(html: &str) -> Visible {
    let tokenizer = Tokenizer::new(Reading::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // A script would only make it pause.
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    let Reading(place) = tokenizer.sink;
    let Place { prose, code, .. } = place.into_inner();
    Visible {
        words: prose.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count(),
        code: code.lines().filter(|line| !line.trim().is_empty()).count(),
    }
}

#[derive(Default)]
struct Reading(RefCell<Place>);

/// Where in the page the tokenizer is, and what was visible so far.
#[derive(Default)]
struct Place {
    /// Elements that are open, by name.
    open: Vec<String>,
    /// Whether the innermost listing is code.
    is_code: bool,
    prose: String,
    code: String,
}

/// Elements that decide what text is.
const LOOKED_AT: [&str; 8] =
    ["main", "details", "summary", "pre", "svg", "button", "script", "style"];

/// What is in these is no prose.
const UNREAD: [&str; 5] = ["svg", "button", "script", "style", HIDDEN];

/// A paragraph that is hidden.
const HIDDEN: &str = "p hidden";

/// The languages of listings that are code.
const CODE: [&str; 4] = ["language-rust", "language-toml", "language-json", "language-python"];

impl TokenSink for Reading {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut place = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == StartTag => {
                place.enter(&tag);
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(ScriptData),
                    "style" => return TokenSinkResult::RawData(Rawtext),
                    _ => {}
                }
            }
            TagToken(tag) if tag.kind == EndTag => place.leave(&tag.name),
            CharacterTokens(text) => place.read(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Place {
    fn enter(&mut self, tag: &Tag) {
        if tag.self_closing {
            return;
        }
        let name = &*tag.name;
        if LOOKED_AT.contains(&name) {
            self.open.push(name.to_owned());
        }
        if name == "p" && tag.attrs.iter().any(|attribute| &*attribute.name.local == "hidden") {
            self.open.push(HIDDEN.to_owned());
        }
        if name == "code" {
            let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
            let mut classes = class.map_or("", |class| &class.value).split_whitespace();
            self.is_code = classes.any(|class| CODE.contains(&class));
        }
        self.separate();
    }

    fn leave(&mut self, name: &str) {
        let name = if name == "p" { HIDDEN } else { name };
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(at);
        }
        if name != "code" && name != "em" && name != "strong" && name != "a" {
            self.separate();
        }
    }

    fn read(&mut self, text: &str) {
        let is_open = |name| self.open.iter().any(|open| open == name);
        let hidden = match self.open.iter().filter(|open| *open == "details").count() {
            0 => false,
            1 => !is_open("summary"),
            _ => true,
        };
        if hidden || !is_open("main") || UNREAD.into_iter().any(is_open) {
            return;
        }
        if !is_open("pre") {
            self.prose.push_str(text);
        } else if self.is_code {
            self.code.push_str(text);
        }
    }

    /// Two blocks are two words; code within a sentence, and what is stressed in it, are not.
    fn separate(&mut self) {
        if !self.open.iter().any(|open| open == "pre") {
            self.prose.push(' ');
            self.code.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(html: &str, words: usize, code: usize) {
        assert_eq!(measure(html), Visible { words, code }, "{html}");
    }

    #[test]
    fn what_is_folded_is_not_visible_but_its_summary_is() {
        has("<main><p>one two</p><details><summary>three</summary>four</details></main>", 3, 0);
        let inner = "<details><summary>b</summary>c</details>";
        has(&format!("<main><details><summary>a</summary>{inner}</details>d</main>"), 2, 0);
    }

    #[test]
    fn code_is_counted_in_lines_and_a_transcript_is_neither() {
        let rust = "<pre><code class=\"language-rust\">fn a() {\n\n}\n</code></pre>";
        let said = "<pre><code class=\"language-text\">GET / HTTP\n</code></pre>";
        has(&format!("<main>{rust}{said}</main>"), 0, 2);
        has(&format!("<main>{rust}<p>x</p>{rust}</main>"), 1, 4);
    }

    #[test]
    fn only_the_page_itself_counts() {
        has("<main><p hidden>a b</p><p>c</p></main>", 1, 0);
        has("<nav>a b</nav><main><svg><text>c</text></svg><script>d</script>e</main>f", 1, 0);
    }

    #[test]
    fn signs_are_no_words() {
        has("<main><p>a — b, <em>c</em>.</p><p>d</p></main>", 4, 0);
    }
}
