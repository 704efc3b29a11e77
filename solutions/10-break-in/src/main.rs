//! Step 10: users change their passwords, and nobody breaks in.

use std::{
    collections::BTreeSet,
    env::{self, VarError},
    error::Error,
    fs,
    marker::PhantomData,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
    thread,
    time::Duration,
};

use argon2::{
    ARGON2ID_IDENT, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash,
};
use axum::{
    Form, Json, RequestPartsExt, Router, debug_handler,
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
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Semaphore, task::spawn_blocking, time::timeout};
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
        let scopes = [(ReadMe::NAME, "Read who you are"), (ReadItems::NAME, "Read your items")];
        let password = Flow::Password(Password::new("/token", Scopes::from_iter(scopes)));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([password]));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("OAuth2PasswordBearer", scheme);
    }
}

/// A scope, as a type: the compiler knows it, and its name is written once.
trait Scope {
    const NAME: &'static str;
}

struct ReadMe;

impl Scope for ReadMe {
    const NAME: &'static str = "me";
}

struct ReadItems;

impl Scope for ReadItems {
    const NAME: &'static str = "items";
}

/// What a route requires: nothing, one scope, or two.
trait Required {
    const SCOPES: &'static [&'static str];
}

impl Required for () {
    const SCOPES: &'static [&'static str] = &[];
}

impl<A: Scope> Required for A {
    const SCOPES: &'static [&'static str] = &[A::NAME];
}

impl<A: Scope, B: Scope> Required for (A, B) {
    const SCOPES: &'static [&'static str] = &[A::NAME, B::NAME];
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
    responses((status = 200, description = "The secret", body = Secret), Unauthorized)
)]
#[debug_handler(state = Arc<AppState>)]
async fn secret(_user: CurrentUser) -> Json<Secret> {
    Json(Secret { message: "This is a protected route!" })
}

/// Read who you are
#[utoipa::path(
    get,
    path = "/users/me",
    security(("OAuth2PasswordBearer" = [ReadMe::NAME])),
    responses(
        (status = 200, description = "The user whose token it is", body = User),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler(state = Arc<AppState>)]
async fn me(CurrentUser(user, _): CurrentUser<ReadMe>) -> Json<Arc<User>> {
    Json(user)
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
    security(("OAuth2PasswordBearer" = [ReadMe::NAME, ReadItems::NAME])),
    responses(
        (status = 200, description = "The items of the user whose token it is", body = Vec<OwnItem>),
        Unauthorized,
        Forbidden
    )
)]
#[debug_handler(state = Arc<AppState>)]
async fn own_items(CurrentUser(owner, _): CurrentUser<(ReadMe, ReadItems)>) -> Json<Vec<OwnItem>> {
    Json(vec![OwnItem { id: 1, name: "Teapot", owner: owner.username.clone() }])
}

/// A change of password. The current one shows that it is not somebody who found a token.
#[derive(Deserialize, ToSchema)]
struct PasswordChange {
    #[schema(format = Password)]
    current_password: String,
    #[schema(format = Password, min_length = 15, max_length = 128)]
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
    security(("OAuth2PasswordBearer" = [ReadMe::NAME])),
    request_body = PasswordChange,
    responses(
        (status = 204, description = "It is changed, and every token from before has ended"),
        (status = 400, description = "It is not changed, and why", body = Detail),
        Unauthorized,
        Forbidden,
        ServerError
    )
)]
#[debug_handler]
async fn change_password(
    State(state): State<Arc<AppState>>,
    CurrentUser(user, _): CurrentUser<ReadMe>,
    body: Result<Json<PasswordChange>, JsonRejection>,
) -> response::Result<StatusCode> {
    let Json(change) = body.map_err(|_| PasswordError::UNREADABLE)?;
    // The shortest that NIST SP 800-63B-4 §3.1.1.2 allows where a password is all there is.
    if !(15..=128).contains(&change.new_password.chars().count()) {
        return Err(PasswordError::LENGTH.into());
    }
    let account = state.find_account(&user.username).ok_or(PasswordError::INCORRECT)?;
    if !state.is_right(change.current_password, account.password_hash.clone()).await? {
        return Err(PasswordError::INCORRECT.into());
    }
    let new_hash = state.with_argon2(move || hash_password(&change.new_password)).await?;
    if state.replace_hash(&account, new_hash) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(PasswordError::INCORRECT.into())
    }
}

