//! How often the tool is right about the cases.

use crate::cases::case::{Case, Told};

/// How many cases came to which end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Mistakes that compile, and that a check must see.
    pub(crate) mistakes: usize,
    /// Of these: a check failed.
    pub(crate) caught: usize,
    /// Of those caught: a mistake was named, and it is one that would be right.
    pub(crate) named_right: usize,
    /// Mistakes, compiling or not, of which something wrong was said.
    pub(crate) named_wrong: usize,
    /// Mistakes, compiling or not, of which something was said.
    pub(crate) named: usize,
    /// Solutions that the contract allows.
    pub(crate) correct: usize,
    /// Of these: a check failed.
    pub(crate) refused: usize,
}

impl Figures {
    /// Counts cases whose table says what would be right.
    pub(crate) fn count<'c>(told: impl Iterator<Item = (&'c Case, &'c Told)>) -> Self {
        let mut figures = Self::default();
        for (case, told) in told {
            let is_right = case.is_named_right(told);
            if told.mistake.is_some() {
                figures.named += 1;
                figures.named_wrong += usize::from(!is_right);
            }
            match case.column("outcome") {
                Some("fails") => {
                    figures.mistakes += 1;
                    figures.caught += usize::from(told.exit == 1);
                    figures.named_right += usize::from(told.exit == 1 && is_right);
                }
                Some("solved") => {
                    figures.correct += 1;
                    figures.refused += usize::from(told.exit != 0);
                }
                _ => {}
            }
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::case::tests::{case, told};

    #[test]
    fn what_is_said_is_counted_by_what_would_be_right() {
        let list = [
            (case("fails", "one, 04-x/two"), told(1, Some("two"))),
            (case("fails", "one"), told(1, Some("two"))),
            (case("fails", "none"), told(0, None)),
            (case("solved", "none"), told(1, Some("one"))),
            (case("solved", "none"), told(0, None)),
            (case("refused", "none"), told(3, None)),
        ];
        let figures = Figures::count(list.iter().map(|(case, told)| (case, told)));
        let expected = Figures {
            mistakes: 3,
            caught: 2,
            named_right: 1,
            named_wrong: 2,
            named: 3,
            correct: 2,
            refused: 1,
        };
        assert_eq!(figures, expected);
    }
}
