//! Who is on call. There is no rota yet: nobody is on, and nobody is away.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    db::Connection,
    error::Result,
    ids::{OrganisationId, ServiceId, WorkerId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    First,
    Second,
}

/// Who is on now: active, and not away.
pub async fn on(
    _from: impl Connection,
    _app: &App,
    _organisation: OrganisationId,
    _service: ServiceId,
    _line: Line,
    _at: DateTime<Utc>,
) -> Result<Vec<WorkerId>> {
    Ok(Vec::new())
}

pub async fn catch_all(
    _from: impl Connection,
    _organisation: OrganisationId,
    _service: ServiceId,
) -> Result<Option<WorkerId>> {
    Ok(None)
}

pub async fn away(
    _from: impl Connection,
    _organisation: OrganisationId,
    _at: DateTime<Utc>,
) -> Result<HashSet<WorkerId>> {
    Ok(HashSet::new())
}

/// A night of the rota, to be asked without the database.
#[derive(Debug, Default)]
pub struct Tonight;

impl Tonight {
    pub fn on(&self, _line: Line, _at: DateTime<Utc>) -> Vec<WorkerId> {
        Vec::new()
    }
}

pub async fn tonight(
    _app: &App,
    _organisation: OrganisationId,
    _service: ServiceId,
    _at: DateTime<Utc>,
) -> Result<Tonight> {
    Ok(Tonight)
}
