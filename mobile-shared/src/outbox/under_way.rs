//! What was given to the host to send.

use std::collections::BTreeMap;

use super::Send;

/// Each by a number, until the host says what came of it. In memory only.
#[derive(Clone, Debug, Default)]
pub struct UnderWay {
    sent: BTreeMap<u64, Send>,
    so_far: u64,
}

impl UnderWay {
    pub fn goes(&mut self, send: Send) -> u64 {
        self.so_far += 1;
        self.sent.insert(self.so_far, send);
        self.so_far
    }

    /// Something came of it. `None`: it was heard of before, or forgotten, and says nothing.
    pub fn comes(&mut self, number: u64) -> Option<Send> {
        self.sent.remove(&number)
    }

    pub fn has(&self, number: u64) -> bool {
        self.sent.contains_key(&number)
    }

    /// Who joins again must not be told what the session before was answered, least of all that it was revoked.
    pub fn forget(&mut self) {
        self.sent.clear();
    }
}
