-- The library: resources (articles and exercises), each with a wording for every reader, each wording with its history.

-- Raised with every change of what phones may read: a node keeps the rendered library as long as this stands still.
ALTER TABLE organisation ADD COLUMN library_revision BIGINT NOT NULL DEFAULT 0;

-- One resource. Its words are in resource_text: every organisation has its own copies, to change as it likes.
CREATE TABLE resource (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- its name in links and files, e.g. low-mood
    slug            TEXT NOT NULL,
    -- NULL: offered. retired: offered no longer, those who keep it keep it. withdrawn: wrong or unsafe, gone from phones
    retired         TEXT CHECK (retired IN ('retired', 'withdrawn')),
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, slug)
);

-- One version of one wording. Only a draft is ever changed; what was published stays as it was.
CREATE TABLE resource_text (
    organisation_id UUID NOT NULL,
    resource_id     UUID NOT NULL,
    -- en, en-easy (Easy Read), cy, cy-easy
    edition         TEXT NOT NULL CHECK (edition IN ('en', 'en-easy', 'cy', 'cy-easy')),
    -- 1, 2, 3… within the wording
    number          INTEGER NOT NULL CHECK (number >= 1),
    -- front matter and Markdown; not words of a client
    markdown        TEXT NOT NULL,
    -- draft; published (what phones get); earlier (something newer took its place); offered (a newer text that came with
    -- the app, not taken yet)
    state           TEXT NOT NULL CHECK (state IN ('draft', 'published', 'earlier', 'offered')),
    -- it came with the app: where nobody has changed, chosen or reviewed it, a newer one of ours takes its place
    shipped         BOOLEAN NOT NULL,
    -- NULL: came with the app, or from a folder
    written_by      UUID,
    written_at      TIMESTAMPTZ NOT NULL,
    -- who last put it before clients; NULL: it came published, or never was
    published_by    UUID,
    -- who has read it and stands by it, and when; NULL until somebody has
    reviewed_by     UUID,
    reviewed_on     DATE,
    PRIMARY KEY (organisation_id, resource_id, edition, number),
    FOREIGN KEY (organisation_id, resource_id) REFERENCES resource (organisation_id, id),
    FOREIGN KEY (organisation_id, written_by) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, published_by) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, reviewed_by) REFERENCES worker (organisation_id, id)
);
CREATE UNIQUE INDEX resource_text_published ON resource_text (organisation_id, resource_id, edition) WHERE state = 'published';
CREATE UNIQUE INDEX resource_text_draft ON resource_text (organisation_id, resource_id, edition) WHERE state = 'draft';

-- A picture in a resource, drawn anew by the server when it came: nothing of the file but the picture is kept.
CREATE TABLE resource_image (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- a JPEG
    bytes           BYTEA NOT NULL,
    -- hash of the file as it was sent, so that the same again is known
    sent_hash       BYTEA NOT NULL,
    -- pixels
    width           INTEGER NOT NULL,
    height          INTEGER NOT NULL,
    added_by        UUID,
    added_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, added_by) REFERENCES worker (organisation_id, id)
);
