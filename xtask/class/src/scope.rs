//! What a token may do. A scope is a type: the compiler knows it, and its name is written once.

/// A scope (RFC 6749 §3.3).
pub trait Scope {
    /// As a token has it.
    const NAME: &'static str;
}

/// A learner reports progress: the learner's own row, and no other.
pub struct WriteProgress;

impl Scope for WriteProgress {
    const NAME: &'static str = "progress:write";
}

/// Read the class, with names.
pub struct ReadClass;

impl Scope for ReadClass {
    const NAME: &'static str = "class:read";
}

/// Change the class.
pub struct AdminClass;

impl Scope for AdminClass {
    const NAME: &'static str = "class:admin";
}

/// See the class without names: for a projector, which everybody in the room reads.
pub struct ShowClass;

impl Scope for ShowClass {
    const NAME: &'static str = "class:show";
}

/// What the instructor may ask for; `None` for a scope that is not theirs (RFC 6749 §5.2, `invalid_scope`). Asking
/// for none gets none, as in the course.
pub fn of_the_instructor(asked: &str) -> Option<String> {
    const THEIRS: [&str; 3] = [AdminClass::NAME, ReadClass::NAME, ShowClass::NAME];
    if asked.is_empty() {
        return Some(String::new());
    }
    let asked: Vec<&str> = asked.split(' ').collect();
    let theirs = asked.iter().all(|scope| THEIRS.contains(scope));
    let granted: Vec<&str> = THEIRS.into_iter().filter(|scope| asked.contains(scope)).collect();
    theirs.then(|| granted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructor_gets_what_is_asked_for_once_and_nothing_else() {
        let granted = |asked| of_the_instructor(asked);
        assert_eq!(
            granted("class:read class:admin class:read").as_deref(),
            Some("class:admin class:read")
        );
        assert_eq!(granted("class:show").as_deref(), Some("class:show"));
        assert_eq!(granted("").as_deref(), Some(""));
        for refused in
            ["progress:write", "class:read  class:admin", " class:read", "class", "CLASS:READ"]
        {
            assert_eq!(granted(refused), None, "{refused}");
        }
    }
}
