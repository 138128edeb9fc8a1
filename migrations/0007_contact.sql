-- "Please contact me."

CREATE TABLE contact_request (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone
    id              UUID NOT NULL,
    -- as the phone's clock had it; received_at as ours had it
    requested_at    TIMESTAMPTZ NOT NULL,
    received_at     TIMESTAMPTZ NOT NULL,
    -- what this tap asked for
    asked_when      TEXT NOT NULL CHECK (asked_when IN ('now', 'today', 'when_you_can')),
    how             TEXT NOT NULL CHECK (how IN ('call', 'text', 'visit')),
    -- sealed
    message         BYTEA,
    -- the most urgent of all taps folded into this request
    urgency         TEXT NOT NULL CHECK (urgency IN ('now', 'today', 'when_you_can')),
    -- how often it was tapped
    taps            INTEGER NOT NULL DEFAULT 1,
    -- this tap joined another, open request
    folded_into     UUID,
    device_id       UUID NOT NULL,
    body_hash       BYTEA NOT NULL,
    state           TEXT NOT NULL CHECK (state IN
        ('received', 'reached', 'seen', 'promised', 'attempted', 'done', 'cancelled')),
    -- on a worker's screen; not yet seen by anyone
    reached_at      TIMESTAMPTZ,
    -- a named person said "I've got this"
    seen_at         TIMESTAMPTZ,
    seen_by         UUID,
    -- who has it now; not always who saw it first
    owner_id        UUID,
    promise_what    TEXT CHECK (promise_what IN ('call', 'text', 'visit')),
    promise_by      TIMESTAMPTZ,
    promise_made_at TIMESTAMPTZ,
    promise_made_by UUID,
    promise_broken  BOOLEAN NOT NULL DEFAULT FALSE,
    cancelled_at    TIMESTAMPTZ,
    done_at         TIMESTAMPTZ,
    done_by         UUID,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, seen_by) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, owner_id) REFERENCES worker (organisation_id, id)
);
-- One open request per client: more taps fold into it. It stays one until somebody has looked, cancelled or not.
CREATE UNIQUE INDEX contact_request_open ON contact_request (organisation_id, client_id)
    WHERE folded_into IS NULL AND state NOT IN ('done', 'cancelled');
CREATE UNIQUE INDEX contact_request_id ON contact_request (organisation_id, id);

-- The story of a request: taps folded in, words added, promises, attempts.
CREATE TABLE contact_entry (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    request_id      UUID NOT NULL,
    -- of the client's own entries made on the phone
    id              UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    -- received, folded, opened_again, reached, seen, promised, promise_broken, attempted, handed_over, added,
    -- cancelled, done
    what            TEXT NOT NULL,
    worker_id       UUID,
    -- of an attempt
    how             TEXT,
    reached         BOOLEAN,
    -- of a hand-over
    to_worker_id    UUID,
    -- sealed
    words           BYTEA,
    PRIMARY KEY (organisation_id, client_id, request_id, id),
    FOREIGN KEY (organisation_id, client_id, request_id)
        REFERENCES contact_request (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);
