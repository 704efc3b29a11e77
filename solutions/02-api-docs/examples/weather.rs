//! A sibling of step 2: prints the document of an API with two routes.

use std::error::Error;

use axum::{Json, Router, debug_handler, routing::get};
use serde::Serialize;
use utoipa::{ToSchema, openapi::Info};
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(Serialize, ToSchema)]
struct Weather {
    celsius: i8,
    sky: &'static str,
}

/// Say how the weather is
#[utoipa::path(
    get,
    path = "/weather",
    responses((status = 200, description = "The weather now", body = Weather))
)]
#[debug_handler]
async fn weather() -> Json<Weather> {
    Json(Weather { celsius: 17, sky: "cloudy" })
}

#[debug_handler]
async fn umbrella() -> &'static str {
    "Take one."
}

fn main() -> Result<(), Box<dyn Error>> {
    let router = OpenApiRouter::new().routes(routes!(weather)).route("/umbrella", get(umbrella));
    let (_, mut document): (Router, _) = router.split_for_parts();
    document.info = Info::new("Weather API", "1.0.0");
    println!("{}", document.to_pretty_json()?);
    Ok(())
}
