-- Joining, phones and sessions.

-- A worker's invitation: a code that can be read aloud, once, for 72 hours.
CREATE TABLE invite (
    organisation_id UUID NOT NULL,
    id              UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- hash of the code without its dashes
    code_hash       BYTEA NOT NULL UNIQUE,
    created_by      UUID,
    created_at      TIMESTAMPTZ NOT NULL,
    expires_at      TIMESTAMPTZ NOT NULL,
    used_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);

-- A phone that joined.
CREATE TABLE device (
    organisation_id  UUID NOT NULL,
    id               UUID NOT NULL,
    client_id        UUID NOT NULL,
    -- as the phone calls itself; not words of the client
    name             TEXT NOT NULL,
    -- hash of the key that can ask for contact, and nothing else, when the session is gone
    contact_key_hash BYTEA NOT NULL,
    joined_at        TIMESTAMPTZ NOT NULL,
    last_seen_at     TIMESTAMPTZ NOT NULL,
    revoked_at       TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX device_of_client ON device (organisation_id, client_id);

-- A signed-in phone or browser: one family of refresh tokens. Each use makes the next token out of the last;
-- only hashes are kept. A token that is neither the newest nor the one before it (within 30 s) ends the family.
CREATE TABLE session (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    device_id       UUID,
    worker_id       UUID,
    token_hash      BYTEA NOT NULL,
    previous_hash   BYTEA,
    rotated_at      TIMESTAMPTZ NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    ended_at        TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, device_id) REFERENCES device (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    CHECK ((device_id IS NULL) <> (worker_id IS NULL))
);
CREATE INDEX session_of_device ON session (organisation_id, device_id);
CREATE INDEX session_of_worker ON session (organisation_id, worker_id);
