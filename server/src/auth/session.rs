//! A signed-in phone or browser, from its first refresh token to its last.
//!
//! Each use of a refresh token makes the next. Since the next is derived from its number, the same reply can be
//! given twice: a phone that lost it on a bad line may try again until the next one has been used, and for 30 seconds
//! after. Any older token is a replay: somebody else holds a copy, so the whole family ends. A token whose number is still to come was given out by a
//! database that was lost since, and put back from a backup: its phone goes on, and nobody needs a new code.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    access_token::{Claims, LIFETIME, Who},
    hash, same,
};
use crate::{
    access::{Caller, Phone, Role, Worker},
    app::App,
    audit::{self, Actor},
    db::Tx,
    error::{Body, Error, Result},
    ids::{ClientId, DeviceId, OrganisationId, SessionId, WorkerId},
    notify::subscriptions,
};

/// How long the reply to a refresh can be had again once it has been used: what two tabs asked for at once crosses on the way.
const GRACE: Duration = Duration::seconds(30);

/// An opaque token: which row it belongs to, and a secret.
#[derive(Debug)]
pub struct Opaque {
    pub organisation: OrganisationId,
    pub row: Uuid,
    pub secret: [u8; 32],
}

impl Opaque {
    pub fn encode(&self) -> String {
        let bytes = [self.organisation.0.as_bytes(), self.row.as_bytes(), self.secret.as_slice()].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (organisation, rest) = bytes.split_first_chunk::<16>()?;
        let (row, secret) = rest.split_first_chunk::<16>()?;
        Some(Self {
            organisation: OrganisationId(Uuid::from_bytes(*organisation)),
            row: Uuid::from_bytes(*row),
            secret: secret.try_into().ok()?,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: String,
    /// Seconds.
    pub expires_in: i64,
}

/// Whose session it is.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    Device(DeviceId),
    Worker(WorkerId),
}

/// Begins a session.
pub async fn begin(tx: &mut Tx, app: &App, organisation: OrganisationId, owner: Owner) -> Result<Tokens> {
    let id: SessionId = app.new_id();
    let secret = app.master.refresh_secret(organisation.0, id.0, FIRST);
    let (who, device, worker) = match owner {
        Owner::Device(id) => (Who::Phone, Some(id), None),
        Owner::Worker(id) => (Who::Worker, None, Some(id)),
    };
    tx.query(
        "INSERT INTO session (organisation_id, id, device_id, worker_id, token_hash, turn, rotated_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(organisation)
    .bind(id)
    .bind(device)
    .bind(worker)
    .bind(hash(&secret))
    .bind(FIRST)
    .bind(app.now())
    .execute()
    .await?;
    tokens(app, who, organisation, id, FIRST)
}

/// What a phone was given when it joined, for as long as it has never used it: then it may not have heard.
pub async fn first_again(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    device: DeviceId,
) -> Result<Option<Tokens>> {
    let unused: Option<(SessionId,)> = tx
        .query(
            "SELECT id FROM session
             WHERE organisation_id = $1 AND device_id = $2 AND ended_at IS NULL AND turn = $3 AND used_turn IS NULL",
        )
        .bind(organisation)
        .bind(device)
        .bind(FIRST)
        .optional()
        .await?;
    unused.map(|(id,)| tokens(app, Who::Phone, organisation, id, FIRST)).transpose()
}

fn tokens(app: &App, who: Who, organisation: OrganisationId, session: SessionId, number: i64) -> Result<Tokens> {
    let secret = app.master.refresh_secret(organisation.0, session.0, number);
    Ok(Tokens {
        access_token: app.signer.sign(who, organisation, session, number, app.now())?,
        refresh_token: Opaque { organisation, row: session.0, secret }.encode(),
        expires_in: LIFETIME,
    })
}

/// The number of a session's first token.
const FIRST: i64 = 0;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    device_id: Option<DeviceId>,
    token_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    /// The number of the newest token; null for one of the older sort.
    turn: Option<i64>,
    used_turn: Option<i64>,
    rotated_at: DateTime<Utc>,
    stands: bool,
    phone_revoked: bool,
}

impl Row {
    /// The same token as the newest, or the one before it.
    fn knows(&self, given: &[u8]) -> bool {
        same(given, &self.token_hash) || self.just_before(given)
    }

    fn just_before(&self, given: &[u8]) -> bool {
        self.previous_hash.as_deref().is_some_and(|p| same(given, p))
    }

    /// The number of the token that follows on a given one: what was given out before, to whoever asks again, else one that was never given out.
    fn number_after(&self, given: &[u8], number: Option<i64>) -> i64 {
        match self.turn {
            Some(turn) if self.just_before(given) => turn,
            turn => number.into_iter().chain(turn).max().unwrap_or(FIRST) + 1,
        }
    }

    /// Whether somebody has used what came with the newest token, and so has it.
    fn arrived(&self) -> bool {
        self.turn.is_none() || self.used_turn == self.turn
    }

    /// Whether a token of ours with this number is newer than all that this database remembers.
    fn is_ahead(&self, number: Option<i64>) -> bool {
        number.is_some_and(|n| n > self.turn.unwrap_or(-1))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Refresh {
    refresh_token: String,
}

/// The next pair of tokens.
#[utoipa::path(post, path = "/api/v1/auth/refresh", request_body = Refresh, responses((status = 200, body = Tokens)))]
pub async fn refresh(State(app): State<App>, Body(body): Body<Refresh>) -> Result<Json<Tokens>> {
    let token = Opaque::decode(&body.refresh_token).ok_or(Error::SessionEnded)?;
    let (organisation, session) = (token.organisation, SessionId(token.row));
    let row: Row = app
        .db
        .query(
            "SELECT s.device_id, s.token_hash, s.previous_hash, s.turn, s.used_turn, s.rotated_at,
                    s.ended_at IS NULL AND d.revoked_at IS NULL AND COALESCE(w.active, TRUE) AS stands,
                    d.revoked_at IS NOT NULL AS phone_revoked
             FROM session s
             LEFT JOIN device d ON d.organisation_id = s.organisation_id AND d.id = s.device_id
             LEFT JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id
             WHERE s.organisation_id = $1 AND s.id = $2",
        )
        .bind(organisation)
        .bind(session)
        .optional()
        .await?
        .ok_or(Error::SessionEnded)?;
    let given = hash(&token.secret);
    let number = app.master.number_of_refresh_secret(organisation.0, session.0, &token.secret);
    if !row.stands {
        // Only whoever holds a right token is told why: an app wipes itself at this word.
        let right = row.knows(&given) || row.is_ahead(number);
        return Err(if row.phone_revoked && right { Error::DeviceRevoked } else { Error::SessionEnded });
    }
    let who = if row.device_id.is_some() { Who::Phone } else { Who::Worker };
    let next_number = row.number_after(&given, number);
    let next = app.master.refresh_secret(organisation.0, session.0, next_number);
    if same(&given, &row.token_hash) || row.is_ahead(number) {
        rotate(&app, organisation, session, &row.token_hash, &given, (&next, next_number)).await?;
    } else if !row.just_before(&given) || (row.arrived() && app.now() - row.rotated_at > GRACE) {
        replayed(&app, organisation, session).await?;
        return Err(Error::SessionEnded);
    }
    Ok(Json(tokens(&app, who, organisation, session, next_number)?))
}

/// Puts the next token in the place of the given one. Of several tries at once one wins; since all derive the
/// same next token, the others have nothing left to do.
async fn rotate(
    app: &App,
    organisation: OrganisationId,
    session: SessionId,
    newest: &[u8],
    given: &[u8],
    (next, number): (&[u8], i64),
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // The phone first, then its session: the order in which signing a phone out takes them.
    tx.query(
        "UPDATE device SET last_seen_at = $3 WHERE organisation_id = $1
         AND id = (SELECT device_id FROM session WHERE organisation_id = $1 AND id = $2)",
    )
    .bind(organisation)
    .bind(session)
    .bind(app.now())
    .execute()
    .await?;
    tx.query(
        "UPDATE session SET token_hash = $5, previous_hash = $4, turn = $6, rotated_at = $7
         WHERE organisation_id = $1 AND id = $2 AND token_hash = $3",
    )
    .bind(organisation)
    .bind(session)
    .bind(newest)
    .bind(given)
    .bind(hash(next))
    .bind(number)
    .bind(app.now())
    .execute()
    .await?;
    Ok(tx.commit().await?)
}

async fn replayed(app: &App, organisation: OrganisationId, session: SessionId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    end(&mut tx, app, organisation, session).await?;
    let detail = serde_json::json!({ "session": session });
    audit::append(&mut tx, app, organisation, Actor::System, "refresh.replayed", &[], detail).await?;
    tracing::warn!(%session, "an old refresh token came back; its session is ended");
    Ok(tx.commit().await?)
}

async fn end(tx: &mut Tx, app: &App, organisation: OrganisationId, session: SessionId) -> Result<()> {
    tx.query("UPDATE session SET ended_at = $3 WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(organisation)
        .bind(session)
        .bind(app.now())
        .execute()
        .await?;
    subscriptions::end_of_session(tx, app, organisation, session).await
}

/// Signs this phone or browser out. A phone's contact key ends with it: the person chose to leave.
#[utoipa::path(post, path = "/api/v1/auth/sign-out", responses((status = 204)))]
pub async fn sign_out(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    match caller {
        Caller::Phone(phone) => {
            super::device::end(&mut tx, &app, phone.organisation, phone.client, phone.device).await?;
        }
        Caller::Worker(worker) => end(&mut tx, &app, worker.organisation, worker.session).await?,
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The phone whose session this is, if the session stands and the phone has not been revoked.
pub async fn phone(app: &App, claims: &Claims) -> Result<Option<Phone>> {
    let found: Option<(DeviceId, ClientId, DateTime<Utc>, Option<i64>)> = app
        .db
        .query(
            "SELECT d.id, d.client_id,
                    (SELECT MIN(f.joined_at) FROM device f
                     WHERE f.organisation_id = d.organisation_id AND f.client_id = d.client_id) AS joined_at,
                    CASE WHEN COALESCE(s.used_turn, -1) <> s.turn THEN s.turn END AS unused
             FROM session s
             JOIN device d ON d.organisation_id = s.organisation_id AND d.id = s.device_id
             JOIN client c ON c.organisation_id = d.organisation_id AND c.id = d.client_id
             WHERE s.organisation_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND d.revoked_at IS NULL AND c.active",
        )
        .bind(claims.org)
        .bind(claims.sub)
        .optional()
        .await?;
    let Some((device, client, joined_at, unused)) = found else { return Ok(None) };
    note_use(app, claims, unused).await;
    Ok(Some(Phone { organisation: claims.org, client, device, session: claims.sub, joined_at }))
}

/// The worker whose session this is, with the roles held now, if the session stands and they still work here.
pub async fn worker(app: &App, claims: &Claims) -> Result<Option<Worker>> {
    let rows: Vec<(WorkerId, Option<Role>, Option<i64>)> = app
        .db
        .query(
            "SELECT w.id, r.role, CASE WHEN COALESCE(s.used_turn, -1) <> s.turn THEN s.turn END AS unused FROM session s
             JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id
             LEFT JOIN worker_role r ON r.organisation_id = w.organisation_id AND r.worker_id = w.id
             WHERE s.organisation_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND w.active",
        )
        .bind(claims.org)
        .bind(claims.sub)
        .all()
        .await?;
    let Some(&(id, _, unused)) = rows.first() else { return Ok(None) };
    note_use(app, claims, unused).await;
    let roles = rows.into_iter().filter_map(|(_, role, ..)| role).collect();
    Ok(Some(Worker { organisation: claims.org, id, session: claims.sub, roles }))
}

/// The first use of what came with the newest token: it has arrived. Where that cannot be written just now, the next use is.
async fn note_use(app: &App, claims: &Claims, unused: Option<i64>) {
    let Some(turn) = unused.filter(|turn| claims.turn == Some(*turn)) else { return };
    if let Err(error) = arrived(app, claims, turn).await {
        tracing::warn!(session = %claims.sub, %error, "that a token has arrived is not written down yet");
    }
}

async fn arrived(app: &App, claims: &Claims, turn: i64) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE session SET used_turn = $3 WHERE organisation_id = $1 AND id = $2 AND turn = $3")
        .bind(claims.org)
        .bind(claims.sub)
        .bind(turn)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(turn: Option<i64>) -> Row {
        Row {
            device_id: None,
            token_hash: hash(b"newest"),
            previous_hash: Some(hash(b"before")),
            turn,
            used_turn: None,
            rotated_at: DateTime::UNIX_EPOCH,
            stands: true,
            phone_revoked: false,
        }
    }

    #[test]
    fn each_token_follows_on_all_before_it() {
        assert_eq!(row(Some(4)).number_after(&hash(b"newest"), Some(4)), 5);
        assert_eq!(row(Some(4)).number_after(&hash(b"before"), Some(3)), 4, "the same again");
        assert_eq!(row(Some(4)).number_after(&hash(b"ahead"), Some(9)), 10, "of a database that was lost");
        assert_eq!(row(None).number_after(&hash(b"newest"), None), 1, "of the older sort");
        // An older server, in the middle of an upgrade, gave out one without a number.
        assert_eq!(row(Some(4)).number_after(&hash(b"newest"), None), 5);
    }
}
