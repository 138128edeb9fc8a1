-- The resilience pack of one client: what was chosen with them, and what they make of it.

-- The client's choice: to be counted, without a name and never among fewer than five, in what is read and helps.
ALTER TABLE client ADD COLUMN pack_counted BOOLEAN NOT NULL DEFAULT TRUE;

-- What somebody reads about says much about them, so it is sealed as one: not even ids of resources stand open.
CREATE TABLE pack (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- sealed JSON: what the team chose, in order, with why and by whom
    chosen          BYTEA,
    -- raised with every change of it: two workers at once do not undo each other
    chosen_revision INTEGER NOT NULL DEFAULT 0,
    -- sealed JSON, the client's: the first-aid box, and marks (opened, read to, helped, kept, shared) by resource
    own             BYTEA,
    PRIMARY KEY (organisation_id, client_id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);

-- Something of the client's own: a note, a photo, a link, an exercise they kept. Never edited: a later one replaces it.
-- Of a removed one the id stays and nothing else, so that a retry that comes late does not bring it back; also when the
-- removal comes first.
CREATE TABLE pack_addition (
    organisation_id UUID NOT NULL,
    -- made on the phone
    id              UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- sealed JSON: as the phone sent it, when it counts as made, and the hash of the photo's file
    body            BYTEA,
    -- sealed JPEG
    photo           BYTEA,
    received_at     TIMESTAMPTZ NOT NULL,
    removed_at      TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    CHECK (removed_at IS NULL OR (body IS NULL AND photo IS NULL))
);
CREATE INDEX pack_addition_of_client ON pack_addition (organisation_id, client_id) WHERE removed_at IS NULL;

-- A search that found nothing. Told to nobody until five different people have looked for the same.
CREATE TABLE missing_search (
    organisation_id UUID NOT NULL,
    -- made on the phone
    id              UUID NOT NULL,
    client_id       UUID NOT NULL,
    -- sealed
    words           BYTEA NOT NULL,
    received_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX missing_search_of_time ON missing_search (organisation_id, received_at);
CREATE INDEX missing_search_of_client ON missing_search (organisation_id, client_id);
