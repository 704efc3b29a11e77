//! Step 10: users change their passwords, and nobody breaks in.

use std::{
    env,
    error::Error,
    fs,
    net::Ipv4Addr,
    sync::{Arc, PoisonError, RwLock},
    thread,
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use axum::{
    Form, Json, Router, debug_handler,
    extract::{
        FromRequestParts, State,
        rejection::{FormRejection, JsonRejection},
    },
    http::{StatusCode, header, request::Parts},
    response::{self, IntoResponse, Response},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp,
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
        let scopes = [("me", "Read who you are"), ("items", "Read your items")];
        let password = Flow::Password(Password::new("/token", Scopes::from_iter(scopes)));
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

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self { username: user.username, full_name: user.full_name, disabled: user.disabled }
    }
}

/// Read who you are
#[utoipa::path(
    get,
    path = "/users/me",
    security(("OAuth2PasswordBearer" = ["me"])),
    responses(
        (status = 200, description = "The user whose token it is", body = Profile),
        (status = 401, description = "No token, or one that is no good", body = Detail),
        (status = 403, description = "The token lacks a scope", body = Detail)
    )
)]
#[debug_handler(state = AppState)]
async fn me(current: CurrentUser) -> Result<Json<Profile>, AuthError> {
    Ok(Json(current.with_scopes("me")?.into()))
}

#[derive(Serialize, ToSchema)]
struct OwnItem {
    id: u32,
    name: &'static str,
    owner: String,
}

/// Read your items
#[utoipa::path(
    get,
    path = "/users/me/items",
    security(("OAuth2PasswordBearer" = ["me", "items"])),
    responses(
        (status = 200, description = "The items of the user whose token it is", body = Vec<OwnItem>),
        (status = 401, description = "No token, or one that is no good", body = Detail),
        (status = 403, description = "The token lacks a scope", body = Detail)
    )
)]
#[debug_handler(state = AppState)]
async fn own_items(current: CurrentUser) -> Result<Json<Vec<OwnItem>>, AuthError> {
    let owner = current.with_scopes("me items")?;
    Ok(Json(vec![OwnItem { id: 1, name: "Teapot", owner: owner.username }]))
}

/// A change of password. The current one shows that it is not somebody who found a token.
#[derive(Deserialize, ToSchema)]
struct PasswordChange {
    current_password: String,
    #[schema(min_length = 15, max_length = 128)]
    new_password: String,
}

/// Why a password stays as it is.
struct PasswordError(&'static str);

impl PasswordError {
    const UNREADABLE: Self = Self("Send JSON with current_password and new_password");
    const INCORRECT: Self = Self("Incorrect password");
    const LENGTH: Self = Self("The new password must have 15 to 128 characters");
}

impl IntoResponse for PasswordError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(Detail { detail: self.0 })).into_response()
    }
}

/// Change your password
#[utoipa::path(
    put,
    path = "/users/me/password",
    security(("OAuth2PasswordBearer" = ["me"])),
    request_body = PasswordChange,
    responses(
        (status = 204, description = "It is changed, and every token from before has ended"),
        (status = 400, description = "It is not changed, and why", body = Detail),
        (status = 401, description = "No token, or one that is no good", body = Detail),
        (status = 403, description = "The token lacks a scope", body = Detail)
    )
)]
#[debug_handler]
async fn change_password(
    State(state): State<AppState>,
    current: CurrentUser,
    body: Result<Json<PasswordChange>, JsonRejection>,
) -> response::Result<StatusCode> {
    let user = current.with_scopes("me")?;
    let Json(change) = body.map_err(|_| PasswordError::UNREADABLE)?;
    // The shortest that NIST SP 800-63B-4 §3.1.1.2 allows where a password is all there is.
    if !(15..=128).contains(&change.new_password.chars().count()) {
        return Err(PasswordError::LENGTH.into());
    }
    if !state.is_right(change.current_password, user.password_hash.clone()).await {
        return Err(PasswordError::INCORRECT.into());
    }
    let new_hash = state.with_argon2(move || hash_password(&change.new_password)).await;
    if state.replace_hash(&user, new_hash) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(PasswordError::INCORRECT.into())
    }
}

