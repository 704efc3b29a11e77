//! How the answer at one check differs from what it should be, without what differs from run to run.

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

/// A line without what is between backquotes: names, and what was drawn.
pub(super) fn without_names(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
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
