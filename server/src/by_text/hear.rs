//! A text that a client sent, brought by the gateway: taken in with everything that follows from it in one transaction, and answered.

use chrono::{DateTime, Utc};
use mobile_shared::{check_in::LONGEST_NOTE, contact::LONGEST_MESSAGE, item::Scale};
use uuid::Uuid;

use super::{
    EndedBy, State,
    kept::{self, Row},
    outgoing,
    read::{Said, read},
    round,
    settings::{Settings, scales},
    words::Texts,
};
use crate::{
    app::App,
    audit::Actor,
    check_ins::{self, ItemAnswer, NewCheckIn},
    clients::{self, Client},
    contact::{
        Means, Urgency,
        accept::{self, NewRequest},
    },
    cover,
    db::Tx,
    error::Result,
    ids::{CheckInId, ClientId, ContactRequestId, OrganisationId},
    items::{self, Item},
};

/// Whose number a text is from.
pub use super::kept::whose;

/// What the gateway brought.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    pub words: &'t str,
    /// The gateway's own id of it.
    pub id: &'t str,
    /// When the gateway had it.
    pub at: DateTime<Utc>,
}

impl Text<'_> {
    /// The same for the same text; another on another day, if the gateway counts from 1 again.
    fn id<T: From<Uuid>>(&self, client: ClientId) -> T {
        Uuid::new_v5(&client.0, format!("text/{}/{}", self.id, self.at.timestamp_micros()).as_bytes()).into()
    }
}

/// Takes a text of a client in.
pub async fn hear(
    tx: &mut Tx,
    app: &App,
    (organisation, client): (OrganisationId, ClientId),
    text: Text<'_>,
) -> Result<()> {
    clients::take_turn(tx, organisation, client).await?;
    let agreed = kept::load(&mut *tx, organisation, client).await?;
    let client = clients::load_from(&mut *tx, app, organisation, client).await?;
    let Some(agreed) = agreed else { return Ok(()) };
    let Some(settings) = agreed.settings(&client)? else { return Ok(()) };
    let phone = cover::number_of(&mut *tx, organisation, &client).await?;
    let texts = Texts::to(app, &client, &settings, phone.as_deref())?;
    let heard = Heard { app, organisation, client: &client, settings: &settings, texts: &texts, text };
    match heard.act(tx, &agreed).await? {
        // However often they were answered today: nothing that they write is read from now on.
        Answer::Last(words) => outgoing::tell(tx, app, organisation, &client, &settings, None, words).await,
        Answer::Usual(words) => outgoing::answer(tx, app, organisation, &client, &settings, words).await,
    }
}

enum Answer {
    Usual(String),
    Last(String),
}

struct Heard<'h> {
    app: &'h App,
    organisation: OrganisationId,
    client: &'h Client,
    settings: &'h Settings,
    texts: &'h Texts<'h>,
    text: Text<'h>,
}

impl Heard<'_> {
    /// Does what the text asks for, and says so.
    async fn act(&self, tx: &mut Tx, agreed: &Row) -> Result<Answer> {
        let items = items::all(&mut *tx, self.organisation, self.client).await?;
        let questions = self.questions(tx, &items).await?;
        let scales = scales(questions.iter().copied());
        Ok(Answer::Usual(match (agreed.state, read(self.text.words, &scales)) {
            (_, Said::Stop) => {
                let by = (EndedBy::Text, Actor::System);
                kept::end(tx, self.app, self.organisation, self.client.id, by.0, by.1).await?;
                return Ok(Answer::Last(self.texts.ended()));
            }
            (State::Waiting, Said::Yes) => {
                kept::begin(tx, self.app, self.organisation, self.client.id).await?;
                round::soon(tx, self.app, self.organisation, self.client.id).await?;
                self.texts.welcome()
            }
            (_, Said::Yes | Said::Who) => self.texts.who(),
            (_, Said::CallMe) => {
                self.ask(tx, Urgency::Now, Means::Call, None).await?;
                self.texts.team_is_asked()
            }
            (State::On, Said::Answers { values, note }) => self.check_in(tx, &questions, &scales, values, note).await?,
            (State::On, Said::Misfit) => self.texts.not_understood(&scales),
            // Nobody has said that they may be asked: numbers alone are no answer to anything.
            (_, Said::Misfit | Said::Answers { note: None, .. }) => self.texts.first(),
            (_, Said::Words | Said::Answers { .. }) => {
                let how = self.client.profile.reach.how.map_or(Means::Call, Means::from);
                self.ask(tx, Urgency::Today, how, Some(cut(self.text.words.trim(), LONGEST_MESSAGE))).await?;
                self.texts.passed_on()
            }
        }))
    }

    /// What numbers are the answers to: what was asked last, as it was asked then.
    async fn questions<'i>(&self, tx: &mut Tx, items: &'i [Item]) -> Result<Vec<&'i Item>> {
        let asked = outgoing::asked_lately(tx, self.organisation, self.client, self.text.at).await?;
        Ok(match asked {
            Some(ids) => ids.iter().filter_map(|id| items.iter().find(|item| item.id == *id)).collect(),
            None => self.settings.questions(items),
        })
    }

    async fn check_in(
        &self,
        tx: &mut Tx,
        questions: &[&Item],
        scales: &[Scale],
        values: Vec<i32>,
        note: Option<String>,
    ) -> Result<String> {
        let answer = |(item, value): (&&Item, &i32)| ItemAnswer { item_id: item.id, value: Some(f64::from(*value)) };
        let answers = questions.iter().zip(&values).map(answer).collect();
        // As in the app: after the worst answer there is, help stands beside it.
        let more = note.is_some() || values.iter().zip(scales).any(|(value, scale)| *value == scale.worst());
        let said = NewCheckIn {
            recorded_at: self.text.at,
            answers,
            note: note.map(|note| cut(&note, LONGEST_NOTE)),
            note_shared: true,
            replaces: None,
            stage: None,
        };
        let id: CheckInId = self.text.id(self.client.id);
        check_ins::heard::by_text(tx, self.app, self.organisation, self.client, id, said).await?;
        Ok(self.texts.noted(&values, more))
    }

    /// A request for contact, by the way that every other takes. Whoever is not to be rung is written to, whatever the word was.
    async fn ask(&self, tx: &mut Tx, when: Urgency, how: Means, message: Option<String>) -> Result<()> {
        let how = if how == Means::Call && self.client.is_not_rung() { Means::Text } else { how };
        let from = accept::From::text(self.organisation, self.client.id);
        let id: ContactRequestId = self.text.id(self.client.id);
        let body = NewRequest { requested_at: self.text.at, when, how, message };
        accept::hear(tx, self.app, from, self.client, id, &body).await
    }
}

/// As many letters as can be kept; that there were more shows.
fn cut(words: &str, longest: usize) -> String {
    if words.chars().count() <= longest {
        return words.to_owned();
    }
    words.chars().take(longest - 1).chain(['…']).collect()
}