/// The user whose token the request carries, and what the token may do.
struct CurrentUser {
    user: User,
    scope: String,
}

impl CurrentUser {
    /// The user, if the token carries every one of these scopes (space-separated).
    fn with_scopes(self, required: &'static str) -> Result<User, AuthError> {
        let carries = |wanted: &str| self.scope.split(' ').any(|scope| scope == wanted);
        if required.split(' ').all(carries) {
            Ok(self.user)
        } else {
            Err(AuthError::InsufficientScope(required))
        }
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AuthError> {
        let BearerToken(token) = BearerToken::from_request_parts(parts, state).await?;
        let claims = state.keys.check(&token).ok_or(AuthError::InvalidToken)?;
        let user = state
            .find_user(&claims.sub)
            .filter(|user| !user.disabled && claims.iat >= user.tokens_from)
            .ok_or(AuthError::InvalidToken)?;
        Ok(Self { user, scope: claims.scope })
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
    /// It carries a good one that may not do this: these scopes are required.
    InsufficientScope(&'static str),
}

#[derive(Serialize, ToSchema)]
struct Detail {
    detail: &'static str,
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let unauthorized = StatusCode::UNAUTHORIZED;
        let (status, challenge, detail) = match self {
            Self::NotAuthenticated => (unauthorized, "Bearer".to_owned(), "Not authenticated"),
            Self::InvalidToken => {
                let challenge = r#"Bearer error="invalid_token""#.to_owned();
                (unauthorized, challenge, "Could not validate credentials")
            }
            Self::InsufficientScope(scopes) => {
                let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scopes}""#);
                (StatusCode::FORBIDDEN, challenge, "Not enough permissions")
            }
        };
        let challenge = [(header::WWW_AUTHENTICATE, challenge)];
        (status, challenge, Json(Detail { detail })).into_response()
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
    /// What the user may do at most.
    scopes: Vec<String>,
    /// Tokens from before this second are no good: the password has changed since.
    #[serde(skip)]
    tokens_from: u64,
}

impl User {
    /// The scopes that the user asks for, if each of them is the user's own.
    fn grant(&self, asked: &str) -> Result<String, TokenError> {
        let asked: Vec<&str> = asked.split_ascii_whitespace().collect();
        if asked.iter().all(|scope| self.scopes.iter().any(|own| own == scope)) {
            Ok(asked.join(" "))
        } else {
            Err(TokenError::INVALID_SCOPE)
        }
    }
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
    users: Arc<RwLock<Vec<User>>>,
    /// What an unknown user's password is held against, so that it takes as long as a known one's.
    nobodys_hash: Arc<str>,
    /// How many passwords may be held against hashes at once.
    logins: Arc<Semaphore>,
    keys: Keys,
}

impl AppState {
    fn new(users: Vec<User>, keys: Keys) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            users: Arc::new(RwLock::new(users)),
            nobodys_hash: hash_password(&random_secret()).into(),
            logins: Arc::new(Semaphore::new(cores)),
            keys,
        }
    }

    fn find_user(&self, username: &str) -> Option<User> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.iter().find(|user| user.username == username).cloned()
    }

    /// Gives the user a new hash and ends all tokens from before, unless another change was quicker.
    fn replace_hash(&self, old: &User, new_hash: String) -> bool {
        let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
        let same = |user: &&mut User| {
            user.username == old.username && user.password_hash == old.password_hash
        };
        let Some(user) = users.iter_mut().find(same) else { return false };
        user.password_hash = new_hash;
        user.tokens_from = user.tokens_from.max(get_current_timestamp()) + 1;
        true
    }

    /// Whether the password belongs to the hash.
    async fn is_right(&self, password: String, hash: String) -> bool {
        let verify =
            move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
        self.with_argon2(verify).await
    }

    /// Does what takes argon2's time and room, about 30 ms and 19 MiB: on a thread where it holds up no
    /// other request, and not more often at once than there are cores.
    async fn with_argon2<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let logins = Arc::clone(&self.logins);
        let permit = logins.acquire_owned().await.expect("nobody closes the semaphore");
        let work = move || {
            let result = work();
            drop(permit);
            result
        };
        spawn_blocking(work).await.expect("argon2 does not panic")
    }
}

