-- Check-ins by text, for a client with no smartphone or no data.

-- What was agreed with the client. Nothing is asked before the person who has the number has answered a first text with YES.
CREATE TABLE by_text (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- waiting: the first text is not answered; on: they said yes; ended
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'on', 'ended')),
    -- sealed JSON: number, questions, days, time, language, what the first text says it is from. Forgotten when it ends
    settings        BYTEA,
    -- keyed hash of the number: whoever replies is found by it. Without the master key no number can be tried against it
    number_hash     BYTEA,
    -- how it was agreed with the client, with which worker, and when
    agreed_how      TEXT NOT NULL CHECK (agreed_how IN ('in_person', 'by_phone')),
    agreed_with     UUID NOT NULL,
    agreed_at       TIMESTAMPTZ NOT NULL,
    -- when the number answered YES
    said_yes_at     TIMESTAMPTZ,
    ended_at        TIMESTAMPTZ,
    -- text: STOP came from the number; client: in the app; worker
    ended_by        TEXT CHECK (ended_by IN ('text', 'client', 'worker')),
    PRIMARY KEY (organisation_id, client_id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, agreed_with) REFERENCES worker (organisation_id, id),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((state = 'ended') = (number_hash IS NULL)),
    CHECK ((state = 'ended') = (settings IS NULL)),
    CHECK (state <> 'on' OR said_yes_at IS NOT NULL)
);
-- A text names no organisation: a number that said yes is one client's, on the whole server. Whoever writes down a number that is on
-- elsewhere is told nothing of it.
CREATE UNIQUE INDEX by_text_on ON by_text (number_hash) WHERE state = 'on';
CREATE INDEX by_text_number ON by_text (number_hash) WHERE number_hash IS NOT NULL;

-- A text to a client on its way. *Sent*: the gateway took it; more is not known.
CREATE TABLE text_message (
    organisation_id UUID NOT NULL,
    id              UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- first: may we ask? question; answer: to a text of theirs
    kind            TEXT NOT NULL CHECK (kind IN ('first', 'question', 'answer')),
    -- keyed hash of the number it is for: it is not sent to another. Forgotten some days later
    number_hash     BYTEA,
    -- sealed with the client's key. Forgotten when it is sent, or will not be
    words           BYTEA,
    -- of a question: the client's day, and sealed JSON: the items asked, in their order
    day             DATE,
    asked           BYTEA,
    made_at         TIMESTAMPTZ NOT NULL,
    useful_until    TIMESTAMPTZ NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    tries           INTEGER NOT NULL DEFAULT 0,
    -- as of a delivery: stale, ended, answered, paused, keys, unavailable, unreachable, or the status with a gateway's own code
    problem         TEXT,
    sent_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    CHECK ((kind = 'question') = (day IS NOT NULL)),
    CHECK ((kind = 'question') = (asked IS NOT NULL)),
    CHECK ((state = 'queued') = (words IS NOT NULL)),
    CHECK (state <> 'queued' OR number_hash IS NOT NULL),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
-- One question a day, whatever happens.
CREATE UNIQUE INDEX text_message_question ON text_message (organisation_id, client_id, day) WHERE kind = 'question';
-- So that two machines do not talk for ever.
CREATE INDEX text_message_number ON text_message (number_hash, made_at);
