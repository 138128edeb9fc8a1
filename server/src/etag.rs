//! Answers with an ETag: a phone on a bad line asks "still the same?" and pays for one header.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    auth::hash,
    error::{Error, Result},
};

/// The value as JSON, or 304 if the caller has it already.
pub fn json(request: &HeaderMap, value: &impl Serialize) -> Result<Response> {
    json_as(request, &of(value)?, value)
}

/// The tag of a value.
pub fn of(value: &impl Serialize) -> Result<String> {
    let body = serde_json::to_vec(value).map_err(Error::internal)?;
    Ok(format!("\"{}\"", hex::encode(&hash(&body)[..12])))
}

/// The same under a tag of its own: for an answer that leaves out what the caller says it has.
pub fn json_as(request: &HeaderMap, tag: &str, value: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_vec(value).map_err(Error::internal)?;
    let etag = HeaderValue::try_from(tag).map_err(Error::internal)?;
    // Compression marks a tag as weak; the content is the same.
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
    };
    response.headers_mut().insert(header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}
