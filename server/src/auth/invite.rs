//! A worker invites a client: a code that can be read aloud, as QR, link and text.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Record,
    app::App,
    auth::hash,
    error::{Error, Result},
    ids::{ClientId, OrganisationId, WorkerId},
};

/// No two of these look or sound alike when read aloud over a bad line: no B and 8, I, L and 1, O and 0, S and
/// 5, Z and 2. 25 signs nine times are 41.8 bits.
const ALPHABET: &[u8; 25] = b"ACDEFGHJKMNPQRTUVWXY34679";
const LENGTH: usize = 9;
const LIFETIME: Duration = Duration::hours(72);

#[derive(Debug, Serialize, ToSchema)]
pub struct Invite {
    /// `ABC-DEF-GHJ`
    pub code: String,
    pub url: String,
    /// The link as a QR code: an SVG document.
    pub qr_svg: String,
    pub expires_at: DateTime<Utc>,
}

/// Invites the client. Older codes that were not used go on working until they run out.
#[utoipa::path(post, path = "/api/v1/team/clients/{id}/invites", params(("id" = Uuid, Path)), responses((status = 201, body = Invite)))]
pub async fn create(State(app): State<App>, record: Record) -> Result<(StatusCode, Json<Invite>)> {
    let invite = make(&app, record.organisation, record.client, Some(record.worker.id)).await?;
    Ok((StatusCode::CREATED, Json(invite)))
}

pub async fn make(app: &App, organisation: OrganisationId, client: ClientId, by: Option<WorkerId>) -> Result<Invite> {
    let code = new_code(app);
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO invite (organisation_id, id, client_id, code_hash, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organisation)
    .bind(app.new_id::<Uuid>())
    .bind(client)
    .bind(hash(code.as_bytes()))
    .bind(by)
    .bind(now)
    .bind(now + LIFETIME)
    .execute()
    .await?;
    tx.commit().await?;
    let code = [&code[..3], &code[3..6], &code[6..]].join("-");
    let url = format!("{}/#/join/{code}", app.config.public_url.trim_end_matches('/'));
    let qr = qrcode::QrCode::new(&url).map_err(Error::internal)?;
    let qr_svg = qr.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(Invite { code, url, qr_svg, expires_at: now + LIFETIME })
}

fn new_code(app: &App) -> String {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let [byte] = app.chance.bytes::<1>();
        // 250 is the last multiple of 25 in a byte: what is above would favour the first signs.
        if byte < 250 {
            code.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        }
    }
    code
}

/// What was typed, as a code: capitals, without what people put between the parts. `None` if it cannot be one.
pub fn normal(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    (code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_at_least_40_bits() {
        assert!((ALPHABET.len() as f64).log2() * LENGTH as f64 >= 40.0);
    }

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        assert_eq!(normal(" acd-efg hjk "), Some("ACDEFGHJK".into()));
        assert_eq!(normal("ACD-EFG"), None);
        assert_eq!(normal("ACD-EFG-HJ0"), None);
    }
}
