//! What a learner who may go on leaves behind.

use super::Verdict;

impl Verdict {
    /// What is left when the learner may go on: `1 sharp edge left, and it lets in what must be refused`.
    pub fn edges_left(&self) -> String {
        let left = self.failing().count();
        let edges = if left == 1 { "sharp edge" } else { "sharp edges" };
        let open = match (left, self.failing().filter(|check| check.lets_in()).count()) {
            (_, 0) => String::new(),
            (1, _) => ", and it lets in what must be refused".to_owned(),
            (2, 2) => ", and both let in what must be refused".to_owned(),
            (_, 1) => ", and 1 of them lets in what must be refused".to_owned(),
            (_, open) => format!(", and {open} of them let in what must be refused"),
        };
        format!("{left} {edges} left{open}")
    }
}

#[cfg(test)]
mod tests {
    use protocol::finding::{Finding, Kind};

    use crate::verdict::{CheckResult, testing};

    #[test]
    fn of_the_edges_that_are_left_those_that_let_somebody_in_are_told() {
        let edge = |codes: [&str; 2]| {
            let said = |code: &str| format!("POST /token HTTP/1.1\n\nHTTP/1.1 {code}\n");
            let mut check = testing::check("open", &said(codes[0]), &said(codes[1]));
            check.finding = Some(Finding::new(Kind::Status));
            check
        };
        let [granted, refused] =
            [["400 Bad Request", "200 OK"], ["400 Bad Request", "401 Unauthorized"]].map(edge);
        let left = |checks: &[&CheckResult]| {
            testing::failed(checks.iter().copied().cloned().collect()).edges_left()
        };
        assert_eq!(left(&[&refused]), "1 sharp edge left");
        assert_eq!(left(&[&granted]), "1 sharp edge left, and it lets in what must be refused");
        assert_eq!(
            left(&[&granted, &refused]),
            "2 sharp edges left, and 1 of them lets in what must be refused"
        );
        assert_eq!(
            left(&[&granted, &granted]),
            "2 sharp edges left, and both let in what must be refused"
        );
    }
}
