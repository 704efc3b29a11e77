//! The Authorization header, row by row: asked of step 3 and of every step after it.

mod b64token;

use harness::{Secret, check, check_afresh, draw, exchange, no_traces};

#[test]
fn refuses_a_request_without_a_token() {
    check(|server| {
        let refused = exchange!(server.get("/items/secret"))?;
        let mut request = server.get("/items/secret").header("x-access-token", "sesame");
        for name in ["token", "x-auth-token", "x-authorization", "proxy-authorization"] {
            request = request.header(name, "Bearer sesame");
        }
        refused.same_for(request)?;
        refused.same_for(server.get("/items/secret").header("accept", OF_A_PAGE))?;
        let head = server.request("HEAD", "/items/secret").send()?;
        if head.response.status < 400 {
            return Err(head.failure("a refusal, since GET is refused"));
        }
        Ok(())
    });
}

/// What a browser accepts when somebody opens a page.
const OF_A_PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[test]
fn refuses_another_scheme() {
    check(|server| {
        let basic = server.get("/items/secret").header("authorization", "Basic b2xhOm9sYQ==");
        let refused = exchange!(basic)?;
        let others = ["Token", "Digest", "ApiKey", "JWT", "Negotiate", "Mac", "DPoP"];
        let letters = draw::letters("other scheme", 6);
        for scheme in [draw::one_of("scheme", &others), letters] {
            let credentials = format!("{scheme} sesame");
            refused.same_for(server.get("/items/secret").header("authorization", credentials))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_a_longer_scheme() {
    check(|server| {
        let longer = server.get("/items/secret").header("authorization", "Bearers sesame");
        let refused = exchange!(longer)?;
        exchange!(server.get("/items/secret").header("authorization", "NotBearer sesame"))?;
        let endings = ["Bearer2", "Bearer-", "Bearer_token", "BearerToken"];
        let beginnings = ["XBearer", "X-Bearer", "MyBearer", "Bearer-Bearer"];
        for scheme in [draw::one_of("scheme", &endings), draw::one_of("other scheme", &beginnings)]
        {
            let credentials = format!("{scheme} sesame");
            refused.same_for(server.get("/items/secret").header("authorization", credentials))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_a_scheme_without_a_token() {
    check(|server| exchange!(server.get("/items/secret").header("authorization", "Bearer")));
}

#[test]
fn refuses_spaces_in_place_of_a_token() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "Bearer "))?;
        exchange!(server.get("/items/secret").header("authorization", "Bearer   "))
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
        let refused = exchange!(server.get("/items/secret").header("authorization", "Bea"))?;
        exchange!(server.get("/items/secret").header("authorization", ""))?;
        let scheme = draw::one_of("scheme", &["B", "Be", "Bea", "Bear", "Beare"]);
        let credentials = format!("{scheme} sesame");
        refused.same_for(server.get("/items/secret").header("authorization", credentials))
    });
}

#[test]
fn refuses_two_authorization_headers() {
    check(|server| {
        let request = || server.get("/items/secret");
        let refused = exchange!(request().bearer("sesame").bearer("sesame"))?;
        let other =
            format!("{} b2xhOm9sYQ==", draw::one_of("scheme", &["Basic", "Digest", "Token"]));
        refused.same_for(request().header("authorization", &other).bearer("sesame"))?;
        refused.same_for(request().bearer("sesame").header("authorization", &other))?;
        refused.same_for(request().bearer("sesame").header("authorization", ""))
    });
}

#[test]
fn refuses_bytes_outside_ascii() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("sésame"))?;
        exchange!(server.get("/items/secret").header("authorization", b"Bearer s\xe9same"))
    });
}

#[test]
fn refuses_a_token_in_the_query() {
    check(|server| {
        let refused = exchange!(server.get("/items/secret?access_token=sesame"))?;
        exchange!(server.get("/items/secret?token=sesame"))?;
        for name in names_for_a_token() {
            refused.same_for(server.get(&format!("/items/secret?{name}=sesame")))?;
        }
        Ok(())
    });
}

#[test]
fn refuses_a_token_in_a_cookie() {
    check(|server| {
        let cookie = "access_token=sesame; token=sesame";
        let refused = exchange!(server.get("/items/secret").header("cookie", cookie))?;
        for name in names_for_a_token() {
            let cookie = format!("{name}=sesame");
            refused.same_for(server.get("/items/secret").header("cookie", cookie))?;
        }
        Ok(())
    });
}

/// What people call a token in an address or a cookie, and what nobody does.
fn names_for_a_token() -> Vec<String> {
    let mut names: Vec<String> = [
        "access_token",
        "accessToken",
        "token",
        "bearer",
        "bearer_token",
        "Bearer",
        "auth",
        "auth_token",
        "authorization",
        "Authorization",
        "jwt",
        "id_token",
        "session",
        "session_id",
        "sid",
        "api_key",
        "key",
    ]
    .map(str::to_owned)
    .into();
    names.push(draw::letters("name", 7));
    names
}

#[test]
fn keeps_tokens_out_of_its_output() {
    check_afresh(|server| {
        let token = |of: &str| Secret::new(format!("the token of {of}"), draw::secret(of));
        let sent = [
            ("Bearer", token("a good header"), ""),
            ("Bearer", token("a header with a word too many"), " twice"),
            ("Token", token("a header of another scheme"), ""),
            ("Bearer", token("a header with bytes outside ASCII"), "\u{e9}"),
        ];
        let one_of_two = token("one of two headers");
        for (scheme, token, rest) in &sent {
            let credentials = format!("{scheme} {}{rest}", token.value);
            server.get("/items/secret").header("authorization", credentials).send()?;
        }
        let request = server.get("/items/secret").bearer(one_of_two.value.as_str());
        request.bearer("sesame").send()?;
        let mut secrets = sent.map(|(_, token, _)| token).to_vec();
        secrets.push(one_of_two);
        no_traces("no token", &server.printed()?, &secrets)
    });
}
