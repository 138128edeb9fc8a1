//! Listening, and stopping without losing anything that was begun.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    app::{self, App},
    auth::limits::Peer,
    contact, escalation, jobs, notify, provider,
};

/// Whoever sends their headers more slowly than this is cut off.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// What was begun may finish in this time after SIGTERM; under the ten seconds that supervisors allow.
const DRAIN: Duration = Duration::from_secs(7);
/// And this is left for what runs beside: together under ten seconds.
const LAST: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    #[error("the metrics address {0:?} is not an address and port")]
    MetricsAddress(String),
    #[error("metrics cannot be recorded: {0}")]
    Metrics(#[from] metrics::SetRecorderError<metrics_exporter_prometheus::PrometheusRecorder>),
}

/// Serves until SIGTERM or Ctrl-C, then drains.
pub async fn run(app: App) -> Result<(), ServeError> {
    let listener = listen(&app.config.listen.to_string()).await?;
    run_on(app, listener).await
}

/// The same, on a listener that is open already.
pub async fn run_on(app: App, listener: TcpListener) -> Result<(), ServeError> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    if !app.config.metrics_listen.is_empty() {
        let address = &app.config.metrics_listen;
        address.parse::<SocketAddr>().map_err(|_| ServeError::MetricsAddress(address.clone()))?;
        let metrics = listen(address).await?;
        tokio::spawn(accept(metrics, metrics_page(app.clone(), handle), app.stop.clone()));
    }
    warn_of_unchecked_lines(&app).await;
    if app.config.names_nobody_to_push_services() {
        tracing::warn!("push_subject is not set: Apple's push service will refuse notifications from this server");
    }
    let stop = app.stop.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("draining");
        stop.cancel();
    });
    serve(app, listener).await;
    Ok(())
}

/// Serves on this listener until the app is told to stop; then drains and closes the database.
pub async fn serve(app: App, listener: TcpListener) {
    let runner = app.config.jobs.then(|| tokio::spawn(jobs::run_until_stopped(app.clone())));
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "listening");
    }
    let finish_jobs = async {
        app.stop.cancelled().await;
        if let Some(mut runner) = runner {
            // It stops after the jobs it is at, which may be waiting for a push service; one that does not finish is due again
            // elsewhere.
            if tokio::time::timeout(DRAIN, &mut runner).await.is_err() {
                runner.abort();
            }
        }
    };
    tokio::join!(accept(listener, app::router(app.clone()), app.stop.clone()), finish_jobs);
    let _ = tokio::time::timeout(LAST, app.db.close()).await;
}

async fn listen(address: &str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|e| ServeError::Listen(address.to_owned(), e))
}

async fn accept(listener: TcpListener, router: Router, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connection(stream, peer, router.clone(), &graceful),
                // Out of file descriptors, most likely: those open will close.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
}

fn connection(stream: TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

/// For Prometheus, on a port of its own.
fn metrics_page(app: App, handle: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        axum::routing::get(move || {
            let (app, handle) = (app.clone(), handle.clone());
            async move {
                let overdue = jobs::oldest_overdue(&app).await.ok().flatten();
                let seconds = overdue.map_or(0, |due| (app.now() - due).num_seconds());
                let unseen = contact::seen_by_nobody(&app, None).await.unwrap_or(0);
                metrics::gauge!("companion_requests_seen_by_nobody").set(unseen as f64);
                metrics::gauge!("companion_oldest_overdue_job_seconds").set(seconds as f64);
                escalation::watch::measure(&app).await;
                let refusing = notify::outcome::refusing(&app).await.map_or(0, |services| services.len());
                metrics::gauge!("companion_push_services_refusing").set(refusing as f64);
                handle.run_upkeep();
                handle.render()
            }
        }),
    )
}

async fn warn_of_unchecked_lines(app: &App) {
    match provider::unchecked(app).await {
        Ok(found) => {
            for (organisation, lines) in found {
                tracing::warn!(
                    organisation,
                    lines,
                    "crisis lines that nobody of the provider has checked: ring each, then mark it in the team's app under Admin"
                );
            }
        }
        Err(error) => tracing::error!(%error, "the crisis lines could not be read"),
    }
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
