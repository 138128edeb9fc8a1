//! "1", by return: a worker answers the text or presses a key in the call, and the gateway brings it here, signed. It counts for
//! the newest ring to that number, once. A text of a client who checks in by text goes on to [`by_text::hear`].

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    address,
    answer::{self, Outcome, Ring, Way},
    gateway::{self, Gateway},
    settings::GatewayKind,
    signature,
};
use crate::{
    app::App,
    auth::hash,
    by_text::hear::{self, Text},
    db::Tx,
    error::{Error, Result},
    ids::DeliveryId,
};

/// What counts as yes.
const YES: &[&str] = &["1", "yes", "ok", "okay", "ie", "iawn"];

/// A reply, as a gateway (or whatever stands between) signs it by Standard Webhooks.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reply {
    /// The worker's or client's number.
    from: String,
    text: String,
    /// The gateway's own, by which it is taken once.
    id: String,
    /// When the gateway had it; now if it is not said.
    at: Option<DateTime<Utc>>,
    /// Another may come with all that this one says: its gateway may begin at 1 again, and does not say when it had it.
    #[serde(skip)]
    may_recur: bool,
    /// A key in a call: it answers that call and is nothing else.
    #[serde(skip)]
    is_key: bool,
    /// The ring that it answers, where that is known: a key is pressed in one call.
    #[serde(skip)]
    ring: Option<DeliveryId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Answered {
    /// What came of it; `null`: it meant nothing here.
    #[schema(value_type = Option<String>)]
    outcome: Option<Outcome>,
}

/// A reply to a ring. JSON with a Standard Webhooks signature, or Twilio's form with its own.
#[utoipa::path(post, path = "/api/v1/gateway/replies", request_body = Reply,
    responses((status = 200, body = Answered), (status = 401, body = crate::error::Problem)))]
pub async fn hear(State(app): State<App>, uri: Uri, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let twilios = header("x-twilio-signature");
    if twilios.is_empty() {
        let signed = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
        let reply = standard(&app, signed, &body)?;
        let outcome = take(&app, &reply).await?.map(Came::outcome);
        return Ok(Json(Answered { outcome }).into_response());
    }
    let form = read_form(&body).ok_or(Error::Unauthorised)?;
    let reply = twilio(&app, twilios, uri.query(), &form)?;
    let outcome = take(&app, &reply).await?;
    let answer = twiml(outcome, reply.is_key);
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], answer).into_response())
}

fn refused() -> Error {
    tracing::warn!("somebody brought a reply whose signature does not fit");
    Error::Unauthorised
}

fn standard(app: &App, signed: (&str, &str, &str), body: &[u8]) -> Result<Reply> {
    let fits =
        |gateway: &&Gateway| gateway.secret().is_some_and(|s| signature::is_standard(s, signed, body, app.now()));
    let mut kinds = app.relays.gateways().filter(fits).map(|gateway| gateway.kind).peekable();
    kinds.peek().ok_or_else(refused)?;
    // What a gateway for calls alone brings is a key that somebody pressed.
    let is_key = kinds.all(|kind| kind == GatewayKind::Voice);
    let mut reply: Reply = serde_json::from_slice(body).map_err(|e| Error::field("body", e.to_string()))?;
    // Two gateways may number alike, and one may begin at 1 again. A text is the one that came before only if it is that very text,
    // from the same moment; where the gateway does not say the moment, if it comes again soon.
    let text = hash(format!("{}\n{:?}\n{}", reply.from, reply.at, reply.text).as_bytes());
    reply.id = format!("standard/{is_key}/{}/{}", reply.id, URL_SAFE_NO_PAD.encode(text));
    reply.may_recur = reply.at.is_none();
    reply.is_key = is_key;
    Ok(reply)
}

