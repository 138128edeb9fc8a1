-- The questions of a client's check-ins.

-- One version of one question. A reworded question is a new row of the same series, so an answer, which names
-- the row, keeps the meaning it had when it was given.
CREATE TABLE item (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    id              UUID NOT NULL,
    series_id       UUID NOT NULL,
    version         INTEGER NOT NULL,
    -- standard, sign
    kind            TEXT NOT NULL CHECK (kind IN ('standard', 'sign')),
    -- of a standard item: mood, sleep, energy, anxiety, connection
    standard_key    TEXT,
    -- sealed JSON: the words of the question and of its scale; of a standard item empty, its words come by key
    words           BYTEA NOT NULL,
    min             INTEGER NOT NULL,
    max             INTEGER NOT NULL,
    -- better, worse
    higher_is       TEXT NOT NULL CHECK (higher_is IN ('better', 'worse')),
    position        INTEGER NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    -- when it stopped being asked: reworded or taken off
    retired_at      TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, client_id, id),
    UNIQUE (organisation_id, client_id, series_id, version),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    CHECK (min < max)
);
CREATE UNIQUE INDEX item_current ON item (organisation_id, client_id, series_id) WHERE retired_at IS NULL;
