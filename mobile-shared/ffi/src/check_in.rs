//! Validation before something is kept, in the words that the server would say.

use mobile_shared::{
    check_in::{self, Fault, LONGEST_NOTE},
    contact::LONGEST_MESSAGE,
    item::{HigherIs, Scale},
};

use crate::{
    error::{PersonError, id},
    tap::{CheckIn, ContactRequest},
};

/// One question of `GET /api/v1/me/items`, older versions too.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ItemScale {
    pub item_id: String,
    pub min: i32,
    pub max: i32,
}

#[uniffi::export]
pub fn check_check_in(check_in: CheckIn, items: Vec<ItemScale>) -> Result<(), PersonError> {
    let note = check_in.note.as_deref().map(str::trim).unwrap_or_default();
    if note.chars().count() > LONGEST_NOTE {
        return Err(PersonError::new("note", format!("Please write at most {LONGEST_NOTE} characters.")));
    }
    let mut answers = Vec::new();
    for (i, answer) in check_in.answers.iter().enumerate() {
        let Ok(item_id) = id(&answer.item_id) else { return Err(fault(Fault::UnknownItem(i))) };
        answers.push(check_in::Answer { item_id, value: answer.value });
    }
    let scale_of = |wanted| {
        let item = items.iter().find(|item| id(&item.item_id) == Ok(wanted))?;
        // Which end is the good one does not matter here.
        Some(Scale { min: item.min, max: item.max, higher_is: HigherIs::Better })
    };
    check_in::check(&answers, !note.is_empty(), scale_of).map_err(fault)
}

fn fault(fault: Fault) -> PersonError {
    let field = match &fault {
        Fault::UnknownItem(i) | Fault::OffScale(i) | Fault::Twice(i) => format!("answers[{i}]"),
        Fault::Empty => "answers".to_owned(),
    };
    PersonError::new(field, fault)
}

/// Never a reason not to send: a host that gets this cuts the words or asks, and the request goes.
#[uniffi::export]
pub fn check_contact_request(request: ContactRequest) -> Result<(), PersonError> {
    match request.message {
        Some(message) if message.chars().count() > LONGEST_MESSAGE => {
            Err(PersonError::new("message", format!("Please write at most {LONGEST_MESSAGE} characters.")))
        }
        _ => Ok(()),
    }
}
