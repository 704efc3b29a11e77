//! Every operation of the document with every kind of token. What is refused changes nothing: the database is compared,
//! not the status alone.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use workshop_class::{guard::INSTRUCTOR, routes, tokens::Claims};

use crate::support::{
    client::{Client, json},
    databases::on_both,
};

/// An operation of the document.
struct Operation {
    method: String,
    path: String,
    /// What it requires, if it is guarded.
    scope: Option<String>,
    body: Value,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(routes::document()).expect("it is JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("it has paths") {
        for (method, operation) in item.as_object().expect("it has operations") {
            let scopes = &operation["security"][0]["OAuth2PasswordBearer"];
            if let Some(scopes) = scopes.as_array() {
                assert_eq!(scopes.len(), 1, "{method} {path} requires one scope");
                assert!(operation["responses"]["401"].is_object(), "{method} {path} declares 401");
                assert!(operation["responses"]["403"].is_object(), "{method} {path} declares 403");
            }
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                scope: scopes[0].as_str().map(str::to_owned),
                body: body(
                    &document,
                    &operation["requestBody"]["content"]["application/json"]["schema"],
                ),
            });
        }
    }
    operations
}

/// A body that the operation accepts, from the document's own examples.
fn body(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().expect("it has a name");
        return body(document, &document["components"]["schemas"][name]);
    }
    if schema["type"] == "array" {
        return json!([body(document, &schema["items"])]);
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    match schema["properties"].as_object() {
        Some(properties) => {
            properties.iter().map(|(name, it)| (name.clone(), it["example"].clone())).collect()
        }
        None => Value::Null,
    }
}

/// What comes of a request with a certain token.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// It carries these scopes, and is otherwise good.
    Good(&'static str),
    NoGood,
}

/// Every kind of token, with a name.
async fn tokens(client: &Client, learner: &str, gone: &str) -> Vec<(&'static str, String, Fate)> {
    let good = async |sub: &str, scope| (client.token(sub, scope).await, Fate::Good(scope));
    let claims =
        client.claims(INSTRUCTOR, "class:read class:admin class:show progress:write").await;
    let sign = |claims: &Claims| client.board.keys.sign_claims(claims);
    let class = client.board.store.class().await.expect("there is a class");
    let signed = |algorithm, typ: &str, key: &str| {
        let mut header = Header::new(algorithm);
        header.typ = Some(typ.to_owned());
        encode(&header, &claims, &EncodingKey::from_secret(key.as_bytes()))
            .expect("it can be signed")
    };
    let whole = sign(&claims);
    let (_, rest) = whole.split_once('.').expect("it has three parts");
    let (payload, signature) = rest.split_once('.').expect("it has three parts");
    let other = Client::on_a_file().await;
    let mut tokens = Vec::new();
    for (name, (token, fate)) in [
        ("learner", good(learner, "progress:write").await),
        ("instructor", good(INSTRUCTOR, "class:read class:admin").await),
        ("read only", good(INSTRUCTOR, "class:read").await),
        ("show", good(INSTRUCTOR, "class:show").await),
        ("no scope", good(INSTRUCTOR, "").await),
    ] {
        tokens.push((name, token, fate));
    }
    for (name, token) in [
        ("garbage", "sesame".to_owned()),
        ("expired", sign(&Claims { exp: claims.iat - 60, ..claims.clone() })),
        ("before tokens_from", sign(&Claims { iat: claims.iat - 1, ..claims.clone() })),
        ("other audience", sign(&Claims { aud: "another".to_owned(), ..claims.clone() })),
        ("other issuer", sign(&Claims { iss: "another".to_owned(), ..claims.clone() })),
        ("unknown sub", sign(&Claims { sub: "nobody".to_owned(), ..claims.clone() })),
        ("removed learner", client.token(gone, "progress:write").await),
        ("other class", other.instructor().await),
        ("forged", signed(Algorithm::HS256, "at+jwt", "a key of an attacker's own, 32 bytes")),
        ("no secret", signed(Algorithm::HS256, "at+jwt", "")),
        ("other algorithm", signed(Algorithm::HS512, "at+jwt", &class.signing_key)),
        ("other kind", signed(Algorithm::HS256, "JWT", &class.signing_key)),
        ("alg none", format!("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.{payload}.")),
        (
            "signature of another",
            format!("{}.{signature}", client.instructor().await.rsplit_once('.').expect("parts").0),
        ),
    ] {
        tokens.push((name, token, Fate::NoGood));
    }
    tokens
}

