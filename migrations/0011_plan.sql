-- The stay-well plan, written by client and worker together.

-- Every time somebody saved it. Nothing here is edited or deleted, but for who agreed to it. The newest that does not stand aside is
-- where the plan is now; the one with the highest number is the plan that both agreed to.
CREATE TABLE plan_version (
    organisation_id   UUID NOT NULL,
    client_id         UUID NOT NULL,
    -- made where it was written; of a merged one, here
    id                UUID NOT NULL,
    -- in the order in which they came: 1, 2, 3…
    arrival           INTEGER NOT NULL CHECK (arrival >= 1),
    -- counted when both have agreed: 1, 2, 3…
    number            INTEGER CHECK (number >= 1),
    -- what its writer had before them; of a merged one, what it was merged into
    based_on          UUID,
    -- it was based on something older than what was there: it is kept as it was sent, and what became of it is merged_from's
    aside             BOOLEAN NOT NULL,
    -- which one that stands aside was merged in
    merged_from       UUID,
    -- sealed JSON: the plan
    body              BYTEA NOT NULL,
    -- SHA-256 of what was sent: the same again is a retry, another is a conflict
    body_hash         BYTEA NOT NULL,
    -- NULL: the client
    written_by        UUID,
    written_at        TIMESTAMPTZ NOT NULL,
    client_agreed_at  TIMESTAMPTZ,
    -- on_phone: the client by themselves; together: with the worker who agreed, in one room
    client_agreed_how TEXT CHECK (client_agreed_how IN ('on_phone', 'together')),
    worker_agreed_at  TIMESTAMPTZ,
    worker_agreed_by  UUID,
    -- the first day on which its rules hold, in the client's own calendar
    in_force_from     DATE,
    PRIMARY KEY (organisation_id, client_id, id),
    UNIQUE (organisation_id, client_id, arrival),
    UNIQUE (organisation_id, client_id, number),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, written_by) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_agreed_by) REFERENCES worker (organisation_id, id),
    CHECK ((number IS NULL) = (client_agreed_at IS NULL OR worker_agreed_at IS NULL)),
    CHECK ((number IS NULL) = (in_force_from IS NULL)),
    CHECK ((client_agreed_at IS NULL) = (client_agreed_how IS NULL)),
    CHECK (NOT aside OR (client_agreed_at IS NULL AND worker_agreed_at IS NULL))
);

-- The stage of the plan the client felt they were in; sealed JSON {id, name}.
ALTER TABLE check_in ADD COLUMN stage BYTEA;
