//! The job that rings a worker by e-mail, text or voice: as that of a push (`notify/deliver.rs`), and written down by the same code.

use reqwest::Url;

use super::{
    ChannelKind, Relays, link,
    mail::{Email, Mailer, Said},
    open_address, words,
};
use crate::{
    app::App,
    auth::hash,
    error::Result,
    ids::{ChannelId, DeliveryId},
    jobs::{self, Job},
    notify::{
        outcome::{Became, Due, Tried, settle},
        sender::Outgoing,
    },
};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    due: Due,
    channel_id: ChannelId,
    channel_kind: ChannelKind,
    address: Option<Vec<u8>>,
    live: bool,
    /// A link goes with it.
    has_link: bool,
}

/// What is to be handed over, and to whom.
enum Ready<'a> {
    Mail(&'a Mailer, Email),
    Gateway(Url, Outgoing),
}

/// Runs the job.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let row = load(app, job).await?;
    let tried = match ready(app, job, &row).await {
        Ok(_) if !jobs::is_surely_mine(app, job) => return Ok(()),
        Ok(ready) => jobs::holding(app, job, hand_over(app, &row, ready)).await,
        Err(became) => Tried::nobody(became),
    };
    measure(row.channel_kind, &tried);
    settle(app, job, &row.due, &tried).await
}

async fn load(app: &App, job: &Job) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT d.state = 'queued' AS queued, d.tries, n.kind, n.subject_id, n.count, n.useful_until, d.notification_id, n.client_id,
                    c.id AS channel_id, c.kind AS channel_kind, c.address, (c.ended_at IS NULL AND w.active) AS live,
                    EXISTS (SELECT 1 FROM ack_link l WHERE l.organisation_id = d.organisation_id
                            AND l.notification_id = d.notification_id) AS has_link
             FROM delivery d
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             JOIN channel c ON c.organisation_id = d.organisation_id AND c.id = d.channel_id
             JOIN worker w ON w.organisation_id = c.organisation_id AND w.id = c.worker_id
             WHERE d.organisation_id = $1 AND d.id = $2",
        )
        .bind(job.organisation_id)
        .bind(DeliveryId(job.subject_id))
        .one()
        .await?)
}

async fn ready<'a>(app: &'a App, job: &Job, row: &Row) -> std::result::Result<Ready<'a>, Became> {
    let due = &row.due;
    if let Some(became) = due.not_sent(app, job.organisation_id, row.live).await {
        return Err(became);
    }
    let address = match open_address(app, row.channel_id, row.address.as_deref()) {
        Ok(Some(address)) => address,
        Ok(None) => return Err(Became::Dropped("ended")),
        Err(error) => {
            tracing::error!(channel = %row.channel_id, %error, "an address cannot be opened");
            return Err(Became::Failed("keys".to_owned()));
        }
    };
    let unavailable = || Became::Failed("unavailable".to_owned());
    let origin = origin(&app.relays, row.channel_kind).ok_or_else(unavailable)?;
    if let Err(until) = app.push.patience.ask(&origin, app.now()) {
        return Err(due.again(until, "unreachable".to_owned()));
    }
    let link = row.has_link.then(|| link::address(app, due.notification_id));
    let gateway = app.relays.gateway(row.channel_kind);
    let replies = gateway.is_some_and(|g| g.replies);
    let words = words::whole(row.channel_kind, due.kind, due.count, link.as_deref(), replies);
    let delivery = DeliveryId(job.subject_id);
    match (&app.relays.mail, gateway) {
        (_, Some(gateway)) => {
            Ok(Ready::Gateway(gateway.url().clone(), gateway.request(delivery, &address, &words, app.now())))
        }
        (Some(mailer), None) => {
            let to = address.parse().map_err(|_| Became::Failed("address".to_owned()))?;
            let subject = words::subject(due.kind, due.count);
            // A mail server learns no id of ours, and not that two people are told of the same.
            let thread = hex::encode(&hash(format!("{}/{}", due.subject_id, row.channel_id).as_bytes())[..16]);
            let id = hex::encode(&hash(delivery.0.as_bytes())[..16]);
            let email = Email { to, subject, words, id, thread, at: app.now(), urgent: due.kind.rings() };
            Ok(Ready::Mail(mailer, email))
        }
        (None, None) => Err(unavailable()),
    }
}

/// By which a server that keeps silent is remembered.
fn origin(relays: &Relays, kind: ChannelKind) -> Option<String> {
    match kind {
        ChannelKind::Email => relays.mail.as_ref().map(|mailer| format!("smtp://{}", mailer.host())),
        kind => relays.gateway(kind).map(|gateway| gateway.url().origin().ascii_serialization()),
    }
}

async fn hand_over(app: &App, row: &Row, ready: Ready<'_>) -> Tried {
    match ready {
        Ready::Gateway(url, request) => {
            let service = url.host_str().unwrap_or_default().to_owned();
            let answer = app.push.ask(url, request, app.now()).await;
            Tried { service: Some(service), became: row.due.judge(app.now(), &answer) }
        }
        Ready::Mail(mailer, email) => {
            let origin = format!("smtp://{}", mailer.host());
            let said = mailer.send(email).await;
            match said {
                Said::Nothing => app.push.patience.kept_silent(&origin, app.now()),
                _ => app.push.patience.answered(&origin),
            }
            let became = match said {
                Said::Taken => Became::Sent,
                Said::Later(code) => row.due.later(app.now(), None, code.to_string()),
                Said::Nothing => row.due.later(app.now(), None, "unreachable".to_owned()),
                Said::NotFromUs(code) => Became::Refused(code, code.to_string()),
                Said::Never(code) => Became::Failed(code.to_string()),
            };
            Tried { service: Some(mailer.host().to_owned()), became }
        }
    }
}

fn measure(kind: ChannelKind, tried: &Tried) {
    let Some(outcome) = tried.became.word() else { return };
    let channel = match kind {
        ChannelKind::Push => "push",
        ChannelKind::Email => "email",
        ChannelKind::Sms => "sms",
        ChannelKind::Voice => "voice",
    };
    metrics::counter!("companion_relays_total", "channel" => channel, "outcome" => outcome).increment(1);
}
