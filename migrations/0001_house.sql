-- The house: who runs it, what was seen, what is still to do, what changed.

-- A provider. The outer boundary: no row is ever read across it.
CREATE TABLE organisation (
    id           UUID PRIMARY KEY,
    name         TEXT NOT NULL,
    -- "#rrggbb", the provider's own colour in both apps
    brand_colour TEXT,
    -- the number to ring instead of using the app, and when it is answered, in the provider's words
    phone        TEXT,
    phone_hours  TEXT,
    -- which crisis lines come first: england, wales, scotland, northern_ireland
    nation       TEXT NOT NULL DEFAULT 'england',
    created_at   TIMESTAMPTZ NOT NULL,
    -- the last number given to an event of this organisation. Raising it locks the row until commit, so
    -- events become visible in the order of their numbers on both databases
    event_seq    BIGINT NOT NULL DEFAULT 0,
    -- the head of the audit chain: number and hash of its last row, and a seal over both
    audit_seq    BIGINT NOT NULL DEFAULT 0,
    audit_hash   BYTEA NOT NULL,
    audit_seal   BYTEA NOT NULL
);

-- Who looked at what, and who did what. Append-only: nothing in the server updates or deletes here, and each
-- row carries a keyed hash over itself and the row before it.
CREATE TABLE audit (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    seq             BIGINT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    -- worker:<id>, device:<id>, system
    actor           TEXT NOT NULL,
    -- e.g. check_ins.read, flag.acknowledge, denied
    action          TEXT NOT NULL,
    -- ids of the clients whose records were in what was seen or changed
    clients         JSONB NOT NULL,
    -- ids only (the row acted on, the route refused): never words of a client
    detail          JSONB NOT NULL,
    hash            BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, seq)
);

-- Work that must happen after something was accepted, written in the same transaction as what caused it.
CREATE TABLE job (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- assess, promise_due
    kind            TEXT NOT NULL,
    -- what it is about: a client, a contact request
    subject_id      UUID NOT NULL,
    due_at          TIMESTAMPTZ NOT NULL,
    leased_by       TEXT,
    lease_until     TIMESTAMPTZ,
    -- how often it was begun; a job that keeps failing waits longer each time and is counted as overdue
    attempts        INTEGER NOT NULL DEFAULT 0,
    done_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX job_due ON job (due_at) WHERE done_at IS NULL;
CREATE INDEX job_waiting ON job (organisation_id, subject_id, kind) WHERE done_at IS NULL;

-- What changed, for the team's live stream. Ids only; whoever hears of it asks for the rest and is checked then.
CREATE TABLE event (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    seq             BIGINT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    -- contact_request, flag, check_in, client, items
    what            TEXT NOT NULL,
    subject_id      UUID NOT NULL,
    client_id       UUID NOT NULL,
    PRIMARY KEY (organisation_id, seq)
);

-- Keys that sign access tokens. One at a time signs, older ones verify until what they signed has run out.
CREATE TABLE signing_key (
    kid        TEXT PRIMARY KEY,
    -- sealed with the master key
    secret     BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- Tries at something guessable, counted in windows, so that limits hold across restarts and nodes.
-- Asking for contact is never counted here.
CREATE TABLE attempt (
    -- e.g. claim:203.0.113.9, sign_in:<hash of the address typed>
    name         TEXT PRIMARY KEY,
    window_start TIMESTAMPTZ NOT NULL,
    tries        INTEGER NOT NULL
);
