//! Steps as a reviewed file names them: `3-9`, or `8`.

use std::ops::RangeInclusive;

/// The numbers of the steps.
pub fn parse(steps: &str) -> Result<RangeInclusive<u8>, String> {
    let (first, last) = steps.split_once('-').unwrap_or((steps, steps));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err(format!("`{steps}` should be a step's number or a range such as `3-9`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_a_number_or_a_range() {
        assert_eq!(parse("3-9"), Ok(3..=9));
        assert_eq!(parse("8"), Ok(8..=8));
        assert!(parse("9-3").is_err() && parse("all").is_err());
    }
}
