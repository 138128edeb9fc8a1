//! What every handler shares, and the whole route table on one page.

use std::{convert::Infallible, ops::Deref, sync::Arc};

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::Response,
};
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    decompression::RequestDecompressionLayer,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};
use uuid::Uuid;

use crate::{
    access, assessments, audit, auth, baseline, channels, check_ins, clients,
    clock::{Chance, Clock},
    config::Config,
    contact, cover,
    db::Db,
    error::Error,
    escalation, flags, health, inbox, items, notify,
    notify::{endpoint::Hosts, sender::Sender, vapid::Vapid},
    organisation,
    outbound::Names,
    pack, plans, provider, reminders, replay, resources, rota,
    seal::MasterKey,
    sharing, sync, timeline, warning_rules, web, workers,
};

/// The largest body we take, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

#[derive(Debug)]
pub struct Shared {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub chance: Chance,
    pub master: MasterKey,
    pub signer: auth::access_token::Signer,
    pub passwords: auth::password::Hasher,
    pub config: Config,
    /// The libraries of this node, rendered.
    pub shelf: resources::Shelf,
    /// Who this server is to push services.
    pub vapid: Vapid,
    /// Where notifications are handed over.
    pub push: Sender,
    /// Whom workers are rung by, beside push.
    pub relays: channels::Relays,
    /// Turns at drawing pictures.
    pub drawing: tokio::sync::Semaphore,
    /// What this node knows of its own sweeps.
    pub watch: escalation::watch::Watch,
    /// Cancelled when the server drains: open streams end.
    pub stop: CancellationToken,
    /// Bumped after a commit that left a job or an event, so that this node need not wait for its next look.
    changed: watch::Sender<u64>,
    /// Who we are to other nodes when leasing jobs.
    node: String,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    pub async fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        chance: Chance,
        master: MasterKey,
        config: Config,
    ) -> crate::error::Result<Self> {
        let hosts = Hosts { more: config.push_hosts().map_err(Error::internal)?, this_machine: in_tests_only() };
        let push = Sender::new(hosts, Names::OfTheSystem, notify::sender::WITHIN)?;
        Self::sending_by(push, db, clock, chance, master, config).await
    }

    /// The same, with a sender of the caller's own.
    pub async fn sending_by(
        push: Sender,
        db: Db,
        clock: Arc<dyn Clock>,
        chance: Chance,
        master: MasterKey,
        config: Config,
    ) -> crate::error::Result<Self> {
        let node = hex::encode(chance.bytes::<8>());
        let signer = auth::access_token::Signer::load(&db, clock.now(), &chance, &master).await?;
        let subject = config.push_subject().map_err(Error::internal)?;
        let relays = channels::Relays::new(&config, &push).map_err(Error::internal)?;
        config.heartbeat_url().map_err(Error::internal)?;
        let vapid = Vapid::load(&db, clock.now(), &chance, &master, subject).await?;
        Ok(Self(Arc::new(Shared {
            db,
            clock,
            chance,
            master,
            signer,
            passwords: auth::password::Hasher::default(),
            config,
            shelf: resources::Shelf::default(),
            vapid,
            push,
            relays,
            drawing: tokio::sync::Semaphore::new(resources::images::TOGETHER),
            watch: escalation::watch::Watch::default(),
            stop: CancellationToken::new(),
            changed: watch::Sender::new(0),
            node,
        })))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.chance.id(self.now()).into()
    }

    /// Tells this node's runner and streams to look now. Losing this is harmless: they look by themselves.
    pub fn wake(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    pub fn node(&self) -> &str {
        &self.node
    }

    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// A kill test's server may send to a peer on its own machine. What is built to be used has no such switch.
pub fn in_tests_only() -> bool {
    cfg!(debug_assertions) && std::env::var("COMPANION_TEST_PUSH_TO_THIS_MACHINE").is_ok_and(|v| v == "1")
}

/// Every route of the API. Each must have its row in [`access::TABLE`], or it answers nobody.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(described())
        // anyone
        .routes(routes!(provider::show))
        .routes(routes!(reminders::calendar::feed))
        .routes(routes!(auth::claim::claim))
        .routes(routes!(auth::sign_in::sign_in))
        .routes(routes!(auth::session::refresh))
        .routes(routes!(auth::session::sign_out))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::engine))
        .routes(routes!(notify::vapid::show))
        .routes(routes!(notify::receipts::hear))
        .routes(routes!(channels::link::show, channels::link::press))
        .routes(routes!(channels::reply::hear))
        // the client's phone
        .routes(routes!(clients::me::show))
        .routes(routes!(clients::reach::put))
        .routes(routes!(clients::communication::put_mine))
        .routes(routes!(items::mine, items::change::put_mine))
        .routes(
            routes!(sync::sync)
                .layer::<_, Infallible>(DefaultBodyLimit::max(sync::LARGEST_BODY))
                .layer(RequestDecompressionLayer::new().gzip(true)),
        )
        .routes(routes!(check_ins::put_mine))
        .routes(routes!(check_ins::listing::mine))
        .routes(routes!(cover::show))
        .routes(routes!(flags::client::list))
        .routes(routes!(flags::client::answer))
        .routes(routes!(contact::client::put, contact::client::show))
        .routes(routes!(contact::client::list))
        .routes(routes!(contact::client::add))
        .routes(routes!(contact::client::cancel))
        .routes(routes!(contact::client::put_with_key))
        .routes(routes!(pack::client::show))
        .routes(routes!(pack::client::first_aid))
        .routes(routes!(pack::client::feedback))
        .routes(
            routes!(pack::additions::put, pack::additions::delete)
                .layer(DefaultBodyLimit::max(pack::additions::LARGEST_BODY)),
        )
        .routes(routes!(pack::additions::photo))
        .routes(routes!(pack::client::missing_search))
        .routes(routes!(resources::images::show_mine))
        .routes(routes!(sharing::show, sharing::put))
        .routes(routes!(baseline::client::show))
        .routes(routes!(baseline::client::answer))
        .routes(routes!(plans::client::show))
        .routes(routes!(plans::client::draft, plans::client::save))
        .routes(routes!(plans::client::agree))
        .routes(routes!(plans::client::history))
        .routes(routes!(plans::client::version))
        .routes(routes!(plans::client::replay))
        .routes(routes!(reminders::client::show))
        .routes(routes!(reminders::client::put))
        .routes(routes!(reminders::answers::done))
        .routes(routes!(reminders::answers::snooze))
        .routes(routes!(reminders::answers::skip))
        .routes(routes!(reminders::settings::show, reminders::settings::put))
        .routes(routes!(reminders::calendar::make, reminders::calendar::end))
        .routes(routes!(notify::subscribe::put_mine, notify::subscribe::delete_mine))
        .routes(routes!(notify::subscribe::list_mine))
        .routes(routes!(notify::subscribe::test_mine))
        // the team
        .routes(routes!(workers::me))
        .routes(routes!(workers::list))
        .routes(routes!(workers::services))
        .routes(routes!(inbox::list))
        .routes(routes!(inbox::stream::events))
        .routes(routes!(notify::subscribe::put_team, notify::subscribe::delete_team))
        .routes(routes!(notify::subscribe::list_team))
        .routes(routes!(notify::subscribe::test_team))
        .routes(routes!(channels::mine::list, channels::mine::put))
        .routes(routes!(channels::mine::test))
        .routes(routes!(rota::team::show, rota::publish::put))
        .routes(routes!(rota::publish::preview))
        .routes(routes!(rota::mine::show))
        .routes(routes!(rota::swaps::agreeing::put))
        .routes(routes!(rota::swaps::agreeing::answer))
        .routes(routes!(rota::absences::put, rota::absences::end))
        .routes(routes!(rota::handovers::put))
        .routes(routes!(rota::readiness::ask_tonight))
        .routes(routes!(flags::team::list))
        .routes(routes!(flags::team::acknowledge))
        .routes(routes!(flags::team::note))
        .routes(routes!(flags::team::resolve))
        .routes(routes!(flags::figures::show))
        .routes(routes!(escalation::policy::show, escalation::policy::put))
        .routes(routes!(escalation::rehearsal::show))
        .routes(routes!(escalation::watch::show))
        .routes(routes!(contact::team::list))
        .routes(routes!(contact::one::show))
        .routes(routes!(contact::calls::log))
        .routes(routes!(contact::board::show))
        .routes(routes!(contact::history::download))
        .routes(routes!(contact::team::acknowledge))
        .routes(routes!(contact::team::attempt))
        .routes(routes!(contact::team::complete))
        .routes(routes!(contact::team::hand_over))
        .routes(routes!(clients::list, clients::page::create))
        .routes(routes!(clients::page::show, clients::page::change))
        .routes(routes!(clients::communication::put_for_team))
        .routes(routes!(auth::invite::create))
        .routes(routes!(auth::device::list))
        .routes(routes!(auth::device::revoke))
        .routes(routes!(clients::assignments::list, clients::assignments::put))
        .routes(routes!(check_ins::listing::for_team))
        .routes(routes!(check_ins::put_for_client))
        .routes(routes!(assessments::list))
        .routes(routes!(replay::replay))
        .routes(routes!(baseline::team::show, baseline::team::put))
        .routes(routes!(reminders::team::show, reminders::team::put))
        .routes(routes!(warning_rules::show, warning_rules::put))
        .routes(routes!(flags::missed::list, flags::missed::tell))
        .routes(routes!(plans::team::show, plans::team::save))
        .routes(routes!(plans::team::agree))
        .routes(routes!(plans::team::history))
        .routes(routes!(plans::team::version))
        .routes(routes!(contact::team::list_of_client))
        .routes(routes!(timeline::list))
        .routes(routes!(items::for_team, items::change::put_for_team))
        .routes(routes!(pack::team::show, pack::team::put))
        .routes(routes!(pack::team::photo))
        // the library
        .routes(routes!(resources::desk::list, resources::change::create))
        .routes(routes!(resources::desk::preview))
        .routes(routes!(resources::figures::show))
        .routes(routes!(resources::desk::show))
        .routes(routes!(resources::change::save, resources::change::discard))
        .routes(routes!(resources::change::publish))
        .routes(routes!(resources::change::review))
        .routes(routes!(resources::change::retire))
        .routes(routes!(resources::change::restore))
        .routes(
            routes!(resources::images::put, resources::images::show)
                .layer(DefaultBodyLimit::max(resources::images::LARGEST)),
        )
        // administration
        .routes(routes!(workers::admin::list, workers::admin::create))
        .routes(routes!(workers::admin::change))
        .routes(routes!(organisation::services, organisation::create_service))
        .routes(routes!(organisation::show, organisation::put))
        .routes(routes!(provider::crisis_lines))
        .routes(routes!(provider::check_crisis_line))
        .routes(routes!(audit::list))
}

