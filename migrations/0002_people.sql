-- The people: who supports whom, in which service.

CREATE TABLE service (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN
        ('24_hour', 'medium', 'flexible_community', 'forensic', 'recovery_college', 'women_only')),
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, name)
);

CREATE TABLE worker (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- lower case; one address signs in to one organisation
    email           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    -- what clients see: "Seen by Dee"
    first_name      TEXT NOT NULL,
    -- argon2id, PHC string
    password_hash   TEXT NOT NULL,
    active          BOOLEAN NOT NULL DEFAULT TRUE,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE worker_role (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    role            TEXT NOT NULL CHECK (role IN
        ('support_worker', 'recovery_coach', 'peer_navigator', 'team_lead', 'admin')),
    PRIMARY KEY (organisation_id, worker_id, role),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);

CREATE TABLE worker_service (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    service_id      UUID NOT NULL,
    PRIMARY KEY (organisation_id, worker_id, service_id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id)
);

CREATE TABLE client (
    organisation_id     UUID NOT NULL REFERENCES organisation (id),
    id                  UUID NOT NULL,
    service_id          UUID NOT NULL,
    -- this client's own key, sealed with the master key. Erasing it erases the client
    wrapped_key         BYTEA NOT NULL,
    -- sealed JSON: name, preferred name, phone, dedicated phone, how to reach me, about me
    profile             BYTEA NOT NULL,
    -- en, cy
    language            TEXT NOT NULL DEFAULT 'en',
    -- IANA name, e.g. Europe/London
    time_zone           TEXT NOT NULL,
    -- support package: hours a week (1 to 168) and cover
    hours_per_week      INTEGER CHECK (hours_per_week BETWEEN 1 AND 168),
    cover               TEXT NOT NULL CHECK (cover IN ('day', 'sleeping_night', 'waking_night', 'on_call')),
    -- the client's own choice
    check_ins_per_week  INTEGER NOT NULL DEFAULT 3 CHECK (check_ins_per_week BETWEEN 1 AND 14),
    active              BOOLEAN NOT NULL DEFAULT TRUE,
    created_at          TIMESTAMPTZ NOT NULL,
    -- raised first in every transaction that decides by this client's other rows (folding a second tap,
    -- raising a flag): on PostgreSQL the lock makes such transactions take turns
    turn                BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id)
);

-- Which workers support which client; one of them is the key worker.
CREATE TABLE assignment (
    organisation_id UUID NOT NULL,
    client_id       UUID NOT NULL,
    worker_id       UUID NOT NULL,
    key_worker      BOOLEAN NOT NULL DEFAULT FALSE,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, client_id, worker_id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);
CREATE UNIQUE INDEX assignment_key_worker ON assignment (organisation_id, client_id) WHERE key_worker;
CREATE INDEX assignment_of_worker ON assignment (organisation_id, worker_id);

-- Which clients a worker may see: those they are assigned to, and, for a team lead, those of their services.
-- server/src/access.rs decides by this view and nothing else; the roles are in it because an admin as such
-- sees nobody's record.
CREATE VIEW caseload AS
    SELECT a.organisation_id, a.worker_id, a.client_id
    FROM assignment a
    JOIN worker w ON w.organisation_id = a.organisation_id AND w.id = a.worker_id AND w.active
    WHERE EXISTS (SELECT 1 FROM worker_role r
                  WHERE r.organisation_id = a.organisation_id AND r.worker_id = a.worker_id AND r.role <> 'admin')
    UNION
    SELECT c.organisation_id, s.worker_id, c.id
    FROM client c
    JOIN worker_service s ON s.organisation_id = c.organisation_id AND s.service_id = c.service_id
    JOIN worker_role r ON r.organisation_id = s.organisation_id AND r.worker_id = s.worker_id AND r.role = 'team_lead'
    JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id AND w.active;

-- A crisis line of the shipped list that a named person of the provider has rung or otherwise checked.
CREATE TABLE crisis_line_check (
    organisation_id UUID NOT NULL,
    line_id         TEXT NOT NULL,
    checked_on      DATE NOT NULL,
    checked_by      UUID NOT NULL,
    PRIMARY KEY (organisation_id, line_id),
    FOREIGN KEY (organisation_id, checked_by) REFERENCES worker (organisation_id, id)
);
