//! What learners may call themselves.

/// The longest name.
const LONGEST: usize = 40;

/// The name without spaces around it; `None` if it cannot be shown as one. HTML and formulas are names like any other:
/// what shows them has to escape them. But nobody sees a control character, a mark that turns the direction of writing, or a
/// character of no width, and with them one learner would look like another.
pub fn name(typed: &str) -> Option<&str> {
    let name = typed.trim();
    let length = name.chars().count();
    ((1..=LONGEST).contains(&length) && name.chars().all(is_visible)).then_some(name)
}

fn is_visible(c: char) -> bool {
    match c {
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => false,
        _ => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_everybody_sees() {
        for (typed, shown) in [
            (" Ada ", Some("Ada")),
            ("<script>alert(1)</script>", Some("<script>alert(1)</script>")),
            ("=1+1", Some("=1+1")),
            ("עדה", Some("עדה")),
            ("Ada\u{202e}adA", None),
            ("Ada\u{200b}", None),
            ("A\0da", None),
            ("\x1b[2J", None),
            ("", None),
            ("   ", None),
        ] {
            assert_eq!(name(typed), shown, "{typed:?}");
        }
        assert!(name(&"x".repeat(40)).is_some() && name(&"x".repeat(41)).is_none());
    }
}
