//! The Authorization header, row by row: asked of step 3 and of every step after it.

mod b64token;

use harness::{Failure, check, check_afresh, exchange};

#[test]
fn refuses_a_request_without_a_token() {
    check(|server| exchange!(server.get("/items/secret")));
}

#[test]
fn refuses_another_scheme() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Basic b2xhOm9sYQ=="))
    });
}

#[test]
fn refuses_a_longer_scheme() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Bearers sesame"))?;
        exchange!(server.get("/items/secret").header("authorization", "NotBearer sesame"))
    });
}

#[test]
fn refuses_a_scheme_without_a_token() {
    check(|server| exchange!(server.get("/items/secret").header("authorization", "Bearer")));
}

#[test]
fn refuses_blanks_in_place_of_a_token() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Bearer ").byte_by_byte())?;
        exchange!(server.get("/items/secret").header("authorization", "Bearer   ").byte_by_byte())
    });
}

#[test]
fn refuses_a_token_of_two_words() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("open sesame"))?;
        exchange!(server.get("/items/secret").bearer("open\tsesame"))
    });
}

#[test]
fn refuses_a_tab_after_the_scheme() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Bearer\tsesame"))?;
        exchange!(server.get("/items/secret").bearer("\tsesame"))
    });
}

#[test]
fn refuses_the_scheme_twice() {
    check(|server| exchange!(server.get("/items/secret").bearer("Bearer sesame")));
}

#[test]
fn refuses_a_scheme_glued_to_the_token() {
    check(|server| exchange!(server.get("/items/secret").header("authorization", "Bearersesame")));
}

#[test]
fn refuses_a_header_that_is_cut_short() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Bea"))?;
        exchange!(server.get("/items/secret").header("authorization", ""))
    });
}

#[test]
fn refuses_two_authorization_headers() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("sesame").bearer("sesame").byte_by_byte())
    });
}

#[test]
fn refuses_bytes_outside_ascii() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("sésame").byte_by_byte())?;
        exchange!(
            server.get("/items/secret").header("authorization", b"Bearer s\xe9same").byte_by_byte()
        )
    });
}

#[test]
fn refuses_a_token_in_the_address() {
    check(|server| {
        exchange!(server.get("/items/secret?access_token=sesame"))?;
        exchange!(server.get("/items/secret?token=sesame"))
    });
}

#[test]
fn refuses_a_token_in_a_cookie() {
    check(|server| {
        exchange!(server.get("/items/secret").header("cookie", "access_token=sesame; token=sesame"))
    });
}

#[test]
fn keeps_tokens_out_of_its_output() {
    check_afresh(|server| {
        for credentials in
            ["Bearer open-sesame-1", "Bearer closed-sesame-2 twice", "Token closed-sesame-3"]
        {
            server.get("/items/secret").header("authorization", credentials).send()?;
        }
        let printed = server.printed()?;
        let which = match (printed.contains("open-sesame-1"), printed.contains("closed-sesame-")) {
            (true, true) => "the token of a good header and that of a bad one",
            (true, false) => "the token of a good header",
            (false, true) => "the token of a bad header",
            (false, false) => return Ok(()),
        };
        let lines: Vec<&str> = printed.lines().filter(|line| line.contains("-sesame-")).collect();
        let printed = format!("{which} is printed:\n{}", lines.join("\n"));
        Err(Failure::new("no token in what the server prints", printed))
    });
}
