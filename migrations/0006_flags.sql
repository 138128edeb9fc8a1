-- What the engine concluded, and the flags a worker must see.

-- One client, one day. Written again when a late check-in changes what is known of that day.
CREATE TABLE assessment (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    day             DATE NOT NULL,
    -- steady, watch, alert
    level           TEXT NOT NULL CHECK (level IN ('steady', 'watch', 'alert')),
    -- which rules concluded it
    engine          TEXT NOT NULL,
    -- sealed JSON: sentence and facts
    explanation     BYTEA NOT NULL,
    assessed_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, day),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);

-- Something a worker must see. Open until a named person says what came of it.
CREATE TABLE flag (
    organisation_id UUID NOT NULL,
    id              UUID NOT NULL,
    client_id       UUID NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('early_warning', 'silence', 'client_asked', 'reminders', 'system')),
    level           TEXT NOT NULL CHECK (level IN ('watch', 'alert')),
    state           TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved')),
    raised_at       TIMESTAMPTZ NOT NULL,
    -- the first and the last day on which the engine saw it
    first_day       DATE NOT NULL,
    last_day        DATE NOT NULL,
    -- whether the engine still sees it
    stands          BOOLEAN NOT NULL,
    -- the answers that raised it arrived on a later day than they were made
    reported_late   BOOLEAN NOT NULL,
    -- sealed JSON: sentence and facts, as of the last day on which it stood
    explanation     BYTEA NOT NULL,
    owner_id        UUID,
    acknowledged_at TIMESTAMPTZ,
    resolved_at     TIMESTAMPTZ,
    outcome         TEXT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, owner_id) REFERENCES worker (organisation_id, id)
);
-- Few flags: one open flag per client and kind; new evidence adds to it.
CREATE UNIQUE INDEX flag_open ON flag (organisation_id, client_id, kind) WHERE state <> 'resolved';
CREATE INDEX flag_of_client ON flag (organisation_id, client_id, raised_at DESC);

-- The story of a flag, and of nothing else; what a client answered is a line here.
CREATE TABLE flag_entry (
    organisation_id UUID NOT NULL,
    flag_id         UUID NOT NULL,
    id              UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    -- raised, added, level_rose, eased, acknowledged, note, answered, resolved
    what            TEXT NOT NULL,
    worker_id       UUID,
    -- sealed
    words           BYTEA,
    -- of an answer: please_talk, about_right, one_off
    answer          TEXT,
    PRIMARY KEY (organisation_id, flag_id, id),
    FOREIGN KEY (organisation_id, flag_id) REFERENCES flag (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);
