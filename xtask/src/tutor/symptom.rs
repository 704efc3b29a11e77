//! How the answer at one check differs from what it should be, without what differs from run to run.

use std::collections::BTreeSet;

use protocol::said::Said;

use crate::verdict::{
    CheckResult,
    difference::{self, DiffLine, Kind},
};

/// Lines of a difference that are kept; a mistake shows in the first ones.
const KEPT: usize = 24;

/// Of an exchange the lines that differ; of anything else its words, without numbers, which are never the same.
pub(super) fn read(check: &CheckResult) -> Vec<String> {
    let both = (check.expected.as_ref(), check.actual.as_ref());
    let lines: Vec<String> =
        if let (Some(Said::Exchange(expected)), Some(Said::Exchange(actual))) = both {
            let differing = difference::lines(expected, actual, 0).into_iter();
            differing
                .filter_map(|DiffLine { kind, text }| match kind {
                    Kind::Old => Some(format!("- {}", without_secrets(text.trim_end(), 32))),
                    Kind::New => Some(format!("+ {}", without_secrets(text.trim_end(), 32))),
                    Kind::Same | Kind::Gap => None,
                })
                .collect()
        } else {
            let actual = check.actual.as_ref().map_or("", Said::text);
            actual
                .lines()
                .map(|line| without_secrets(&without_numbers(&without_folder(line)), 20))
                .collect()
        };
    lines.iter().take(KEPT).map(|line| without_crate(line)).collect()
}

/// What a client reads where a request is refused (RFC 6749 §5.2, RFC 6750 §3.1). Sentences name these words, so they
/// are more than words of the learner's own.
const ERROR_CODES: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_token",
    "insufficient_scope",
];

/// Whether two symptoms are of one kind. Of exchanges, the statuses count; where they are right, which headers differ;
/// where those are right too, which fields do, and which error code came. What else is in them may be the learner's
/// own. Of words, the first line counts
/// up to the place where something stopped, and any status.
pub(super) fn are_alike(known: &[String], seen: &[String]) -> bool {
    match (Differing::read(known), Differing::read(seen)) {
        (Some(known), Some(seen)) => known.is_like(&seen),
        (None, None) => {
            let first = |symptom: &[String]| {
                symptom.first().map(|line| without_names(up_to_its_place(line)))
            };
            let statuses = |symptom: &[String]| -> Vec<String> {
                symptom.iter().filter(|line| line.starts_with("HTTP/")).cloned().collect()
            };
            first(known) == first(seen) && statuses(known) == statuses(seen)
        }
        _ => false,
    }
}

/// What differs between two exchanges, without the values.
struct Differing {
    statuses: BTreeSet<String>,
    headers: BTreeSet<String>,
    /// Those that are missing or changed; what is extra has the learner's own names.
    fields: BTreeSet<String>,
    /// The error codes that came in place of what was expected.
    codes: BTreeSet<&'static str>,
}

impl Differing {
    fn read(symptom: &[String]) -> Option<Self> {
        if !symptom.first().is_some_and(|line| line.starts_with("+ ") || line.starts_with("- ")) {
            return None;
        }
        let mut differing = Self {
            statuses: BTreeSet::new(),
            headers: BTreeSet::new(),
            fields: BTreeSet::new(),
            codes: BTreeSet::new(),
        };
        for line in symptom {
            differing.codes.extend(came_as_a_code(line));
            let name =
                line.get(2..).and_then(|line| line.split_once(':')).map(|(name, _)| name.trim());
            let names = match name {
                _ if line.contains(" HTTP/1.1 ") => &mut differing.statuses,
                Some(name) if name.starts_with('"') && line.starts_with('-') => {
                    &mut differing.fields
                }
                Some(name) if name.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()) => {
                    &mut differing.headers
                }
                _ => continue,
            };
            names.insert(name.unwrap_or(line).to_owned());
        }
        Some(differing)
    }

    fn is_like(&self, other: &Self) -> bool {
        if !(self.statuses.is_empty() && other.statuses.is_empty()) {
            return self.statuses == other.statuses;
        }
        if !(self.headers.is_empty() && other.headers.is_empty()) {
            return self.headers == other.headers;
        }
        let both_empty = self.fields.is_empty() && other.fields.is_empty();
        self.codes == other.codes && (both_empty || !self.fields.is_disjoint(&other.fields))
    }
}

/// `invalid_request` of `+   "error": "invalid_request",`.
fn came_as_a_code(line: &str) -> Option<&'static str> {
    let value = line.strip_prefix('+')?.trim().strip_prefix("\"error\": \"")?;
    ERROR_CODES
        .into_iter()
        .find(|code| value.strip_prefix(code).is_some_and(|rest| rest.starts_with('"')))
}

