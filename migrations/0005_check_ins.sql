-- Check-ins: what a client said about a moment. Never edited; a later one replaces it.

CREATE TABLE check_in (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- made on the phone
    id              UUID NOT NULL,
    -- as the phone's clock had it
    recorded_at     TIMESTAMPTZ NOT NULL,
    -- as ours had it
    received_at     TIMESTAMPTZ NOT NULL,
    -- the moment it counts under: recorded_at, put right where the phone's clock was wrong
    made_at         TIMESTAMPTZ NOT NULL,
    clock_corrected BOOLEAN NOT NULL,
    -- the day of made_at in the client's time zone then
    day             DATE NOT NULL,
    -- sealed JSON: [{item_id, value}]
    answers         BYTEA NOT NULL,
    -- sealed
    note            BYTEA,
    note_shared     BOOLEAN NOT NULL,
    replaces        UUID,
    device_id       UUID,
    -- a worker who entered it for the client
    entered_by      UUID,
    -- SHA-256 of the body as understood: the same again is a retry, another is a conflict
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, client_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX check_in_by_time ON check_in (organisation_id, client_id, made_at DESC, id DESC);
CREATE INDEX check_in_replaced ON check_in (organisation_id, client_id, replaces) WHERE replaces IS NOT NULL;
