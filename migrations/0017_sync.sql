-- What phones sent through sync and was taken in: by it a retry is known, and a phone is known to remember more than a database that was
-- put back from an older backup. No foreign key: it is only ever asked "was there such an operation?".
CREATE TABLE sync_operation (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone
    id              UUID NOT NULL,
    kind            TEXT NOT NULL,
    body_hash       BYTEA NOT NULL,
    received_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id)
);

-- How many refresh tokens a session has had. Each token carries its number; a number still to come can only have been given out by a database
-- that was lost since. Null as long as a session's token is of the older sort, which has none.
ALTER TABLE session ADD COLUMN turn BIGINT;
