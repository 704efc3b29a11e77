//! The times of one thing, as a page shows them.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::bench::rows::median;

/// The times of one thing that was measured more than once.
#[derive(Default)]
pub(super) struct Figures(Vec<Duration>);

impl Figures {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }
}

/// The median, and in parentheses the least and the most.
impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Some(least), Some(most)) = (self.0.iter().min(), self.0.iter().max()) else {
            return f.write_str("not measured in this run");
        };
        if self.0.len() == 1 {
            return write!(f, "{:.2} s (once)", least.as_secs_f64());
        }
        let [median, least, most] =
            [median(self.0.clone()), *least, *most].map(|time| time.as_secs_f64());
        write!(f, "{median:.2} s ({least:.2}–{most:.2})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_before_the_spread() {
        let figures = Figures([900, 300, 350].map(Duration::from_millis).to_vec());
        assert_eq!(figures.to_string(), "0.35 s (0.30–0.90)");
    }

    #[test]
    fn without_a_spread_none_is_shown() {
        assert_eq!(Figures(vec![Duration::from_secs(2)]).to_string(), "2.00 s (once)");
        assert_eq!(Figures::default().to_string(), "not measured in this run");
    }
}