fn twilio(app: &App, signature: &str, query: Option<&str>, form: &BTreeMap<String, Vec<String>>) -> Result<Reply> {
    let fits = app.relays.gateways().any(|gateway| {
        let url = match query {
            Some(query) => format!("{}?{query}", gateway.replies_at()),
            None => gateway.replies_at().to_owned(),
        };
        gateway.twilio_auth_token().is_some_and(|token| signature::is_twilios(token, &url, form, signature))
    });
    if !fits {
        return Err(refused());
    }
    let field = |name: &str| form.get(name).and_then(|v| v.first()).cloned().unwrap_or_default();
    // A text comes from the worker; a key is pressed in a call that we made to them.
    let (text, from, id) = match form.contains_key("Digits") {
        true if field("Direction").starts_with("outbound") => (field("Digits"), field("To"), field("CallSid")),
        true => (field("Digits"), field("From"), field("CallSid")),
        false => (field("Body"), field("From"), field("MessageSid")),
    };
    if id.is_empty() {
        return Err(Error::field("body", "A MessageSid or CallSid is needed."));
    }
    let (id, is_key) = (format!("twilio/{id}"), form.contains_key("Digits"));
    Ok(Reply { from, text, id, at: None, may_recur: false, is_key, ring: query.and_then(gateway::ring_in) })
}

fn read_form(body: &[u8]) -> Option<BTreeMap<String, Vec<String>>> {
    let mut url = Url::parse("http://form.invalid/").ok()?;
    url.set_query(Some(std::str::from_utf8(body).ok()?));
    let mut form = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in url.query_pairs() {
        form.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    Some(form)
}

fn means_yes(text: &str) -> bool {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    YES.contains(&plain.as_str())
}

/// What a reply was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// A worker's yes.
    ToARing(Outcome),
    /// A text of a client's. It is answered by a text, so that the answer is as durable as what was taken in.
    FromAClient,
}

impl Came {
    /// What the gateway learns. Of a client's text: that it arrived.
    fn outcome(self) -> Outcome {
        match self {
            Self::ToARing(outcome) => outcome,
            Self::FromAClient => Outcome::Heard,
        }
    }
}

/// What a gateway kept for longer than this counts as heard now.
const KEPT_FOR: Duration = Duration::days(2);
/// A gateway that was not heard brings a reply again within this. What comes later is another, if it may be.
const BROUGHT_AGAIN_WITHIN: Duration = Duration::hours(6);

impl Reply {
    fn heard_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.at.filter(|at| (now - KEPT_FOR..=now).contains(at)).unwrap_or(now)
    }
}

/// Takes a reply in, once.
async fn take(app: &App, reply: &Reply) -> Result<Option<Came>> {
    let mut tx = app.db.begin().await?;
    let first = tx
        .query(
            "INSERT INTO gateway_reply (id_hash, at) VALUES ($1, $2)
             ON CONFLICT (id_hash) DO UPDATE SET at = excluded.at WHERE $3 AND gateway_reply.at < $4",
        )
        .bind(hash(reply.id.as_bytes()))
        .bind(app.now())
        .bind(reply.may_recur)
        .bind(app.now() - BROUGHT_AGAIN_WITHIN)
        .execute()
        .await?;
    let came = match address::number(&reply.from) {
        Ok(number) if first > 0 => from_number(&mut tx, app, &number, reply).await?,
        _ => None,
    };
    tx.commit().await?;
    app.wake();
    Ok(came)
}

/// A number may be a worker's and a client's: a yes is for the ring that is open, everything else is the client's.
async fn from_number(tx: &mut Tx, app: &App, number: &str, reply: &Reply) -> Result<Option<Came>> {
    let client = if reply.is_key { None } else { hear::whose(&mut *tx, app, number).await? };
    if means_yes(&reply.text) {
        let outcome = count(tx, app, number, reply.ring, client.is_some()).await?;
        if let Some(outcome) = outcome {
            return Ok(Some(Came::ToARing(outcome)));
        }
    }
    let Some(client) = client else { return Ok(None) };
    let text = Text { words: &reply.text, id: &reply.id, at: reply.heard_at(app.now()) };
    hear::hear(tx, app, client, text).await?;
    Ok(Some(Came::FromAClient))
}

