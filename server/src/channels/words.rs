//! What an e-mail, a text or a voice says. As with a push (`notify/words.rs`): no names, no word that anybody wrote, nothing of what
//! it is about. Plain letters only, so that a text is one text.

use super::ChannelKind;
use crate::notify::{Discretion, Kind, words::phrase};

/// The subject of an e-mail.
pub fn subject(kind: Kind, count: i32) -> &'static str {
    phrase(kind, "en", count, Discretion::Neutral)
}

/// What to do, beside opening the app: the link, a reply, a key.
pub fn whole(channel: ChannelKind, kind: Kind, count: i32, link: Option<&str>, replies: bool) -> String {
    let phrase = subject(kind, count);
    let why = if kind.rings() { "To take it" } else { "To say that it arrived" };
    match (channel, link) {
        (ChannelKind::Email, Some(link)) => {
            format!(
                "{phrase}.\n\n{why}, open this page and press the button:\n{link}\n\nOr open Companion.\n\n\
                 The link is yours alone, and works once.\nWho it is about stands in the app.\n"
            )
        }
        (ChannelKind::Email, None) => format!("{phrase}.\n\nPlease open Companion.\n"),
        (ChannelKind::Sms, Some(link)) if replies => format!("{phrase}. {why}, reply 1 or open {link}"),
        (ChannelKind::Sms, Some(link)) => format!("{phrase}. {why}, open {link}"),
        (ChannelKind::Sms, None) | (ChannelKind::Push, _) => format!("{phrase}. Please open Companion."),
        (ChannelKind::Voice, _) if replies && super::can_be_answered(kind) => {
            format!("Hello from Companion. {phrase}. {why}, press 1. Or open the app.")
        }
        (ChannelKind::Voice, _) => format!("Hello from Companion. {phrase}. Please open the app."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_text_and_nothing_needs_escaping() {
        let link = format!("https://companion.provider.example.org/ack/{}", "A".repeat(22));
        for kind in Kind::ALL {
            for (channel, link, replies) in [
                (ChannelKind::Sms, Some(link.as_str()), true),
                (ChannelKind::Sms, None, false),
                (ChannelKind::Voice, None, true),
                (ChannelKind::Voice, None, false),
            ] {
                let words = whole(channel, kind, 3, link, replies);
                assert!(words.len() <= 160, "{} {words}", words.len());
                assert!(words.bytes().all(|b| b.is_ascii() && !b"<>&\"'[]{}^~\\|`\n".contains(&b)), "{words}");
            }
        }
    }
}
