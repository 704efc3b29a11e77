//! A secret that the server cannot use.

use std::ffi::OsString;

use harness::{Setup, check_program};

/// Long enough, and not Unicode: bytes that are not UTF-8.
#[cfg(unix)]
fn not_unicode() -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec([b"a secret of thirty-two bytes and ".as_slice(), b"\xff"].concat())
}

/// Long enough, and not Unicode: half of a surrogate pair.
#[cfg(windows)]
fn not_unicode() -> OsString {
    use std::os::windows::ffi::OsStringExt;
    let text = "a secret of thirty-two bytes and ".encode_utf16();
    OsString::from_wide(&text.chain([0xd800]).collect::<Vec<u16>>())
}

/// A server that takes it for one that is not set draws a random one, and no other server accepts its tokens.
#[test]
fn refuses_to_start_with_a_secret_that_is_not_text() {
    check_program(|| {
        let ended = Setup::new().with("JWT_SECRET", not_unicode()).run(&[])?;
        ended.refuses("a JWT_SECRET that is not text", &[], Some("thirty-two"))
    });
}
