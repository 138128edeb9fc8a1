-- Early warning as client and worker want it: what is usual when well, the rules that warn, silence, and what was missed.

-- The client's choices: to read flags and their picture in words on the phone, and that having gone quiet is a signal.
ALTER TABLE client ADD COLUMN flags_shown BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE client ADD COLUMN silence_counts BOOLEAN NOT NULL DEFAULT TRUE;

-- There was no check-in for longer than is usual for this client.
ALTER TABLE assessment ADD COLUMN silence BOOLEAN NOT NULL DEFAULT FALSE;
-- SHA-256 over the ids of the check-ins that count on this day or before, as they were known when it was assessed. While it
-- is the same, the day keeps its conclusion. NULL: assessed by an older server, and kept as it was.
ALTER TABLE assessment ADD COLUMN known BYTEA;

-- What client and worker say is usual when well. Never edited and never deleted: a later one takes its place. The newest that
-- is agreed is in force.
CREATE TABLE baseline (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made in the team's app
    id              UUID NOT NULL,
    -- proposed: waits for the client; withdrawn: another one came before they answered
    state           TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'declined', 'withdrawn')),
    -- the days whose answers it was taken from
    first_day       DATE NOT NULL,
    last_day        DATE NOT NULL,
    -- sealed JSON: [{item_id, low, centre, high, learned}], words, and how it is to be agreed
    body            BYTEA NOT NULL,
    proposed_by     UUID NOT NULL,
    proposed_at     TIMESTAMPTZ NOT NULL,
    -- together: in one room; on_phone: the client said so by themselves. NULL: it is not agreed
    agreed_how      TEXT CHECK (agreed_how IN ('together', 'on_phone')),
    answered_at     TIMESTAMPTZ,
    -- sealed
    answer_words    BYTEA,
    -- the first day that is judged by it, in the client's own calendar
    in_force_from   DATE,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, proposed_by) REFERENCES worker (organisation_id, id),
    CHECK ((state = 'agreed') = (in_force_from IS NOT NULL))
);
-- One question at a time.
CREATE UNIQUE INDEX baseline_proposed ON baseline (organisation_id, client_id) WHERE state = 'proposed';

-- How readily a client's changes are told to the team. Each change is a row; the one with the highest number is in force.
CREATE TABLE warning_rules (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made in the team's app
    id              UUID NOT NULL,
    -- 1, 2, 3…
    number          INTEGER NOT NULL CHECK (number >= 1),
    sensitivity     TEXT NOT NULL CHECK (sensitivity IN ('sooner', 'usual', 'later')),
    -- whether silence is told; only if the client agrees (client.silence_counts)
    silence         BOOLEAN NOT NULL,
    -- sealed
    why             BYTEA NOT NULL,
    changed_by      UUID NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    UNIQUE (organisation_id, client_id, number),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, changed_by) REFERENCES worker (organisation_id, id)
);

-- It got worse, and no flag came before. Said by a worker, so that the rules can be judged by it.
CREATE TABLE missed_warning (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made in the team's app
    id              UUID NOT NULL,
    -- the day it was noticed
    noticed_on      DATE NOT NULL,
    -- sealed
    words           BYTEA,
    told_by         UUID NOT NULL,
    told_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, told_by) REFERENCES worker (organisation_id, id)
);

-- For the figures: which flags were raised in a month.
CREATE INDEX flag_raised ON flag (organisation_id, raised_at);
