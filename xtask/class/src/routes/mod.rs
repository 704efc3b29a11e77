//! What can be asked, by audience: anybody, a learner, the instructor, a projector.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    middleware::{from_fn, map_response},
    response::Response,
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    limits,
    scope::{AdminClass, ReadClass, Scope, ShowClass, WriteProgress},
    state::Board,
};

pub mod instructor;
pub mod join;
pub mod learner;
pub mod page;
pub mod projector;
pub mod token;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "The board",
        version = "1.0.0",
        description = "Who is where, who is stuck, who raises a hand. A learner trades the room's code for a key at \
            `/join`, and the key for a token at `/token`, by an extension grant (RFC 6749 §4.5) that OpenAPI has no name for.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&OAuth2PasswordBearer)
)]
struct ApiDoc;

/// The security scheme: a password is exchanged for a bearer token at `/token`.
struct OAuth2PasswordBearer;

impl Modify for OAuth2PasswordBearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scopes = [
            (ReadClass::NAME, "Read the class, with names"),
            (AdminClass::NAME, "Change the class"),
            (ShowClass::NAME, "See the class without names"),
            (WriteProgress::NAME, "Report progress: learners only, with their keys"),
        ];
        let password = Flow::Password(Password::new("/token", Scopes::from_iter(scopes)));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([password]));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("OAuth2PasswordBearer", scheme);
    }
}

fn api() -> OpenApiRouter<Arc<Board>> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(join::join))
        .routes(routes!(token::token))
        .routes(routes!(learner::me, learner::leave))
        .routes(routes!(learner::report))
        .routes(routes!(instructor::class))
        .routes(routes!(instructor::follow))
        .routes(routes!(instructor::export_csv))
        .routes(routes!(instructor::export_json))
        .routes(routes!(instructor::go_to))
        .routes(routes!(instructor::timer))
        .routes(routes!(instructor::lock))
        .routes(routes!(instructor::remove))
        .routes(routes!(instructor::reset))
        .routes(routes!(projector::show))
        .routes(routes!(projector::follow))
}

/// The document that describes all of it.
pub fn document() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// All that the board serves.
pub fn app(board: Arc<Board>) -> Router {
    let page = page::routes(board.course.planned.clone());
    let (api, document) = api().with_state(board).split_for_parts();
    api.merge(page)
        .layer(map_response(no_sniffing))
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .layer(from_fn(limits::whole_body))
}

/// What the board sends is what it says it is, is kept by nobody, and is shown in nobody else's page.
async fn no_sniffing(mut response: Response) -> Response {
    let fields: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
             form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in fields {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
