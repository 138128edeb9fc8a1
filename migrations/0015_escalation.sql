-- Escalation: who is rung about what, one after the other, until a named person has it.

-- One row for everything that somebody is needed for: a request for contact, a flag that its client asks about or that was agreed for
-- the night. A sweep over this table does what is due; no timer and no job holds anything of it.
CREATE TABLE escalation (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- NULL: a drill, which is about nobody
    client_id       UUID,
    subject_kind    TEXT NOT NULL CHECK (subject_kind IN ('contact_request', 'flag', 'drill')),
    subject_id      UUID NOT NULL,
    -- what for: it chooses the list (policy) that is gone down
    kind            TEXT NOT NULL CHECK (kind IN ('contact_now', 'contact_today', 'contact_when_you_can', 'client_asked', 'plan_rule')),
    -- where in the list, who was rung in this step, or who has it: the core's own (mobile-shared/src/escalation), ids and times only
    state           JSONB NOT NULL,
    -- when to look again; NULL only once it has ended
    due_at          TIMESTAMPTZ,
    -- when the present step began to ring, or when somebody took it. NULL: it has not rung yet
    since_at        TIMESTAMPTZ,
    -- who has it
    held_by         UUID,
    -- raised by every change: whoever decided by an older one changes nothing
    fence           BIGINT NOT NULL DEFAULT 0,
    -- when it was last changed. In the future: the clock went back, and everything is looked at
    looked_at       TIMESTAMPTZ NOT NULL,
    -- a look failed: not again before this. It stays due, and counts as overdue
    retry_at        TIMESTAMPTZ,
    begun_at        TIMESTAMPTZ NOT NULL,
    ended_at        TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, held_by) REFERENCES worker (organisation_id, id),
    CHECK ((due_at IS NULL) = (ended_at IS NOT NULL)),
    CHECK ((client_id IS NULL) = (subject_kind = 'drill'))
);
-- No orphan and no double: one that is open for each subject.
CREATE UNIQUE INDEX escalation_open ON escalation (organisation_id, subject_kind, subject_id) WHERE ended_at IS NULL;
CREATE INDEX escalation_of_subject ON escalation (organisation_id, subject_id, begun_at);
CREATE INDEX escalation_of_client ON escalation (organisation_id, client_id);
CREATE INDEX escalation_due ON escalation (due_at) WHERE ended_at IS NULL;
-- What has not rung yet: a tap of this moment is not behind the backlog of an outage.
CREATE INDEX escalation_fresh ON escalation (due_at) WHERE ended_at IS NULL AND since_at IS NULL;
CREATE INDEX escalation_looked ON escalation (looked_at) WHERE ended_at IS NULL;

-- One person, rung once by one channel. What became of it stands with the deliveries of its notification.
CREATE TABLE ring (
    organisation_id UUID NOT NULL,
    notification_id UUID NOT NULL,
    escalation_id   UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    worker_id       UUID NOT NULL,
    channel_id      UUID NOT NULL,
    channel         TEXT NOT NULL CHECK (channel IN ('push', 'email', 'sms', 'voice')),
    -- holder: who had it and let the time pass; step: one of the list; anybody: the list found nobody
    place           TEXT NOT NULL CHECK (place IN ('holder', 'step', 'anybody')),
    -- from 1, and whom it meant; of a step of the list
    step            INTEGER CHECK (step >= 1),
    who             TEXT,
    -- how often the end of the list had been passed
    round           INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, notification_id),
    FOREIGN KEY (organisation_id, notification_id) REFERENCES notification (organisation_id, id),
    FOREIGN KEY (organisation_id, escalation_id) REFERENCES escalation (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    CHECK ((place = 'step') = (step IS NOT NULL))
);
CREATE INDEX ring_of_escalation ON ring (organisation_id, escalation_id, at);

-- A look that found nobody at all who could be rung. It is shouted about.
CREATE TABLE rang_nobody (
    organisation_id UUID NOT NULL,
    escalation_id   UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, escalation_id, at),
    FOREIGN KEY (organisation_id, escalation_id) REFERENCES escalation (organisation_id, id)
);
CREATE INDEX rang_nobody_at ON rang_nobody (at);

-- Whoever was called to a client may see their record until it is over, and whoever had it for some hours more. Read by the view
-- caseload.
CREATE TABLE IF NOT EXISTS called (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    client_id       UUID NOT NULL,
    PRIMARY KEY (organisation_id, worker_id, client_id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX called_to_client ON called (organisation_id, client_id);

-- The list of a service for one kind, where it is not the usual one.
CREATE TABLE policy (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('contact_now', 'contact_today', 'contact_when_you_can', 'client_asked', 'plan_rule')),
    -- [{who, worker_id, minutes}], the last repeats
    steps           JSONB NOT NULL,
    -- nobody is rung outside working hours
    by_day          BOOLEAN NOT NULL,
    changed_at      TIMESTAMPTZ NOT NULL,
    changed_by      UUID NOT NULL,
    PRIMARY KEY (organisation_id, service_id, kind),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id),
    FOREIGN KEY (organisation_id, changed_by) REFERENCES worker (organisation_id, id)
);

-- A request about nobody that goes the whole way every few minutes, to see that the way is free.
CREATE TABLE drill (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    asked_at        TIMESTAMPTZ NOT NULL,
    -- the sweep found it, and rang by the urgent lane
    rung_at         TIMESTAMPTZ,
    -- the ring arrived at its other end
    acknowledged_at TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX drill_asked ON drill (asked_at);

-- What all nodes know of the engine together. One row.
CREATE TABLE engine (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    -- when a node last looked through everything that was due, to the end. Written every few seconds
    swept_at        TIMESTAMPTZ,
    -- when a node's clock last jumped by more than five seconds
    clock_jumped_at TIMESTAMPTZ
);

-- The list was gone through once and nobody has it: the client was told so. NULL again once somebody has.
ALTER TABLE contact_request ADD COLUMN not_answered_at TIMESTAMPTZ;

-- That a promise is broken is noticed by the sweep now.
DELETE FROM job WHERE kind = 'promise_due' AND done_at IS NULL;
