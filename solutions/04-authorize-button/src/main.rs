//! Step 4: declare the scheme, and Swagger UI shows a padlock and an Authorize button.

use std::{env, error::Error, net::Ipv4Addr};

use axum::{
    Json, Router, debug_handler,
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tokio::net::TcpListener;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

// ANCHOR: document
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Items API",
        version = "1.0.0",
        description = "The workshop's API: two items and a secret.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&OAuth2PasswordBearer)
)]
struct ApiDoc;
// ANCHOR_END: document

// ANCHOR: scheme
/// The security scheme: a password is exchanged for a bearer token at `/token`.
struct OAuth2PasswordBearer;

impl Modify for OAuth2PasswordBearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        // BEGIN SOLUTION
        let password = Flow::Password(Password::new("/token", Scopes::new()));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([password]));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("OAuth2PasswordBearer", scheme);
        // END SOLUTION
        //~ // TODO 1: add the scheme `OAuth2PasswordBearer` to `openapi.components`.
    }
}
// ANCHOR_END: scheme

#[derive(Serialize, ToSchema)]
struct Item {
    id: u32,
    name: &'static str,
}

/// List the items
#[utoipa::path(
    get,
    path = "/items",
    responses((status = 200, description = "Every item", body = Vec<Item>))
)]
#[debug_handler]
async fn items() -> Json<Vec<Item>> {
    Json(vec![Item { id: 1, name: "Teapot" }, Item { id: 2, name: "Lantern" }])
}

#[derive(Serialize, ToSchema)]
struct Secret {
    token: String,
    message: &'static str,
}

// ANCHOR: secret
/// Read the secret
#[utoipa::path(
    get,
    path = "/items/secret",
    // BEGIN SOLUTION
    security(("OAuth2PasswordBearer" = [])),
    // END SOLUTION
    //~ // TODO 2: say that this operation requires the scheme.
    responses(
        (status = 200, description = "The secret", body = Secret),
        (status = 401, description = "No bearer token", body = Detail)
    )
)]
#[debug_handler]
async fn secret(BearerToken(token): BearerToken) -> Json<Secret> {
    Json(Secret { token, message: "This is a protected route!" })
}
// ANCHOR_END: secret

/// The bearer token of a request (RFC 6750 §2.1): an argument of this type guards its route.
struct BearerToken(String);

impl<S: Send + Sync> FromRequestParts<S> for BearerToken {
    type Rejection = NotAuthenticated;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, NotAuthenticated> {
        let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Err(NotAuthenticated);
        };
        let credentials = header.to_str().map_err(|_| NotAuthenticated)?;
        let (scheme, token) = credentials.split_once(' ').ok_or(NotAuthenticated)?;
        let token = token.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("Bearer") && is_b64token(token) {
            Ok(Self(token.to_owned()))
        } else {
            Err(NotAuthenticated)
        }
    }
}

/// Whether it is one token as RFC 6750 §2.1 defines it: letters, digits and `-._~+/`, then any number of `=`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
}

/// The request carries no usable bearer token: 401 and the challenge (RFC 6750 §3).
struct NotAuthenticated;

#[derive(Serialize, ToSchema)]
struct Detail {
    detail: &'static str,
}

impl IntoResponse for NotAuthenticated {
    fn into_response(self) -> Response {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        let body = Json(Detail { detail: "Not authenticated" });
        (StatusCode::UNAUTHORIZED, challenge, body).into_response()
    }
}

fn app() -> Router {
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = match env::var_os("PORT") {
        Some(port) => port.to_str().and_then(|port| port.parse().ok()),
        None => Some(3000),
    };
    let port: u16 = port.ok_or("PORT must be a number from 0 to 65535")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await?;
    Ok(())
}
