//! What the demonstration says when it is ready: where to go, as whom, and what to try.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::London;

use super::{
    Failure,
    people::{Client, PASSWORD, Part, People},
};
use crate::{
    app::App,
    assessments::day_of,
    auth::invite,
    clients,
    ids::{ClientId, OrganisationId},
};

/// Older than this, "today" on the screens is no longer where the story ends.
const STALE_DAYS: i64 = 3;

pub async fn print(app: &App) -> Result<(), Failure> {
    let people = People::read()?;
    let organisation: OrganisationId = app.db.query("SELECT id FROM organisation").scalar().await?;
    let of = |part: Part| people.clients.iter().find(|c| c.part == part).ok_or("somebody is missing from people.toml");
    let (drifting, steady, asking, helped, quiet) =
        (of(Part::Drifting)?, of(Part::Steady)?, of(Part::Asking)?, of(Part::Resolved)?, of(Part::Quiet)?);
    let [lead, support, ..] = people.workers.as_slice() else { return Err("a team needs two people".into()) };
    let (her_link, other_link) = (link(app, organisation, drifting).await?, link(app, organisation, steady).await?);
    let team = format!("{}/team/", app.config.public_url.trim_end_matches('/'));
    println!(
        "
{provider} is open. Everybody in it is invented.

  As a client     {her_link}   {her}, whose last weeks have been different
                  {other_link}   {other}, on an ordinary day
                  Each link lets one phone or browser in, once; every start makes new ones.

  As the team     {team}
                  {support_email:24} {support_name}, support worker
                  {lead_email:24} {lead_name}, team lead and admin
                  The password of both is {PASSWORD}

  Try             1. Open {her}'s link in one window and the team's page, as {support_name}, in another.
                  2. As {her}: check in, with a note. Find it on {her}'s page as {support_name}.
                  3. As {her}: tap \"I’d like someone to contact me\". Watch it reach the inbox, say
                     there that you have it and by when you will ring, and see {her}'s screen say so.
                  4. As {support_name}: read why {her}'s flag is there. {asking} asked for a call a few minutes ago,
                     and {quiet} has not checked in for longer than is usual for him.
                  5. As {support_name}: open {helped} to see a flag from weeks ago, and what came of it.
                  6. As {her}: open Pack, read something, turn the signal off and read on. As Mags: change
                     its words under Library, and see what is read and helps under Figures.
                  7. As {other}: {support_name} asks on the phone what is usual for her. Say whether it is.
                  8. As {her}: open Plan on a bad day, and have a reminder made. As {support_name}: see both.
                  9. As {lead_name}: open Rota, see who is on tonight and where nobody is, change a list of who is rung,
                     and rehearse the night. Then tap \"contact me\" as {her} and see on the request who is rung when.
                 10. Stop the server (Ctrl-C), check in as {her}, start it again: nothing is lost.
",
        provider = people.provider.name,
        her = drifting.preferred_name,
        other = steady.preferred_name,
        support_email = support.email,
        support_name = support.first_name(),
        lead_email = lead.email,
        lead_name = lead.first_name(),
        asking = asking.preferred_name,
        helped = helped.preferred_name,
        quiet = quiet.preferred_name,
    );
    remark_on_age(app, &people).await
}

/// A fresh invitation.
async fn link(app: &App, organisation: OrganisationId, client: &Client) -> Result<String, Failure> {
    let ids: Vec<(ClientId,)> =
        app.db.query("SELECT id FROM client WHERE organisation_id = $1").bind(organisation).all().await?;
    for (id,) in ids {
        // Names are sealed: they cannot be searched for.
        if clients::load(app, organisation, id).await?.profile.name == client.name {
            return Ok(invite::make(app, organisation, id, None).await?.url);
        }
    }
    Err(format!("{} is not in this demonstration any more; --reset makes a new one", client.name).into())
}

async fn remark_on_age(app: &App, people: &People) -> Result<(), Failure> {
    let began: DateTime<Utc> = app.db.query("SELECT created_at FROM organisation").scalar().await?;
    let ended = day_of(began, London) + TimeDelta::weeks(people.weeks());
    let days = (day_of(app.now(), London) - ended).num_days();
    if days >= STALE_DAYS {
        println!("The story in here ended {days} days ago. `companion demo --reset` makes one that ends today.\n");
    }
    Ok(())
}