fn described() -> OpenApi {
    utoipa::openapi::OpenApiBuilder::new()
        .info(
            utoipa::openapi::InfoBuilder::new()
                .title("Companion")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("The wire between the phones, the team's app and the server. Additions only: unknown fields are ignored."))
                .build(),
        )
        .build()
}

/// The server: API, its description, both apps, and what holds for every answer.
pub fn router(app: App) -> Router {
    let (api, description) = api().split_for_parts();
    let guarded = api.route_layer(middleware::from_fn_with_state(app.clone(), access::guard));
    let description = Arc::new(description);
    // Inside a sync each operation is a call of its own, with the limits and the care that it would have alone.
    let singles = guarded
        .clone()
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(health::panicked))
        .layer(Extension(app.clone()))
        .with_state(app.clone());
    guarded
        .merge(web::docs(description))
        .fallback(web::serve)
        .method_not_allowed_fallback(web::method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(health::panicked))
        .layer(middleware::from_fn(health::measure))
        .layer(middleware::map_response(secure_headers))
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"))),
        )
        .layer(Extension(app.clone()))
        .layer(Extension(sync::Singles(singles)))
        .with_state(app)
}

/// Headers of every answer, errors included.
async fn secure_headers(mut response: Response) -> Response {
    const ALWAYS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(web::POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