/// The user whose token the request carries, if the token carries the scopes `S` as well: an argument
/// of this type guards its route.
struct CurrentUser<S = ()>(Arc<User>, PhantomData<S>);

impl<S: Required> FromRequestParts<Arc<AppState>> for CurrentUser<S> {
    type Rejection = AuthError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, AuthError> {
        let BearerToken(token) = parts.extract().await?;
        let claims = state.keys.check(&token).ok_or(AuthError::InvalidToken)?;
        let account = state
            .find_account(&claims.sub)
            .filter(|account| !account.user.disabled && claims.iat >= account.tokens_from)
            .ok_or(AuthError::InvalidToken)?;
        let carries = |required: &&str| claims.scope.split(' ').any(|scope| scope == *required);
        if !S::SCOPES.iter().all(carries) {
            return Err(AuthError::InsufficientScope(S::SCOPES));
        }
        Ok(Self(Arc::clone(&account.user), PhantomData))
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
    /// It carries a good one that may not do this: these scopes are required.
    InsufficientScope(&'static [&'static str]),
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
                let scopes = scopes.join(" ");
                let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scopes}""#);
                (StatusCode::FORBIDDEN, challenge, "Not enough permissions")
            }
        };
        let challenge = [(header::WWW_AUTHENTICATE, challenge)];
        (status, challenge, Json(Detail { detail })).into_response()
    }
}

/// No token, or one that is no good
#[derive(IntoResponses)]
#[response(status = 401, headers(("WWW-Authenticate", description = "The challenge")))]
#[expect(dead_code, reason = "it describes what `AuthError` becomes")]
struct Unauthorized(#[to_schema] Detail);

/// A good token that lacks a scope
#[derive(IntoResponses)]
#[response(status = 403, headers(("WWW-Authenticate", description = "The challenge")))]
#[expect(dead_code, reason = "it describes what `AuthError` becomes")]
struct Forbidden(#[to_schema] Detail);

/// Who somebody is: all that a handler gets, and all that the API tells.
#[derive(Serialize, ToSchema)]
struct User {
    username: String,
    full_name: String,
    disabled: bool,
}

/// What somebody logs in with: one entry of `users.json`.
#[derive(Clone)]
struct Account {
    user: Arc<User>,
    password_hash: StoredHash,
    /// What the user may do at most.
    scopes: BTreeSet<String>,
    /// Tokens from before this second are no good: the password has changed since.
    tokens_from: u64,
}

impl Account {
    fn read(entry: &Value) -> Result<Self, String> {
        let username: String = field(entry, "username")?;
        let hash: String = field(entry, "password_hash")?;
        let password_hash =
            hash.parse().map_err(|why| format!("the password_hash of {username} {why}"))?;
        let full_name = field(entry, "full_name")?;
        let disabled = field(entry, "disabled")?;
        let scopes = field(entry, "scopes")?;
        let user = Arc::new(User { username, full_name, disabled });
        Ok(Self { user, password_hash, scopes, tokens_from: 0 })
    }

    /// The scopes that are asked for (RFC 6749 §3.3), each once, if all of them are the user's own.
    fn grant(&self, asked: &str) -> Result<String, TokenError> {
        if asked.is_empty() {
            return Ok(String::new());
        }
        let asked: BTreeSet<&str> = asked.split(' ').collect();
        if asked.iter().all(|scope| self.scopes.contains(*scope)) {
            Ok(Vec::from_iter(asked).join(" "))
        } else {
            Err(TokenError::INVALID_SCOPE)
        }
    }
}

/// One field of an entry. The error shows no value, as serde's own would: it may be a password.
fn field<T: DeserializeOwned>(entry: &Value, name: &str) -> Result<T, String> {
    let user = entry["username"].as_str().unwrap_or("a user without a name");
    T::deserialize(&entry[name])
        .map_err(|_| format!("the {name} of {user} is missing or of another type"))
}

/// Reads the whole file, or says which user and field cannot be used.
fn read_accounts(path: &Path) -> Result<Vec<Account>, Box<dyn Error>> {
    let entries: Value = serde_json::from_slice(&fs::read(path)?)?;
    let entries = entries.as_array().ok_or("it must be a list of users")?;
    Ok(entries.iter().map(Account::read).collect::<Result<_, _>>()?)
}

/// The file that `USERS_FILE` names, or `users.json` beside this package's Cargo.toml.
fn users_file() -> PathBuf {
    if let Some(path) = env::var_os("USERS_FILE") {
        return path.into();
    }
    println!("USERS_FILE is not set: these are demo users, and their passwords are public");
    concat!(env!("CARGO_MANIFEST_DIR"), "/users.json").into()
}

/// A password's hash that this server can check: argon2id, with salt and output, at a cost that it
/// can bear. The hash itself says what it costs, so one from elsewhere could stop every login.
#[derive(Clone)]
struct StoredHash(PasswordHash);

impl FromStr for StoredHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let hash = PasswordHash::new(text).map_err(|_| "is not a PHC string")?;
        let params = Params::try_from(&hash).map_err(|_| "has parameters that argon2 lacks")?;
        let (m, t) = (params.m_cost(), params.t_cost());
        if hash.algorithm != ARGON2ID_IDENT || hash.version != Some(Version::V0x13.into()) {
            return Err("is not an argon2id hash with v=19");
        }
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err("lacks its salt or its output");
        }
        if m > 1 << 18 || t > 64 || m * t > 1 << 21 {
            return Err("costs too much: at most m=262144, t=64 and m·t=2097152");
        }
        Ok(Self(hash))
    }
}

