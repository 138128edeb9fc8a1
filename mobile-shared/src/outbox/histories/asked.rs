//! Requests for contact as a server has them: another tap joins the one that is open, and a cancel closes it with all that joined.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

#[derive(Clone, Debug, Default)]
pub struct Asked {
    open: Option<Uuid>,
    /// By tap: the request that it is, or that it joined.
    joined: BTreeMap<Uuid, Uuid>,
    cancelled: BTreeSet<Uuid>,
}

impl Asked {
    pub fn asks(&mut self, tap: Uuid) {
        let open = *self.open.get_or_insert(tap);
        self.joined.insert(tap, open);
    }

    /// `late`: a cancel may have been on its way for longer than a tap that joined; then that tap stands. The one that it names came before it.
    pub fn cancels(&mut self, cancel: Uuid, tap: Uuid, late: bool) {
        let Some(request) = self.joined.get(&tap).copied().filter(|request| self.open == Some(*request)) else {
            return;
        };
        let is_since = |one: &Uuid| *one > cancel && *one != tap;
        let asked_since = self.joined.iter().any(|(one, joined)| *joined == request && is_since(one));
        if !(late && asked_since) {
            self.open = None;
            self.cancelled.insert(request);
        }
    }

    pub fn is_open(&self, tap: Uuid) -> bool {
        self.open.is_some() && self.joined.get(&tap) == self.open.as_ref()
    }
}
