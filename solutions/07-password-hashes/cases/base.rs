//! Step 7: passwords are stored as argon2 hashes, in a file.

use std::{
    collections::HashMap,
    env,
    error::Error,
    fs,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    thread,
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use axum::{
    Form, Json, Router, debug_handler,
    extract::{FromRequestParts, State, rejection::FormRejection},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::Semaphore, task::spawn_blocking};
use utoipa::{
    Modify, OpenApi, ToSchema,
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
    message: &'static str,
}

/// Read the secret
#[utoipa::path(
    get,
    path = "/items/secret",
    security(("OAuth2PasswordBearer" = [])),
    responses(
        (status = 200, description = "The secret", body = Secret),
        (status = 401, description = "No token, or one that is no good", body = Detail)
    )
)]
#[debug_handler(state = AppState)]
async fn secret(_user: CurrentUser) -> Json<Secret> {
    Json(Secret { message: "This is a protected route!" })
}

/// What the API tells about a user: a type of its own, so that no password can slip into it.
#[derive(Serialize, ToSchema)]
struct Profile {
    username: String,
    full_name: String,
    disabled: bool,
}

/// Read who you are
#[utoipa::path(
    get,
    path = "/users/me",
    security(("OAuth2PasswordBearer" = [])),
    responses(
        (status = 200, description = "The user whose token it is", body = Profile),
        (status = 401, description = "No token, or one that is no good", body = Detail)
    )
)]
#[debug_handler(state = AppState)]
async fn me(CurrentUser(user): CurrentUser) -> Json<Profile> {
    Json(Profile { username: user.username, full_name: user.full_name, disabled: user.disabled })
}

/// The user whose token the request carries: an argument of this type guards its route.
struct CurrentUser(User);

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AuthError> {
        let BearerToken(token) = BearerToken::from_request_parts(parts, state).await?;
        let tokens = state.tokens.lock().expect("no holder of the lock panics");
        let username = tokens.get(&token).ok_or(AuthError::InvalidToken)?;
        let user = state.find_user(username).filter(|user| !user.disabled);
        user.cloned().map(Self).ok_or(AuthError::InvalidToken)
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
        let is_one_word = !token.is_empty() && !token.contains([' ', '\t']);
        if scheme.eq_ignore_ascii_case("Bearer") && is_one_word {
            Ok(Self(token.to_owned()))
        } else {
            Err(AuthError::NotAuthenticated)
        }
    }
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

/// Somebody who may log in: one entry of `users.json`.
#[derive(Clone, Deserialize)]
struct User {
    username: String,
    full_name: String,
    /// A PHC string: algorithm, cost, salt and hash in one line.
    password_hash: String,
    disabled: bool,
}

/// Reads the file that `USERS_FILE` names, or `users.json` beside this package's Cargo.toml.
fn read_users() -> Result<Vec<User>, Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/users.json");
    let path = env::var("USERS_FILE").unwrap_or_else(|_| default.to_owned());
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?)
}

/// What the handlers share.
#[derive(Clone)]
struct AppState {
    users: Arc<[User]>,
    /// What an unknown user's password is held against, so that it takes as long as a known one's.
    nobodys_hash: Arc<str>,
    /// How many passwords may be held against hashes at once.
    logins: Arc<Semaphore>,
    /// Every token that was issued, and whose it is.
    tokens: Arc<Mutex<HashMap<String, String>>>,
}

impl AppState {
    fn new(users: Vec<User>) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            users: users.into(),
            nobodys_hash: hash_password(&new_token()).into(),
            logins: Arc::new(Semaphore::new(cores)),
            tokens: Arc::default(),
        }
    }

    fn find_user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }
}

/// The PHC string of an argon2id hash, with a salt of its own.
fn hash_password(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the default parameters are valid").to_string()
}

/// Whether the password belongs to the hash.
///
/// argon2 is slow and large on purpose, about 30 ms and 19 MiB: it runs on a thread where it holds up
/// no other request, and not more often at once than there are cores.
async fn is_right(state: &AppState, password: String, hash: String) -> bool {
    let logins = Arc::clone(&state.logins);
    let permit = logins.acquire_owned().await.expect("nobody closes the semaphore");
    let verify = move || {
        let right = Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        drop(permit);
        right
    };
    spawn_blocking(verify).await.unwrap_or(false)
}

/// The form of a login (RFC 6749 §4.3.2).
#[derive(Deserialize, ToSchema)]
struct Login {
    grant_type: String,
    username: String,
    password: String,
}

/// The answer to a good login (RFC 6749 §5.1).
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

/// The answer to any other login (RFC 6749 §5.2).
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
    State(state): State<AppState>,
    form: Result<Form<Login>, FormRejection>,
) -> Result<Token, TokenError> {
    let Form(login) = form.map_err(|_| TokenError::INVALID_REQUEST)?;
    if login.grant_type.is_empty() || login.username.is_empty() || login.password.is_empty() {
        return Err(TokenError::INVALID_REQUEST);
    }
    if login.grant_type != "password" {
        return Err(TokenError::UNSUPPORTED_GRANT_TYPE);
    }
    let user = state.find_user(&login.username);
    let hash = user.map_or(&*state.nobodys_hash, |user| &user.password_hash);
    let right = is_right(&state, login.password, hash.to_owned()).await;
    let user = user.filter(|user| right && !user.disabled).ok_or(TokenError::INVALID_GRANT)?;
    let access_token = new_token();
    let mut tokens = state.tokens.lock().expect("no holder of the lock panics");
    tokens.insert(access_token.clone(), user.username.clone());
    Ok(Token { access_token, token_type: "bearer" })
}

fn app(state: AppState) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .routes(routes!(token))
        .routes(routes!(me))
        .with_state(state)
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [command, password] = arguments.as_slice()
        && command == "hash"
    {
        println!("{}", hash_password(password));
        return Ok(());
    }
    let state = AppState::new(read_users()?);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(state)).await?;
    Ok(())
}
