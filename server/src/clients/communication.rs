//! How somebody takes things in and makes themselves understood: asked, written down, shown to whoever is about to reach them, and done
//! (the Accessible Information Standard's five steps). The phone applies what it can by itself.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Client, Profile, load_to_change, profile_place, take_turn};
use crate::{
    access::{Phone, Record},
    app::App,
    error::{Body, Faults, Result},
    events,
    ids::{ClientId, OrganisationId, WorkerId},
    workers::Names,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    EasyRead,
    LargeText,
    ReadAloud,
    /// Text, do not ring.
    TextNotCall,
    /// Ring by the relay service.
    RelayCall,
    /// A British Sign Language interpreter.
    Bsl,
    Interpreter,
    /// Give them time to answer.
    MoreTime,
    /// Somebody of their choosing beside them.
    SomeoneWithMe,
}

/// As it is kept, with the rest of the profile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    needs: Vec<Need>,
    interpreter_language: Option<String>,
    words: Option<String>,
    changed_at: Option<DateTime<Utc>>,
    /// Nobody: the client themselves.
    changed_by: Option<WorkerId>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCommunication {
    needs: Vec<Need>,
    interpreter_language: Option<String>,
    /// What helps, in the client's own words.
    words: Option<String>,
}

/// What helps somebody to take things in and be understood.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Communication {
    needs: Vec<Need>,
    interpreter_language: Option<String>,
    words: Option<String>,
    /// Null as long as nobody has asked.
    changed_at: Option<DateTime<Utc>>,
    /// First name; null where the client did it.
    changed_by: Option<String>,
}

impl Client {
    pub fn communication(&self, names: &Names) -> Communication {
        let kept = &self.profile.communication;
        Communication {
            needs: kept.needs.clone(),
            interpreter_language: kept.interpreter_language.clone(),
            words: kept.words.clone(),
            changed_at: kept.changed_at,
            changed_by: names.first(kept.changed_by),
        }
    }

    /// They asked for texts, or sign: a call is not for them. Whoever signs and is called by the relay service is called.
    pub fn is_not_rung(&self) -> bool {
        self.needs(Need::TextNotCall) || (self.needs(Need::Bsl) && !self.needs(Need::RelayCall))
    }

    /// A number, as they ring it.
    pub fn as_rung(&self, number: &str) -> String {
        if self.needs(Need::RelayCall) { relayed(number) } else { number.to_owned() }
    }

    fn needs(&self, need: Need) -> bool {
        self.profile.communication.needs.contains(&need)
    }
}

/// Through Relay UK, as the client's app dials it: a number abroad, or a short one, cannot be rung so.
fn relayed(number: &str) -> String {
    let home = number.replace("(0)", "");
    let abroad =
        home.strip_prefix("+44").or_else(|| home.strip_prefix("0044")).map(|rest| format!("0{}", rest.trim_start()));
    let home = abroad.unwrap_or(home);
    let dialled: String = home.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if dialled.starts_with('0') && (10..=11).contains(&dialled.len()) {
        format!("18001 {home}")
    } else {
        number.to_owned()
    }
}

/// What helps me to take things in and be understood.
#[utoipa::path(put, path = "/api/v1/me/communication", request_body = NewCommunication, responses((status = 200, body = Communication)))]
pub async fn put_mine(
    State(app): State<App>,
    phone: Phone,
    Body(new): Body<NewCommunication>,
) -> Result<Json<Communication>> {
    Ok(Json(change(&app, phone.organisation, phone.client, new, None).await?))
}

/// What helps this client, as they told a worker.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/communication", params(("id" = Uuid, Path)), request_body = NewCommunication,
    responses((status = 200, body = Communication)))]
pub async fn put_for_team(
    State(app): State<App>,
    record: Record,
    Body(new): Body<NewCommunication>,
) -> Result<Json<Communication>> {
    Ok(Json(change(&app, record.organisation, record.client, new, Some(record.worker.id)).await?))
}

async fn change(
    app: &App,
    organisation: OrganisationId,
    id: ClientId,
    mut new: NewCommunication,
    by: Option<WorkerId>,
) -> Result<Communication> {
    Faults::default()
        .at_most(new.interpreter_language.as_deref(), "interpreter_language", 60)
        .at_most(new.words.as_deref(), "words", 500)
        .done()?;
    new.needs.sort_unstable();
    new.needs.dedup();
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, id).await?;
    let mut client = load_to_change(&mut tx, app, organisation, id).await?;
    let communication = Kept {
        needs: new.needs,
        interpreter_language: new.interpreter_language,
        words: new.words,
        changed_at: Some(app.now()),
        changed_by: by,
    };
    client.profile = Profile { communication, ..client.profile };
    tx.query("UPDATE client SET profile = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .bind(client.key.seal_json(&app.chance, profile_place(id), &client.profile))
        .execute()
        .await?;
    events::append(&mut tx, app, organisation, events::What::Client, id.0, id).await?;
    tx.commit().await?;
    app.wake();
    Ok(client.communication(&Names::load(app, organisation).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn through_relay_uk_a_number_is_dialled_as_at_home() {
        for (number, dialled) in [
            ("01632 960 001", "18001 01632 960 001"),
            ("+44 1632 960001", "18001 01632 960001"),
            ("+44 (0)1632 960001", "18001 01632 960001"),
            ("(01632) 960 001", "18001 (01632) 960 001"),
            ("+353 1 496 0000", "+353 1 496 0000"),
            ("111", "111"),
        ] {
            assert_eq!(relayed(number), dialled);
        }
    }
}