/// What the handlers share.
struct AppState {
    accounts: RwLock<Vec<Arc<Account>>>,
    /// What an unknown user's password is compared with, so that it takes as long as a known one's.
    nobodys_hash: StoredHash,
    /// As many turns as there are cores: argon2 fills a core and much memory.
    turns: Arc<Semaphore>,
    /// How long a login waits for its turn.
    patience: Duration,
    keys: Keys,
}

impl AppState {
    fn new(accounts: Vec<Account>, patience: Duration, keys: Keys) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            accounts: RwLock::new(accounts.into_iter().map(Arc::new).collect()),
            nobodys_hash: StoredHash(hash_password(&random_secret())),
            turns: Arc::new(Semaphore::new(cores)),
            patience,
            keys,
        }
    }

    fn find_account(&self, username: &str) -> Option<Arc<Account>> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.iter().find(|account| account.user.username == username).cloned()
    }

    /// Gives the user a new hash and ends all tokens from before, unless another change was quicker.
    fn replace_hash(&self, old: &Arc<Account>, new_hash: PasswordHash) -> bool {
        let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        let still_there = accounts.iter_mut().find(|account| Arc::ptr_eq(account, old));
        let Some(account) = still_there else { return false };
        *account = Arc::new(Account {
            password_hash: StoredHash(new_hash),
            tokens_from: old.tokens_from.max(get_current_timestamp()) + 1,
            ..Account::clone(old)
        });
        true
    }

    /// Whether the password belongs to the hash.
    async fn is_right(&self, password: String, hash: StoredHash) -> Result<bool, ServerError> {
        let verify = move || Argon2::default().verify_password(password.as_bytes(), &hash.0);
        match self.with_argon2(verify).await? {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(_) => Err(ServerError::Broken),
        }
    }

    /// Does what takes argon2's time and memory, about 30 ms and 19 MiB, on a thread where it holds up
    /// no other request, and when it is its turn.
    async fn with_argon2<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServerError> {
        let turn = timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| ServerError::Busy)?.expect("nobody closes the semaphore");
        let work = move || {
            let result = work();
            drop(turn);
            result
        };
        spawn_blocking(work).await.map_err(|_| ServerError::Broken)
    }
}

/// An argon2id hash of the password, with a salt of its own.
fn hash_password(password: &str) -> PasswordHash {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the default parameters are valid")
}

/// Why a password was not checked: the server's fault, and never "wrong password".
#[derive(IntoResponses)]
enum ServerError {
    /// Too many logins at once: this one did not get its turn in time
    #[response(status = 503, headers(("Retry-After" = u32, description = "In seconds")))]
    Busy,
    /// Something broke
    #[response(status = 500)]
    Broken,
}

