//! What changed since the phone last asked. The cursor is a short tag for each part, made of what the part's own route answers now, and
//! nothing of it is kept here: after a restored backup, or on another node, it is as right as before.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::auth::hash;

/// A part, and the route that answers it. The order is the cursor's: new ones go to the end.
pub const PARTS: &[(&str, &str)] = &[
    ("me", "/api/v1/me"),
    ("items", "/api/v1/me/items"),
    ("check_ins", "/api/v1/me/check-ins?limit=200"),
    ("flags", "/api/v1/me/flags"),
    ("cover", "/api/v1/me/cover"),
    // The index alone. Texts are asked for by whoever lacks them.
    ("pack", "/api/v1/me/pack?have=*"),
    ("plan", "/api/v1/me/plan"),
    ("sharing", "/api/v1/me/sharing"),
    ("baseline", "/api/v1/me/baseline"),
    ("reminders", "/api/v1/me/reminders"),
    ("contact_requests", "/api/v1/me/contact-requests"),
    ("provider", "/api/v1/provider"),
];

/// Bytes of a tag: two answers that differ are taken for the same once in 2^48.
const TAG: usize = 6;
pub type Tag = [u8; TAG];

/// The tag of an answer.
pub fn tag_of(answer: &[u8]) -> Tag {
    let mut tag = [0; TAG];
    tag.copy_from_slice(&hash(answer)[..TAG]);
    tag
}

/// What a phone knows of each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<Option<Tag>>);

impl Cursor {
    /// A cursor that is missing, from elsewhere or from another version knows nothing, so everything is told.
    pub fn read(text: Option<&str>) -> Self {
        let bytes = text.and_then(|t| URL_SAFE_NO_PAD.decode(t).ok()).unwrap_or_default();
        let mut tags: Vec<Option<Tag>> =
            bytes.as_chunks::<TAG>().0.iter().map(|tag| Some(*tag).filter(|t| *t != [0; TAG])).collect();
        tags.resize(PARTS.len(), None);
        Self(tags)
    }

    /// Of these parts it knows nothing any more.
    pub fn forget(&mut self, parts: &[String]) {
        for ((name, _), tag) in PARTS.iter().zip(&mut self.0) {
            if parts.iter().any(|part| part == name) {
                *tag = None;
            }
        }
    }

    pub fn write(&self) -> String {
        let bytes: Vec<u8> = self.0.iter().flat_map(|tag| tag.unwrap_or_default()).collect();
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let mut cursor = Cursor::read(None);
        cursor.0[2] = Some(tag_of(b"check-ins"));
        assert_eq!(Cursor::read(Some(&cursor.write())), cursor);
        assert!(cursor.write().len() <= 100, "it goes with every request");
    }

    #[test]
    fn a_cursor_that_nobody_wrote_knows_nothing() {
        for strange in [None, Some(""), Some("not base 64 ~~~"), Some("AAAA")] {
            assert_eq!(Cursor::read(strange), Cursor(vec![None; PARTS.len()]));
        }
    }

    #[test]
    fn an_older_cursor_knows_what_it_knew() {
        let older = Cursor(vec![Some(tag_of(b"me"))]);
        let read = Cursor::read(Some(&older.write()));
        assert_eq!(read.0[0], Some(tag_of(b"me")));
        assert_eq!(read.0[1..], vec![None; PARTS.len() - 1]);
    }
}
