//! Validation before something is kept, in the words that the server would say.

use mobile_shared::{
    check_in::{self, Fault as Wrong, LONGEST_NOTE},
    contact::LONGEST_MESSAGE,
    item::{HigherIs, Scale},
};

use crate::{
    error::{Fault, id},
    tap::{CheckIn, ContactRequest},
};

/// One question of `GET /api/v1/me/items`, older versions too.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ItemScale {
    pub item_id: String,
    pub min: i32,
    pub max: i32,
}

/// Nothing, if the server would take it.
#[uniffi::export]
pub fn check_check_in(check_in: CheckIn, items: Vec<ItemScale>) -> Option<Fault> {
    let note = check_in.note.as_deref().map(str::trim).unwrap_or_default();
    if note.chars().count() > LONGEST_NOTE {
        return Some(Fault::new("note", format!("Please write at most {LONGEST_NOTE} characters.")));
    }
    let mut answers = Vec::new();
    for (i, answer) in check_in.answers.iter().enumerate() {
        let Ok(item_id) = id(&answer.item_id) else { return Some(fault(Wrong::UnknownItem(i))) };
        answers.push(check_in::Answer { item_id, value: answer.value });
    }
    let scale_of = |wanted| {
        let item = items.iter().find(|item| id(&item.item_id) == Ok(wanted))?;
        // Which end is the good one does not matter here.
        Some(Scale { min: item.min, max: item.max, higher_is: HigherIs::Better })
    };
    check_in::check(&answers, !note.is_empty(), scale_of).err().map(fault)
}

fn fault(wrong: Wrong) -> Fault {
    let field = match &wrong {
        Wrong::UnknownItem(i) | Wrong::OffScale(i) | Wrong::Twice(i) => format!("answers[{i}]"),
        Wrong::Empty => "answers".to_owned(),
    };
    Fault::new(field, wrong)
}

/// Never a reason not to send: a host that gets this cuts the words or asks, and the request goes.
#[uniffi::export]
pub fn check_contact_request(request: ContactRequest) -> Option<Fault> {
    let length = request.message.map_or(0, |message| message.chars().count());
    (length > LONGEST_MESSAGE)
        .then(|| Fault::new("message", format!("Please write at most {LONGEST_MESSAGE} characters.")))
}
