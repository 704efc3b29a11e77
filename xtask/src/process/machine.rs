//! What the machine lacks when cargo cannot build and names no line of the learner's code.

/// In words: what cargo's own words mean, and what to do about it.
pub(super) fn fault(package: &str, said: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let (means, next) = if has(&["No space left", "os error 112"]) {
        ("The disk is full: cargo cannot write below target/.", "make room (a few GB)")
    } else if has(&["signal: 9", "SIGKILL", "out of memory", "memory allocation of"]) {
        (
            "The system has ended rustc or its linker. It does so when memory runs out.",
            "close other programs and set the variable CARGO_BUILD_JOBS to 1, so that cargo compiles one crate at a time",
        )
    } else if said.contains("linker `") && said.contains("` not found") {
        (
            "A linker is missing, which rustc needs to make a program.",
            "install one (Debian, Ubuntu: `sudo apt install build-essential`; Fedora: `sudo dnf install gcc`; \
             macOS: `xcode-select --install`; Windows: the build tools that https://rustup.rs names), \
             and open a new terminal",
        )
    } else if has(&["incompatible version of rustc", "invalid metadata files", "which depends on"])
    {
        ("What was compiled before is damaged, or was compiled by a different Rust.", "cargo clean")
    } else if has(&["Permission denied", "Read-only file system", "Access is denied"]) {
        (
            "Cargo may not write where it has to.",
            "make the folder that it names, and what is in it, your own; target/ may also be deleted",
        )
    } else {
        ("", "cargo xtask doctor   (it looks at what the workshop needs)")
    };
    let means = if means.is_empty() { String::new() } else { format!("{means}\n") };
    format!(
        "cargo could not build {package}, and what it says names no line of your code.\n{means}\n{}\n\nNext:  {next}",
        said.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_words_lead_to_what_helps() {
        for (said, helps) in [
            ("error: linker `cc` not found", "build-essential"),
            ("error: linking with `cc` failed: signal: 9 (SIGKILL)", "CARGO_BUILD_JOBS"),
            ("error: couldn't create a temp dir: Permission denied (os error 13)", "your own"),
            ("error: Read-only file system (os error 30)", "your own"),
            ("error: No space left on device (os error 28)", "make room"),
            ("error[E0786]: found invalid metadata files for crate `axum`", "cargo clean"),
            ("error: something else", "cargo xtask doctor"),
        ] {
            let fault = fault("step-01", said);
            assert!(fault.contains(said) && fault.contains(helps), "{fault}");
        }
    }
}
