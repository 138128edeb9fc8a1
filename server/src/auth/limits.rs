//! Limits on guessing, counted in the database so that they hold across restarts and nodes.
//! Nothing here is ever asked before a request for contact.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use chrono::{DateTime, Duration, Utc};
use std::{convert::Infallible, net::IpAddr};

use crate::{
    app::App,
    error::{Error, Result},
};

/// So many tries in a window.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub most: i32,
    pub window: Duration,
}

/// Counts a try before it is made, so that many at once cannot slip through, and refuses it past the limit.
pub async fn count(app: &App, name: &str, limit: Limit) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (started, tries): (DateTime<Utc>, i32) = tx
        .query(
            "INSERT INTO attempt (name, window_start, tries) VALUES ($1, $2, 1)
             ON CONFLICT (name) DO UPDATE SET
                tries = CASE WHEN attempt.window_start <= $3 THEN 1 ELSE attempt.tries + 1 END,
                window_start = CASE WHEN attempt.window_start <= $3 THEN $2 ELSE attempt.window_start END
             RETURNING window_start, tries",
        )
        .bind(name)
        .bind(now)
        .bind(now - limit.window)
        .one()
        .await?;
    tx.commit().await?;
    if tries > limit.most {
        return Err(Error::TooManyTries { retry_after: (started + limit.window - now).num_seconds() });
    }
    Ok(())
}

/// Refuses past the limit without counting a try.
pub async fn check(app: &App, name: &str, limit: Limit) -> Result<()> {
    let now = app.now();
    let counted: Option<(DateTime<Utc>, i32)> = app
        .db
        .query("SELECT window_start, tries FROM attempt WHERE name = $1 AND window_start > $2")
        .bind(name)
        .bind(now - limit.window)
        .optional()
        .await?;
    match counted {
        Some((started, tries)) if tries >= limit.most => {
            Err(Error::TooManyTries { retry_after: (started + limit.window - now).num_seconds() })
        }
        _ => Ok(()),
    }
}

/// Lets counts go that no window reaches any more.
pub async fn tidy(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("DELETE FROM attempt WHERE window_start < $1").bind(app.now() - Duration::days(1)).execute().await?;
    Ok(tx.commit().await?)
}

/// A try that was right no longer counts.
pub async fn forget(app: &App, name: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("DELETE FROM attempt WHERE name = $1").bind(name).execute().await?;
    Ok(tx.commit().await?)
}

/// The address of the connection, put there by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The address a limit counts against: what the nearest proxy says if we trust that proxy, else the peer's.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::from([127, 0, 0, 1]), |p| p.0);
        let trusted = app.config.trusted_proxies.contains(&peer);
        let address = trusted.then(|| forwarded_for(&parts.headers)).flatten().unwrap_or(peer);
        Ok(Self(one_household(address)))
    }
}

/// An IPv6 household has 2^64 addresses: they count as one.
fn one_household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The last address of X-Forwarded-For: the one the proxy itself saw. Those before it are the caller's words.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}