/// The PHC string of an argon2id hash, with a salt of its own.
fn hash_password(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the default parameters are valid").to_string()
}

/// The form of a login (RFC 6749 §4.3.2).
#[derive(Deserialize, ToSchema)]
struct Login {
    grant_type: String,
    username: String,
    password: String,
    /// What the token shall be allowed to do, space-separated (RFC 6749 §3.3).
    #[serde(default)]
    scope: String,
}

/// The answer to a good login (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
struct Token {
    access_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: u64,
    /// What was granted, if anything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
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
    const INVALID_SCOPE: Self =
        Self { error: "invalid_scope", error_description: "You may not have that scope" };
    const INVALID_GRANT: Self =
        Self { error: "invalid_grant", error_description: "Incorrect username or password" };
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(self)).into_response()
    }
}

/// What a token says (RFC 7519 §4.1): whose it is, and until when it is good, in seconds since 1970.
#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    /// When it was issued.
    #[serde(default)]
    iat: u64,
    /// Space-separated, as in RFC 8693 §4.2; a token without it may do nothing.
    #[serde(default)]
    scope: String,
}

/// How long a token is good, in seconds.
const LIFETIME: u64 = 15 * 60;

/// What signs tokens and checks them. It has no `Debug`: what cannot be printed is not logged.
#[derive(Clone)]
struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Keys {
    /// Made from `JWT_SECRET`: HS256 asks for at least 32 bytes (RFC 7518 §3.2).
    fn from_environment() -> Result<Self, Box<dyn Error>> {
        let secret = match env::var("JWT_SECRET") {
            Ok(secret) if secret.len() < 32 => {
                return Err("JWT_SECRET is too short: it needs at least 32 bytes".into());
            }
            Ok(secret) => secret,
            Err(_) => {
                println!(
                    "JWT_SECRET is not set: a random one is used, and tokens end with this server"
                );
                random_secret()
            }
        };
        Ok(Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
        })
    }

    /// A new token for the user, who asked for it at this time.
    fn sign(&self, user: &User, asked_at: u64, scope: &str) -> String {
        let claims = Claims {
            sub: user.username.clone(),
            exp: get_current_timestamp() + LIFETIME,
            iat: asked_at.max(user.tokens_from),
            scope: scope.to_owned(),
        };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        token.expect("a text and a number can be signed")
    }

    /// The claims of a token that we have signed and that is still good.
    fn check(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "sub"]);
        let token = decode::<Claims>(token, &self.decoding, &validation).ok()?;
        Some(token.claims)
    }
}

/// What nobody guesses: 256 random bits.
fn random_secret() -> String {
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
    // Taken before the password is looked up: one that changes meanwhile ends this token, too.
    let asked_at = get_current_timestamp();
    let user = state.find_user(&login.username);
    let hash = user.as_ref().map_or(&*state.nobodys_hash, |user| &user.password_hash);
    let right = state.is_right(login.password, hash.to_owned()).await;
    let user = user.filter(|user| right && !user.disabled).ok_or(TokenError::INVALID_GRANT)?;
    let scope = user.grant(&login.scope)?;
    let access_token = state.keys.sign(&user, asked_at, &scope);
    let scope = Some(scope).filter(|scope| !scope.is_empty());
    Ok(Token { access_token, token_type: "bearer", expires_in: LIFETIME, scope })
}

fn app(state: AppState) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(items))
        .routes(routes!(secret))
        .routes(routes!(token))
        .routes(routes!(me))
        .routes(routes!(own_items))
        .routes(routes!(change_password))
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
    let state = AppState::new(read_users()?, Keys::from_environment()?);
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(state)).await?;
    Ok(())
}
