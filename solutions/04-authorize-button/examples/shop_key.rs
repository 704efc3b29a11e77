//! A sibling of step 4: the document of a shop says that `/stock` takes an API key.

use tokio::net::TcpListener;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(info(title = "Teapot shop", version = "1.0.0"), modifiers(&ShopKey))]
struct ShopDoc;

struct ShopKey;

impl Modify for ShopKey {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let key = ApiKey::Header(ApiKeyValue::new("X-Api-Key"));
        let scheme = SecurityScheme::ApiKey(key);
        let mut components = Components::new();
        components.security_schemes.insert("ShopKey".to_owned(), scheme.into());
        openapi.components = Some(components);
    }
}

/// Find the shop
#[utoipa::path(get, path = "/", responses((status = 200, description = "Its address")))]
async fn address() -> &'static str {
    "1 Spout Street"
}

/// Count the teapots
#[utoipa::path(
    get,
    path = "/stock",
    responses((status = 200, description = "How many there are")),
    security(("ShopKey" = []))
)]
async fn stock() -> &'static str {
    "12 teapots"
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (router, document) = OpenApiRouter::with_openapi(ShopDoc::openapi())
        .routes(routes!(address))
        .routes(routes!(stock))
        .split_for_parts();
    let app = router.merge(SwaggerUi::new("/docs").url("/openapi.json", document));
    let listener = TcpListener::bind("127.0.0.1:3204").await?;
    axum::serve(listener, app).await
}
