//! Step 6: a token leads back to its user.

use std::{
    collections::HashMap,
    env,
    error::Error,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, RequestPartsExt, Router, debug_handler,
    extract::{FromRequestParts, State, rejection::FormRejection},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use utoipa::{
    IntoResponses, Modify, OpenApi, ToSchema,
    openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

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

/// The security scheme: a password is exchanged for a bearer token at `/token`.
struct OAuth2PasswordBearer;

impl Modify for OAuth2PasswordBearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let password = Flow::Password(Password::new("/token", Scopes::new()));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([password]));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("OAuth2PasswordBearer", scheme);
    }
}

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

/// Read the secret
#[utoipa::path(
    get,
    path = "/items/secret",
    security(("OAuth2PasswordBearer" = [])),
    responses((status = 200, description = "The secret", body = Secret), Unauthorized)
)]
#[debug_handler(state = Arc<AppState>)]
// TODO 3: ask for a `CurrentUser`, and leave out the token, here and in `Secret`.
async fn secret(BearerToken(token): BearerToken) -> Json<Secret> {
    Json(Secret { token, message: "This is a protected route!" })
}

/// Read who you are
#[utoipa::path(
    get,
    path = "/users/me",
    security(("OAuth2PasswordBearer" = [])),
    responses((status = 200, description = "The user whose token it is", body = User), Unauthorized)
)]
#[debug_handler(state = Arc<AppState>)]
// TODO 1: ask for a `CurrentUser`, and return the user.
async fn me() -> StatusCode {
    StatusCode::UNAUTHORIZED
}

/// The user whose token the request carries: an argument of this type guards its route.
struct CurrentUser(&'static User);

impl FromRequestParts<Arc<AppState>> for CurrentUser {
    type Rejection = AuthError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, AuthError> {
        // TODO 2: let in the user to whom the bearer token was issued.
        Err(AuthError::NotAuthenticated)
    }
}

/// The bearer token of a request (RFC 6750 §2.1): an argument of this type guards its route.
struct BearerToken(String);

impl<S: Send + Sync> FromRequestParts<S> for BearerToken {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AuthError> {
        let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Err(AuthError::NotAuthenticated);
        };
        let credentials = header.to_str().map_err(|_| AuthError::NotAuthenticated)?;
        let (scheme, token) = credentials.split_once(' ').ok_or(AuthError::NotAuthenticated)?;
        let token = token.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("Bearer") && is_b64token(token) {
            Ok(Self(token.to_owned()))
        } else {
            Err(AuthError::NotAuthenticated)
        }
    }
}

/// Whether it is one token as RFC 6750 §2.1 defines it: letters, digits and `-._~+/`, then any number of `=`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
}

/// Why a request is refused, with the challenge that says so (RFC 6750 §3).
enum AuthError {
    /// The request carries no usable bearer token.
    NotAuthenticated,
    /// It carries one that is no good.
    InvalidToken,
}

#[derive(Serialize, ToSchema)]
struct Detail {
    detail: &'static str,
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let (challenge, detail) = match self {
            Self::NotAuthenticated => ("Bearer", "Not authenticated"),
            Self::InvalidToken => {
                (r#"Bearer error="invalid_token""#, "Could not validate credentials")
            }
        };
        let challenge = [(header::WWW_AUTHENTICATE, challenge)];
        (StatusCode::UNAUTHORIZED, challenge, Json(Detail { detail })).into_response()
    }
}

/// No token, or one that is no good
#[derive(IntoResponses)]
#[response(status = 401, headers(("WWW-Authenticate", description = "The challenge")))]
#[expect(dead_code, reason = "it describes what `AuthError` becomes")]
struct Unauthorized(#[to_schema] Detail);

/// Who somebody is: all that a handler gets, and all that the API tells.
#[derive(Serialize, ToSchema)]
struct User {
    username: &'static str,
    full_name: &'static str,
    disabled: bool,
}

/// What somebody logs in with. The password is stored in clear text: step 7 puts an end to that.
struct Account {
    user: User,
    password: &'static str,
}

const ACCOUNTS: &[Account] = &[
    Account {
        user: User { username: "alice", full_name: "Alice Liddell", disabled: false },
        password: "wonderland",
    },
    Account {
        user: User { username: "carol", full_name: "Carol Singer", disabled: false },
        password: "christmas",
    },
    Account {
        user: User { username: "bob", full_name: "Bob Builder", disabled: true },
        password: "builder",
    },
];

fn find_account(username: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.user.username == username)
}

/// What the handlers share.
#[derive(Default)]
struct AppState {
    /// Every token that was issued, and whose it is.
    tokens: Mutex<HashMap<String, &'static str>>,
}

/// The form of a login (RFC 6749 §4.3.2).
#[derive(Deserialize, ToSchema)]
struct Login {
    grant_type: String,
    username: String,
    #[schema(format = Password)]
    password: String,
}

/// The response to a good login (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
struct Token {
    access_token: String,
    token_type: &'static str,
}

impl IntoResponse for Token {
    fn into_response(self) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

/// The response to any other login (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
struct TokenError {
    error: &'static str,
    error_description: &'static str,
}

impl TokenError {
    const INVALID_REQUEST: Self = Self {
        error: "invalid_request",
        error_description: "Send a form with grant_type, username and password, each once",
    };
    const UNSUPPORTED_GRANT_TYPE: Self = Self {
        error: "unsupported_grant_type",
        error_description: "The grant_type must be password",
    };
    const INVALID_GRANT: Self =
        Self { error: "invalid_grant", error_description: "Incorrect username or password" };
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(self)).into_response()
    }
}

/// A token that nobody guesses: 256 random bits (RFC 6749 §10.10 asks for at least 128).
fn new_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    bytes.map(|byte| format!("{byte:02x}")).concat()
}

/// Log in
#[utoipa::path(
    post,
    path = "/token",
    request_body(content = Login, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A bearer token", body = Token),
        (status = 400, description = "No token, and why", body = TokenError)
    )
)]
#[debug_handler]
async fn token(
    State(state): State<Arc<AppState>>,
    form: Result<Form<Login>, FormRejection>,
) -> Result<Token, TokenError> {
    let Form(login) = form.map_err(|_| TokenError::INVALID_REQUEST)?;
    if login.grant_type.is_empty() || login.username.is_empty() || login.password.is_empty() {
        return Err(TokenError::INVALID_REQUEST);
    }
    if login.grant_type != "password" {
        return Err(TokenError::UNSUPPORTED_GRANT_TYPE);
    }
    // TODO 4: refuse a disabled user, such as bob.
    let may_log_in = |account: &&Account| account.password == login.password;
    let account = find_account(&login.username).filter(may_log_in);
    let account = account.ok_or(TokenError::INVALID_GRANT)?;
    let access_token = new_token();
    let mut tokens = state.tokens.lock().expect("no holder of the lock panics");
    tokens.insert(access_token.clone(), account.user.username);
    Ok(Token { access_token, token_type: "bearer" })
}

fn app() -> Router {
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .routes(routes!(token))
        // TODO 1: add the route `/users/me`.
        .with_state(Arc::<AppState>::default())
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
