-- Reminders: what somebody wants to be reminded of, by the clock on their wall, and what became of each time.

-- The client's choices about being told things. Times are those of their own wall clock, as HH:MM; both are set or neither is.
ALTER TABLE client ADD COLUMN quiet_from TEXT;
ALTER TABLE client ADD COLUMN quiet_until TEXT;
-- the last day of a pause of everything
ALTER TABLE client ADD COLUMN reminders_paused_until DATE;
-- whether reminders move with them; the zone their phone last said it is in counts only then
ALTER TABLE client ADD COLUMN follow_travel BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE client ADD COLUMN zone_here TEXT;
-- what may stand on a locked screen. words: their own, filled in by the phone, which alone has them there
ALTER TABLE client ADD COLUMN discretion TEXT NOT NULL DEFAULT 'neutral' CHECK (discretion IN ('words', 'neutral', 'hidden'));
-- hash of the secret in the address of their calendar; NULL: there is none
ALTER TABLE client ADD COLUMN calendar_hash BYTEA;
-- the team may see which reminders were answered, and gets a gentle signal when they no longer are
ALTER TABLE client ADD COLUMN reminders_shared BOOLEAN NOT NULL DEFAULT FALSE;
-- what happened before this has its row in occurrence, or was let go. NULL: nobody has looked yet
ALTER TABLE client ADD COLUMN reminders_seen_to TIMESTAMPTZ;
CREATE UNIQUE INDEX client_calendar ON client (calendar_hash) WHERE calendar_hash IS NOT NULL;

-- Something to be reminded of. What it says and when stands in its changes.
CREATE TABLE reminder (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone or in the team's app
    id              UUID NOT NULL,
    -- the wording that stands: on, off, or proposed where there has been no other
    change_id       UUID NOT NULL,
    -- the same if it is on; NULL: nothing is told of it
    in_force        UUID,
    -- what a worker proposes in its place: it stops nothing, and waits for the client. NULL: nothing waits
    proposal_id     UUID,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX reminder_in_force ON reminder (organisation_id, client_id) WHERE in_force IS NOT NULL;

-- Every wording a reminder ever had. Never edited and never deleted.
CREATE TABLE reminder_change (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone or in the team's app
    id              UUID NOT NULL,
    reminder_id     UUID NOT NULL,
    -- 1, 2, 3… of its reminder
    number          INTEGER NOT NULL CHECK (number >= 1),
    -- proposed: by a worker, and waits for the client
    state           TEXT NOT NULL CHECK (state IN ('proposed', 'on', 'off')),
    about           TEXT NOT NULL CHECK (about IN ('check_in', 'plan', 'own')),
    -- the line of the stay-well plan that it is tied to
    plan_line       UUID,
    -- local dates and times (mobile-shared/src/reminder/schedule.rs); instants are worked out late
    schedule        JSONB NOT NULL,
    -- the last day of a pause of this one
    paused_until    DATE,
    -- nothing before it is told: when the schedule became what it is here
    from_at         TIMESTAMPTZ NOT NULL,
    -- sealed JSON: title and note
    words           BYTEA NOT NULL,
    -- NULL: the client
    worker_id       UUID,
    -- it was turned off because an agreed plan no longer has its line
    by_plan         BOOLEAN NOT NULL DEFAULT FALSE,
    changed_at      TIMESTAMPTZ NOT NULL,
    -- SHA-256 of the body as understood: the same again is a retry, another is a conflict
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    UNIQUE (organisation_id, client_id, reminder_id, number),
    FOREIGN KEY (organisation_id, client_id, reminder_id) REFERENCES reminder (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);

-- One dated instance. It has a row once its time has come or somebody answered it; its key makes sure that it is told once,
-- whatever clocks, zones and nodes do.
CREATE TABLE occurrence (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    reminder_id     UUID NOT NULL,
    local_date      DATE NOT NULL,
    -- HH:MM
    local_time      TEXT NOT NULL,
    -- worked out from the three above, the same on every phone and server
    id              UUID NOT NULL,
    -- the instant of that date and time in this zone
    due_at          TIMESTAMPTZ NOT NULL,
    zone            TEXT NOT NULL,
    about           TEXT NOT NULL CHECK (about IN ('check_in', 'plan', 'own')),
    -- when it is to be told: at its time, when a snooze is over, or once it is no longer quiet. NULL: it was told, answered, or
    -- let go because it was too late to be of use
    tell_at         TIMESTAMPTZ,
    -- when it was last told, and how often
    told_at         TIMESTAMPTZ,
    told            INTEGER NOT NULL DEFAULT 0,
    -- the act that counts; NULL: unanswered
    answer          TEXT CHECK (answer IN ('done', 'skipped', 'snoozed')),
    act_id          UUID,
    answered_at     TIMESTAMPTZ,
    snoozed_until   TIMESTAMPTZ,
    -- answered by a check-in of that day
    by_check_in     BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (organisation_id, client_id, reminder_id, local_date, local_time),
    UNIQUE (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id, reminder_id) REFERENCES reminder (organisation_id, client_id, id),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX occurrence_to_tell ON occurrence (organisation_id, client_id, tell_at, id) WHERE tell_at IS NOT NULL;
CREATE INDEX occurrence_of_day ON occurrence (organisation_id, client_id, local_date);

-- In which notifications an occurrence was told. What became of each stands with its deliveries; a button of any of them answers
-- everything that was told in it, whatever was told since.
CREATE TABLE occurrence_told (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    notification_id UUID NOT NULL,
    occurrence_id   UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, occurrence_id, notification_id),
    FOREIGN KEY (organisation_id, client_id, occurrence_id) REFERENCES occurrence (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, notification_id) REFERENCES notification (organisation_id, id)
);
CREATE INDEX occurrence_told_in ON occurrence_told (organisation_id, client_id, notification_id, occurrence_id);

-- Done, not this time, later: as the phone or a button of a notification said. Never edited; the latest counts.
CREATE TABLE occurrence_act (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone; of a button, worked out from notification and occurrence
    id              UUID NOT NULL,
    occurrence_id   UUID NOT NULL,
    answer          TEXT NOT NULL CHECK (answer IN ('done', 'skipped', 'snoozed')),
    -- when it was said, put right where the phone's clock was wrong
    at              TIMESTAMPTZ NOT NULL,
    until           TIMESTAMPTZ,
    -- sealed
    reason          BYTEA,
    received_at     TIMESTAMPTZ NOT NULL,
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id, occurrence_id) REFERENCES occurrence (organisation_id, client_id, id)
);
