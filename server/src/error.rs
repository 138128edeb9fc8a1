//! What can go wrong for a caller, the status it gets, and the words it reads (RFC 9457).
//!
//! A caller hears nothing of what broke inside; the log hears everything, and nobody's words.

use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no valid token")]
    Unauthorised,
    #[error("not allowed")]
    Forbidden,
    #[error("not found")]
    NotFound,
    #[error("conflict: {0}")]
    Conflict(&'static str),
    #[error("not looked at: {0}")]
    LookFirst(&'static str),
    #[error("invalid")]
    Invalid(Vec<FieldError>),
    #[error("a rota with an uncovered minute")]
    Uncovered(Vec<FieldError>),
    #[error("code not valid")]
    CodeNotValid,
    #[error("wrong e-mail or password")]
    WrongSignIn,
    #[error("session ended")]
    SessionEnded,
    #[error("this phone was signed out by its owner's team, or by its owner")]
    DeviceRevoked,
    #[error("no such kind of operation")]
    UnknownKind,
    #[error("too many tries")]
    TooManyTries { retry_after: i64 },
    #[error("body too large")]
    TooLarge,
    #[error("content type not understood")]
    UnsupportedMediaType,
    #[error("database busy")]
    Busy,
    #[error("took too long")]
    Slow,
    #[error("method not allowed")]
    MethodNotAllowed,
    #[error("{0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A problem, as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the `code` says which problem it is.
    pub r#type: &'static str,
    pub title: String,
    pub status: u16,
    /// Stable; for programs.
    pub code: &'static str,
    /// A sentence a person can act on.
    pub detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl Error {
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    fn describe(&self) -> (StatusCode, &'static str, &str) {
        use StatusCode as S;
        match self {
            Self::Unauthorised => (S::UNAUTHORIZED, "unauthorised", "Please sign in again."),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "Your role does not allow this."),
            Self::NotFound => (S::NOT_FOUND, "not_found", "There is nothing here that you can see."),
            Self::Conflict(detail) => (S::CONFLICT, "conflict", detail),
            Self::LookFirst(detail) => (S::CONFLICT, "look_first", detail),
            Self::Invalid(_) => {
                (S::UNPROCESSABLE_ENTITY, "invalid", "Some of this could not be understood. Nothing was changed.")
            }
            Self::Uncovered(_) => (
                S::UNPROCESSABLE_ENTITY,
                "uncovered",
                "There are times in the next 14 days when nobody is on. Fill them, or name somebody who is rung then. Nothing was changed.",
            ),
            Self::CodeNotValid => (
                S::NOT_FOUND,
                "code_not_valid",
                "This code does not work. It may have been used, or be more than 72 hours old. Ask your worker for a new one.",
            ),
            Self::WrongSignIn => (S::UNAUTHORIZED, "wrong_sign_in", "This e-mail and password do not belong together."),
            Self::SessionEnded => (S::UNAUTHORIZED, "session_ended", "This phone or browser has been signed out."),
            Self::DeviceRevoked => (
                S::UNAUTHORIZED,
                "device_revoked",
                "This phone has been signed out for good. To use the app on it, ask your team for a new code.",
            ),
            Self::UnknownKind => (
                S::UNPROCESSABLE_ENTITY,
                "unknown_kind",
                "This was made by a newer app than the server knows. It is safe to send it again later.",
            ),
            Self::TooManyTries { .. } => (
                S::TOO_MANY_REQUESTS,
                "too_many_tries",
                "There were too many tries. Please wait a little and try again.",
            ),
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "too_large",
                "This is larger than what can be taken here. Please make it smaller.",
            ),
            Self::UnsupportedMediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send JSON, with the header Content-Type: application/json.",
            ),
            Self::Busy => (
                S::SERVICE_UNAVAILABLE,
                "busy",
                "The server is busy. Nothing was changed. Please try again in a moment.",
            ),
            Self::Slow => (
                S::SERVICE_UNAVAILABLE,
                "busy",
                "This took too long. It may have gone through; it is safe to send the same again.",
            ),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "method_not_allowed", "This address exists, but not for this method.")
            }
            Self::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Something failed on our side. Please try again; what you sent is safe to send again.",
            ),
        }
    }
}

impl Error {
    /// What a caller reads of it.
    pub fn problem(&self) -> Problem {
        let (status, code, detail) = self.describe();
        Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.to_owned(),
            errors: if let Self::Invalid(errors) | Self::Uncovered(errors) = self {
                errors.clone()
            } else {
                Vec::new()
            },
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, _) = self.describe();
        if status.is_server_error() {
            tracing::error!(code, error = %self, "a request failed");
        }
        let mut response = (status, Json(self.problem())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::TooManyTries { retry_after } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after.max(1)));
            }
            Self::Busy | Self::Slow => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        response
    }
}

impl Error {
    /// Whether a row is there and cannot be understood.
    pub fn is_unreadable(&self) -> bool {
        let Self::Internal(error) = self else { return false };
        matches!(error.downcast_ref(), Some(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => Self::Busy,
            sqlx::Error::Database(e) if e.message().contains("database is locked") => Self::Busy,
            // PostgreSQL broke a deadlock or a conflict of transactions, is starting or stopping, or has no
            // connection left: nothing was changed, trying again helps.
            sqlx::Error::Database(e)
                if matches!(
                    e.code().as_deref(),
                    Some("40P01" | "40001" | "53300" | "55P03" | "57P01" | "57P02" | "57P03")
                ) =>
            {
                Self::Busy
            }
            other => Self::internal(other),
        }
    }
}

/// Collects what is wrong with a body, field by field, in words for the person who typed it.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    pub fn check(&mut self, ok: bool, field: &str, message: impl Into<String>) -> &mut Self {
        if !ok {
            self.0.push(FieldError { field: field.to_owned(), message: message.into() });
        }
        self
    }

    /// A text that must be there and has at most `most` characters.
    pub fn text(&mut self, value: &str, field: &str, most: usize) -> &mut Self {
        self.check(!value.trim().is_empty(), field, "Please fill this in.");
        self.at_most(Some(value), field, most)
    }

    /// A text that may be missing and has at most `most` characters.
    pub fn at_most(&mut self, value: Option<&str>, field: &str, most: usize) -> &mut Self {
        let fits = value.is_none_or(|v| v.chars().count() <= most);
        self.check(fits, field, format!("Please keep this to {most} characters."))
    }

    pub fn done(&mut self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(std::mem::take(&mut self.0))) }
    }
}

/// A JSON body; what is wrong with it is told as a problem.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Error::UnsupportedMediaType),
            Err(JsonRejection::BytesRejection(e)) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Error::TooLarge)
            }
            // serde's own words name the field and what was expected, and quote values only of known kinds;
            // they go back to the sender and nowhere else.
            Err(e) => Err(Error::field("body", e.body_text())),
        }
    }
}

/// `/{id}` and the like; one that cannot be an id is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path: Result<axum::extract::Path<T>, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|p| Self(p.0)).map_err(|_| Error::NotFound)
    }
}

/// `?from=…`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let query: Result<axum::extract::Query<T>, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|q| Self(q.0)).map_err(|e| Error::field("query", e.body_text()))
    }
}
