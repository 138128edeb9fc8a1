//! The two apps, from inside the binary, and the readable page of the API.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{app::App, config::AppName, error::Error};

/// Nothing from elsewhere, nothing inline.
pub const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// The page of the API draws itself with inline styles; nobody's words are on it.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What devices ask for by themselves when they look for a newer app, and what they get while a broken one is taken off them.
const WORKERS: &[(AppName, &str)] = &[(AppName::Client, "sw.js"), (AppName::Team, "team/sw.js")];
const REPLACEMENT: &str = "sw-replace.js";

/// `/api/openapi.json` and, for people, `/api/docs`.
pub fn docs(description: Arc<OpenApi>) -> Router<App> {
    let page = SwaggerUi::new("/api/docs").config(Config::from("/api/openapi.json"));
    Router::from(page)
        .layer(middleware::map_response(docs_policy))
        .route("/api/openapi.json", get(move || async move { Json(description.as_ref().clone()) }))
}

async fn docs_policy(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_POLICY));
    response
}

/// The client's app at `/`, the team's at `/team/`; both route inside themselves, so a page below them is the
/// app itself. What is asked of the API and is not there is a problem, not a page.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("/api/") {
        return Error::NotFound.into_response();
    }
    if path == "/team" {
        return Redirect::permanent("/team/").into_response();
    }
    let mut wanted = path.trim_start_matches('/');
    if WORKERS.iter().any(|(of, path)| *path == wanted && app.config.replace_service_worker.contains(of)) {
        wanted = REPLACEMENT;
    }
    let page = if wanted.starts_with("team/") { "team/index.html" } else { "index.html" };
    let is_file = wanted.rsplit('/').next().is_some_and(|name| name.contains('.'));
    match web_assets::get(wanted) {
        Some(asset) if !wanted.is_empty() => file(request.headers(), wanted, asset),
        _ if is_file => Error::NotFound.into_response(),
        _ => match web_assets::get(page) {
            Some(asset) => file(request.headers(), page, asset),
            None => Error::NotFound.into_response(),
        },
    }
}

fn file(request: &HeaderMap, path: &str, asset: web_assets::Asset) -> Response {
    // Names under assets/ hold a hash of their content; everything else is asked for again each time.
    let keep = if web_assets::is_immutable(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == asset.etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.content_type)], Body::from(asset.bytes.into_owned())).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::try_from(&asset.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

pub async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}