/// How many of the newest rings to a number a reply may be for.
const LATELY: i64 = 20;

#[derive(sqlx::FromRow)]
struct Lately {
    #[sqlx(flatten)]
    ring: Ring,
    /// It still needs somebody, or is theirs.
    stands: bool,
}

/// Counts a yes from a number for the ring that it answers. Where that is not known, it is the newest that is still of use; if somebody
/// else has that one by now, the newest that still needs somebody. `only_open`: a request that is over or somebody else's is not meant.
async fn count(
    tx: &mut Tx,
    app: &App,
    number: &str,
    answers: Option<DeliveryId>,
    only_open: bool,
) -> Result<Option<Outcome>> {
    let mut rings: Vec<Lately> = tx
        .query(
            "SELECT d.organisation_id, d.notification_id, n.worker_id, n.kind, n.subject_id, n.made_at, w.active,
                    EXISTS (SELECT 1 FROM ring r
                        JOIN escalation e ON e.organisation_id = r.organisation_id AND e.id = r.escalation_id
                        WHERE r.organisation_id = n.organisation_id AND r.notification_id = n.id
                          AND e.ended_at IS NULL AND (e.held_by IS NULL OR e.held_by = n.worker_id)) AS stands
             FROM channel c
             JOIN delivery d ON d.organisation_id = c.organisation_id AND d.channel_id = c.id
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             JOIN worker w ON w.organisation_id = n.organisation_id AND w.id = n.worker_id
             WHERE c.address_hash = $1 AND c.ended_at IS NULL AND w.active AND n.made_at >= c.address_since AND n.useful_until > $2
               AND d.state IN ('queued', 'sent') AND n.kind IN ('contact_request', 'flag', 'readiness', 'test')
               AND ($3 IS NULL OR d.id = $3)
             ORDER BY n.made_at DESC, n.id DESC LIMIT $4",
        )
        .bind(app.master.address_hash(number).to_vec())
        .bind(app.now())
        .bind(answers)
        .bind(LATELY)
        .all()
        .await?;
    rings.retain(|one| one.stands || !only_open || !one.ring.kind.rings());
    if rings.is_empty() {
        return Ok(None);
    }
    let another = rings.iter().position(|one| one.stands).filter(|_| rings[0].ring.kind.rings());
    let ring = rings.swap_remove(another.unwrap_or(0)).ring;
    answer::note_seen(tx, app, &ring).await?;
    answer::say(tx, app, &ring, Way::Reply).await.map(Some)
}

/// What Twilio does next: it says what came of it, in as few words. Nothing is answered to what meant nothing: it may be a machine.
fn twiml(came: Option<Came>, in_a_call: bool) -> String {
    let words = match came {
        None | Some(Came::FromAClient) => {
            return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>".to_owned();
        }
        Some(Came::ToARing(Outcome::Yours)) => "You have it. Please open Companion.",
        Some(Came::ToARing(Outcome::Taken)) => "Somebody else has it. Thank you.",
        Some(Came::ToARing(Outcome::Over)) => "This is over, or has changed since. Please open Companion.",
        Some(Came::ToARing(Outcome::Heard)) => "Thank you, it arrived.",
    };
    let verb = if in_a_call { "Say" } else { "Message" };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><{verb}>{words}</{verb}></Response>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_is_said_in_few_ways() {
        for yes in ["1", " 1\n", "1.", "Yes", "YES!", "ok", "Iawn"] {
            assert!(means_yes(yes), "{yes}");
        }
        for no in ["", "0", "11", "no", "1 minute", "not ok", "stop", "yes but not me"] {
            assert!(!means_yes(no), "{no}");
        }
    }
}