impl IntoResponse for ServerError {
    fn into_response(self) -> Response {
        match self {
            Self::Busy => {
                let body = Json(Detail { detail: "Too many logins at once, try again" });
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], body)
                    .into_response()
            }
            Self::Broken => {
                eprintln!("A password could not be checked: argon2 failed, or its thread panicked");
                let body = Json(Detail { detail: "Internal server error" });
                (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
            }
        }
    }
}

/// The form of a login (RFC 6749 §4.3.2).
#[derive(Deserialize, ToSchema)]
struct Login {
    grant_type: String,
    username: String,
    #[schema(format = Password)]
    password: String,
    /// What the token shall be allowed to do, space-separated (RFC 6749 §3.3).
    #[serde(default)]
    scope: String,
}

/// The response to a good login (RFC 6749 §5.1).
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
struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Keys {
    /// Made from `JWT_SECRET`: HS256 asks for at least 32 bytes (RFC 7518 §3.2).
    fn from_environment() -> Result<Self, Box<dyn Error>> {
        let secret = match env::var("JWT_SECRET") {
            Ok(secret) if secret.len() < 32 => {
                return Err("JWT_SECRET is too short: it needs at least 32 bytes".into());
            }
            Ok(secret) => secret,
            Err(VarError::NotUnicode(_)) => return Err("JWT_SECRET is not Unicode text".into()),
            Err(VarError::NotPresent) => {
                println!(
                    "JWT_SECRET is not set: a random one is used, and tokens end with this server"
                );
                random_secret()
            }
        };
        Ok(Self {
            encoding: EncodingKey::from_secret(secret.as_bytes())?,
            decoding: DecodingKey::from_secret(secret.as_bytes())?,
            validation: validation(),
        })
    }

    /// A new token for the user, who asked for it at this time.
    fn sign(&self, account: &Account, asked_at: u64, scope: &str) -> String {
        let claims = Claims {
            sub: account.user.username.clone(),
            exp: get_current_timestamp() + LIFETIME,
            iat: asked_at.max(account.tokens_from),
            scope: scope.to_owned(),
        };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        token.expect("strings and numbers can be signed")
    }

    /// The claims of a token that we have signed and that is still good.
    fn check(&self, token: &str) -> Option<Claims> {
        let token = decode::<Claims>(token, &self.decoding, &self.validation).ok()?;
        Some(token.claims)
    }
}

/// What is asked of a token, beside our signature.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "sub"]);
    validation
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
        (status = 400, description = "No token, and why", body = TokenError),
        ServerError
    )
)]
#[debug_handler]
async fn token(
    State(state): State<Arc<AppState>>,
    form: Result<Form<Login>, FormRejection>,
) -> response::Result<Token> {
    let Form(login) = form.map_err(|_| TokenError::INVALID_REQUEST)?;
    if login.grant_type.is_empty() || login.username.is_empty() || login.password.is_empty() {
        return Err(TokenError::INVALID_REQUEST.into());
    }
    if login.grant_type != "password" {
        return Err(TokenError::UNSUPPORTED_GRANT_TYPE.into());
    }
    // Taken before the account is looked up: a password that changes meanwhile ends this token, too.
    let asked_at = get_current_timestamp();
    let account = state.find_account(&login.username);
    let hash = account.as_ref().map_or(&state.nobodys_hash, |account| &account.password_hash);
    let right = state.is_right(login.password, hash.clone()).await?;
    let account = account.filter(|account| right && !account.user.disabled);
    let account = account.ok_or(TokenError::INVALID_GRANT)?;
    let scope = account.grant(&login.scope)?;
    let access_token = state.keys.sign(&account, asked_at, &scope);
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
        .with_state(Arc::new(state))
        .split_for_parts();
    router.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
}

/// The number in a variable of the environment, or the default if the variable is not set.
fn number<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    let number = match env::var_os(name) {
        Some(text) => text.to_str().and_then(|text| text.parse().ok()),
        None => Some(default),
    };
    number.ok_or_else(|| format!("{name} must be a whole number that is not too large"))
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
    let path = users_file();
    let accounts = read_accounts(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let patience = Duration::from_millis(number("LOGIN_PATIENCE_MS", 2000)?);
    let state = AppState::new(accounts, patience, Keys::from_environment()?);
    let port: u16 = number("PORT", 3000)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(state)).await?;
    Ok(())
}