/// A line without what is between backquotes: names, and what was drawn.
pub(super) fn without_names(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// `no answer: your code stopped at src/main.rs` of `no answer: your code stopped at src/main.rs:#: no header`.
fn up_to_its_place(line: &str) -> &str {
    line.split_once(".rs:").map_or(line, |(before, _)| before)
}

/// `stopped at steps/03-bearer-token/src/main.rs:9: …` without the folder, which differs with the machine and with
/// whose code it is: `stopped at src/main.rs:9: …`; and so for `[steps/…/src/main.rs:7:5] …`, as `dbg!` prints it. A
/// crate keeps its name.
fn without_folder(line: &str) -> String {
    let Some((before, after)) = line.split_once(".rs:") else { return line.to_owned() };
    let begin = before.rfind([' ', '[', '(', '`']).map_or(0, |at| at + 1);
    let (words, place) = before.split_at(begin);
    let place = place.replace('\\', "/");
    let file = match place.rsplit_once("src/") {
        Some((folder, file)) => format!("{}src/{file}", crate_of(folder).unwrap_or_default()),
        None => place,
    };
    format!("{words}{file}.rs:{after}")
}

/// `axum-0.8.9/`, where the folder is a crate's; a step's folder has no version.
fn crate_of(folder: &str) -> Option<String> {
    let name = folder.trim_end_matches('/').rsplit('/').next()?;
    let (_, version) = name.rsplit_once('-')?;
    version.contains('.').then(|| format!("{name}/"))
}

/// A token, a key, a hash or a point in time differs in every run: `…`. Where numbers are `#` by now, it is
/// shorter.
fn without_secrets(line: &str, shortest: usize) -> String {
    let ends_word = |letter: char| !(letter.is_ascii_alphanumeric() || "#_-.".contains(letter));
    let is_digit = |letter: char| letter == '#' || letter.is_ascii_digit();
    let is_a_time = |word: &str| word.len() == 10 && word.chars().all(|c| c.is_ascii_digit());
    let random = |word: &str| word.len() >= shortest && word.contains(is_digit) || is_a_time(word);
    without_salt(line)
        .split_inclusive(ends_word)
        .map(|piece| {
            let word = piece.trim_end_matches(ends_word);
            if random(word) { piece.replacen(word, "…", 1) } else { piece.to_owned() }
        })
        .collect()
}

/// `$argon2id$v=#$m=19456,t=2,p=1$SALT$OUTPUT` without salt and output.
fn without_salt(line: &str) -> String {
    let Some((before, hash)) = line.split_once("$argon") else { return line.to_owned() };
    let end = hash.find([' ', '"', '\'', '`', ')', '\\']).unwrap_or(hash.len());
    let kept: Vec<&str> = hash[..end].split('$').take(3).collect();
    format!("{before}$argon{}$…{}", kept.join("$"), &hash[end..])
}

/// `step_06_current_user::CurrentUser`, as axum names a type, is `CurrentUser`: whose crate it is does not count.
fn without_crate(line: &str) -> String {
    const BEFORE: &str = " of type `";
    let is_name = |name: &str| name.chars().all(|c| "_#".contains(c) || c.is_ascii_alphanumeric());
    match line.split_once(BEFORE).map(|(words, path)| (words, path.split_once("::"))) {
        Some((words, Some((name, rest)))) if is_name(name) => format!("{words}{BEFORE}{rest}"),
        _ => line.to_owned(),
    }
}

/// Numbers become `#`, but for the parameters of a hash: `m=19456,t=2,p=1`.
fn without_numbers(line: &str) -> String {
    let mut text = String::new();
    for letter in line.trim_end().chars() {
        let before = text.trim_end_matches(|digit: char| digit.is_ascii_digit());
        let is_a_parameter = ["$m=", ",t=", ",p="].iter().any(|name| before.ends_with(name));
        match letter {
            '0'..='9' if is_a_parameter => text.push(letter),
            '0'..='9' if text.ends_with('#') => {}
            '0'..='9' => text.push('#'),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::testing;

    fn of_words(actual: &str) -> Vec<String> {
        read(&testing::check("one", "x", actual))
    }

    fn alike(expected: &str, known: &str, seen: &str) -> bool {
        let symptom = |came: &str| {
            let exchange = |response: &str| format!("GET / HTTP/1.1\n\nHTTP/1.1 {response}");
            read(&testing::check("one", &exchange(expected), &exchange(came)))
        };
        are_alike(&symptom(known), &symptom(seen))
    }

    #[test]
    fn statuses_come_before_headers_and_these_before_the_body() {
        let wanted = "401 No\na: 1\nb: 1\n\n{\n  \"detail\": 1,\n  \"other\": 1\n}";
        let with = |old: &str, new: &str| wanted.replace(old, new);
        let ok = with("401 No", "200 OK");
        assert!(alike(wanted, &ok, &ok.replace("detail", "token")));
        assert!(!alike(wanted, &ok, &with("401 No", "403 No")));
        assert!(!alike(wanted, &ok, &with("a: 1", "a: 2")));
        assert!(alike(wanted, &with("a: 1", "a: 2"), &with("a: 1\n", "").replace("detail", "x")));
        assert!(!alike(wanted, &with("a: 1", "a: 2"), &with("b: 1", "b: 2")));
        let detail = with("detail\": 1", "detail\": 2");
        assert!(
            alike(wanted, &detail, &with("\"detail\": 1", "\"text\": 2")),
            "the same is missing"
        );
        assert!(!alike(wanted, &detail, &with("other\": 1", "other\": 2")));
    }

    #[test]
    fn another_error_code_is_another_kind() {
        let wanted = "400 No\n\n{\n  \"error\": \"invalid_grant\",\n  \"text\": \"a\"\n}";
        let code = wanted.replace("grant", "request").replace("\"a\"", "\"b\"");
        assert!(alike(wanted, &code, &code.replace("\"b\"", "\"c\"")), "its text is free");
        assert!(!alike(wanted, &code, &wanted.replace("\"a\"", "\"b\"")), "the code is right");
        assert!(!alike(wanted, &code, &wanted.replace("grant", "scope")));
        let own = |word: &str| wanted.replace("invalid_grant", word);
        assert!(alike(wanted, &own("bad_login"), &own("wrong_password")), "no code at all");
    }

    #[test]
    fn of_words_the_first_line_counts_without_names() {
        let alike = |known: &str, seen: &str| are_alike(&of_words(known), &of_words(seen));
        let stopped = |why: &str| format!("no answer: your code stopped at src/main.rs:9: {why}");
        assert!(alike(&stopped("no header"), &stopped("called `unwrap`")));
        assert!(!alike(&stopped("no"), "no answer: your code stopped at src/guard.rs:9"));
        assert!(alike("it prints `a`\nmine", "it prints `b`\nyours"));
        assert!(!alike("it prints `a`", "it keeps `a`"));
        assert!(!alike("GET /\n\nHTTP/1.1 401 No", "GET /\n\nHTTP/1.1 403 Never"));
    }

    #[test]
    fn what_a_hash_costs_is_no_number_among_others() {
        assert_ne!(of_words("$v=19$m=19456,t=2,p=1"), of_words("$v=19$m=8,t=2,p=1"));
        assert_eq!(of_words("item=19"), of_words("item=7"));
    }

    #[test]
    fn what_is_random_does_not_count() {
        let printed = |secret: &str| of_words(&format!("key = \"{secret}\""));
        assert_eq!(printed("9f86d081884c7d659a2feaa0c55ad015"), ["key = \"…\""]);
        assert_eq!(printed("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.x-4"), ["key = \"…\""]);
        assert_eq!(
            printed("a_long_word_without_any_number"),
            ["key = \"a_long_word_without_any_number\""]
        );
    }

    #[test]
    fn the_value_of_a_token_does_not_count() {
        assert!(are_alike(&of_words("`secret`"), &of_words("`test-token`")));
        assert!(!are_alike(&of_words("`secret`"), &of_words("the same token twice")));
    }

    #[test]
    fn the_folder_of_a_panic_does_not_count() {
        let at = |place: &str| of_words(&format!("stopped at {place}: no"));
        assert_eq!(at("steps/03-x/src/main.rs:41"), ["stopped at src/main.rs:#: no"]);
        assert_eq!(at(r"steps\03-x\src\main.rs:4"), at("mistake-03-y/src/main.rs:173"));
        let of_a_crate = |home: &str| at(&format!("{home}axum-0.8.9/src/a.rs:7"));
        assert_eq!(of_a_crate("/home/ann/.cargo/"), ["stopped at axum-#.#.#/src/a.rs:#: no"]);
        assert_eq!(of_a_crate("C:\\cargo\\"), of_a_crate(""));
        assert_eq!(at("nowhere"), ["stopped at nowhere: no"]);
    }

    #[test]
    fn the_package_that_prints_itself_does_not_count() {
        let printed =
            |package: &str| of_words(&format!("[{package}src/main.rs:7:5] &token = \"abc\""));
        assert_eq!(printed("steps/08-x/"), ["[src/main.rs:#:#] &token = \"abc\""]);
        assert_eq!(printed("steps/08-x/"), printed("changed-08-1/"));
        assert_eq!(of_words("[steps\\3\\src\\main.rs:7"), ["[src/main.rs:#"]);
    }

    #[test]
    fn the_crate_of_a_type_does_not_count() {
        let missing = |path: &str| of_words(&format!("Extension of type `{path}` was not found"));
        assert_eq!(missing("changed_06_1::User"), ["Extension of type `User` was not found"]);
        assert_eq!(missing("step_06_current_user::User"), missing("User"));
    }

    #[test]
    fn salt_and_time_do_not_count() {
        let printed =
            |salt: &str| of_words(&format!("hash: \"$argon2id$v=19$m=8,t=1,p=1${salt}\""));
        assert_eq!(printed("c2FsdHNhbHQ$b3V0/+put"), printed("YW5vdGhlciE$bm9uZQ"));
        assert_eq!(printed("a$b"), ["hash: \"$argon#id$v=#$m=8,t=1,p=1$…\""]);
        assert_eq!(without_secrets("\"expires_in\": 1796112000", 32), "\"expires_in\": …");
        assert_eq!(without_secrets("\"expires_in\": 900", 32), "\"expires_in\": 900");
    }
}