#[tokio::test]
async fn every_operation_is_open_to_its_scope_and_to_nothing_else() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        let mut open = Vec::new();
        for operation in operations() {
            match &operation.scope {
                Some(scope) => guards(&client, &operation, scope).await,
                None => open.push(format!("{} {}", operation.method, operation.path)),
            }
        }
        assert_eq!(open, ["POST /join", "POST /token"]);
    })
    .await;
}

async fn guards(client: &Client, operation: &Operation, scope: &str) {
    let store = &client.board.store;
    // Every token that was asked for before is no good now.
    store.reset().await.expect("it is stored");
    store.set_password("a password of the class").await.expect("it is stored");
    let (learner, other, gone) =
        (client.learner("Ada").await, client.learner("Bob").await, client.learner("Eve").await);
    store.remove(&gone).await.expect("it is stored");
    let path = operation.path.replace("{id}", &learner);
    let request = |token: &str| json(&operation.method, &path, token, &operation.body);
    let mut requests = vec![
        ("none", request(""), None),
        (
            "in the address",
            json(
                &operation.method,
                &format!("{path}?access_token={}", client.instructor().await),
                "",
                &operation.body,
            ),
            None,
        ),
    ];
    let mut two = request(&client.instructor().await);
    let again = two.headers()[header::AUTHORIZATION].clone();
    two.headers_mut().append(header::AUTHORIZATION, again);
    requests.push(("two headers", two, None));
    let mut allowed: Vec<(&str, Request<Body>)> = Vec::new();
    for (name, token, fate) in tokens(client, &learner, &gone).await {
        match fate {
            Fate::Good(scopes) if scopes.split(' ').any(|carried| carried == scope) => {
                allowed.push((name, request(&token)));
            }
            fate => requests.push((name, request(&token), Some(fate))),
        }
    }
    let before = store.dump().await.expect("it can be read");
    for (name, request, fate) in requests {
        let answer = client.send(request).await;
        let at = format!("{} {path} with {name}", operation.method);
        let insufficient = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
        let (status, challenge, detail) = match fate {
            None => (StatusCode::UNAUTHORIZED, "Bearer", "Not authenticated"),
            Some(Fate::NoGood) => (
                StatusCode::UNAUTHORIZED,
                r#"Bearer error="invalid_token""#,
                "Could not validate credentials",
            ),
            Some(Fate::Good(_)) => {
                (StatusCode::FORBIDDEN, &*insufficient, "Not enough permissions")
            }
        };
        assert_eq!((answer.status, answer.challenge()), (status, challenge), "{at}");
        assert_eq!(answer.json(), json!({"detail": detail}), "{at}");
        assert_eq!(store.dump().await.expect("it can be read"), before, "{at} changed something");
    }
    assert!(!allowed.is_empty(), "{} {path} is open to nobody", operation.method);
    let row = async |id: &str| store.learner(id).await.expect("it can be read");
    for (name, request) in allowed {
        let at = format!("{} {path} with {name}", operation.method);
        let (before, others) = (store.dump().await.expect("it can be read"), row(&other).await);
        let answer = client.send(request).await;
        assert!(answer.status.is_success(), "{at}: {} {}", answer.status, answer.body);
        let after = store.dump().await.expect("it can be read");
        assert_eq!(before == after, operation.method == "GET", "{at}: only a GET changes nothing");
        if operation.path != "/class/reset" {
            assert_eq!(row(&other).await, others, "{at} changed another learner");
        }
    }
}
