//! Constants of a program, written out: a pattern with `"Bearer "` in it means `const SCHEME: &str = "Bearer ";` too.

use std::collections::BTreeMap;

use crate::tutor::tokens::Token;

/// How many tokens a type of text, a letter or a number has at most: `& 'static str`.
const LONGEST_TYPE: usize = 4;

/// The tokens with the values of constants in place of their names; none if nothing changes.
pub(super) fn written_out(tokens: &[Token]) -> Option<Vec<Token>> {
    let constants: BTreeMap<&str, &Token> =
        (0..tokens.len()).filter_map(|at| constant(&tokens[at..])).collect();
    let is_declared = |at: usize| at > 0 && tokens[at - 1].text == "const";
    let mut changed = false;
    let written: Vec<Token> = (0..tokens.len())
        .map(|at| match constants.get(tokens[at].text.as_str()) {
            Some(value) if !is_declared(at) => {
                changed = true;
                Token { text: value.text.clone(), line: tokens[at].line }
            }
            _ => tokens[at].clone(),
        })
        .collect();
    changed.then_some(written)
}

/// The name and the value of the constant that begins here: `const NAME: TYPE = LITERAL;`.
fn constant(tokens: &[Token]) -> Option<(&str, &Token)> {
    let [first, name, colon, rest @ ..] = tokens else { return None };
    if first.text != "const" || colon.text != ":" {
        return None;
    }
    let equals = rest.iter().take(LONGEST_TYPE + 1).position(|token| token.text == "=")?;
    let [_, value, end, ..] = &rest[equals..] else { return None };
    let is_literal = value.text.starts_with(|c: char| c == '"' || c == '\'' || c.is_ascii_digit());
    (is_literal && end.text == ";").then_some((&name.text, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tutor::tokens;

    fn written(source: &str) -> Option<String> {
        let texts = |tokens: Vec<Token>| tokens.into_iter().map(|token| token.text);
        written_out(&tokens::read(source)).map(|tokens| texts(tokens).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_literal_takes_the_place_of_its_name() {
        assert_eq!(
            written("const BEARER: &'static str = \"Bearer \"; x.strip_prefix(BEARER)").as_deref(),
            Some("const BEARER : & 'static str = \"Bearer \" ; x . strip_prefix ( \"Bearer \" )")
        );
        assert_eq!(written("const N: u64 = 15 * 60; f(N)"), None, "it is computed");
        assert_eq!(written("const N: u64 = 15; f(M)"), None, "it is not used");
    }
}
