-- The rota: who is on, first line and second, and what follows from it.

-- One version of a service's rota, whole, published by being saved. The newest counts; none is ever changed.
CREATE TABLE rota (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    -- made by whoever saved it
    id              UUID NOT NULL,
    -- 1, 2, 3… of this service
    number          INTEGER NOT NULL CHECK (number >= 1),
    -- who is rung if nobody is on; without one no minute of the next 14 days may be uncovered
    catch_all       UUID,
    -- the recurring shifts: mobile_shared::rota::Pattern
    patterns        JSONB NOT NULL,
    body_hash       BYTEA NOT NULL,
    published_at    TIMESTAMPTZ NOT NULL,
    published_by    UUID NOT NULL,
    PRIMARY KEY (organisation_id, id),
    -- two who save at once do not undo each other
    UNIQUE (organisation_id, service_id, number),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id),
    FOREIGN KEY (organisation_id, catch_all) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, published_by) REFERENCES worker (organisation_id, id)
);

-- Raised first in every transaction that decides by a service's rota, so that such transactions take turns on PostgreSQL too.
ALTER TABLE service ADD COLUMN rota_turn BIGINT NOT NULL DEFAULT 0;

-- One shift for one worker instead of another, perhaps for one of theirs in return. It counts from the second yes.
CREATE TABLE rota_swap (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    id              UUID NOT NULL,
    -- the shift given, as it was when this was proposed: mobile_shared::rota::Shift
    shift           JSONB NOT NULL,
    in_return       JSONB,
    giver           UUID NOT NULL,
    taker           UUID NOT NULL,
    giver_yes_at    TIMESTAMPTZ,
    taker_yes_at    TIMESTAMPTZ,
    -- the second yes
    agreed_at       TIMESTAMPTZ,
    declined_at     TIMESTAMPTZ,
    withdrawn_at    TIMESTAMPTZ,
    -- when the later of the two shifts ends
    ends_at         TIMESTAMPTZ NOT NULL,
    -- sealed with the master key
    words           BYTEA,
    proposed_by     UUID NOT NULL,
    proposed_at     TIMESTAMPTZ NOT NULL,
    -- when whoever has to answer was told outside the app
    told_at         TIMESTAMPTZ,
    -- whoever answered last, and when the others were told what became of it
    last_said_by    UUID,
    outcome_told_at TIMESTAMPTZ,
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id),
    FOREIGN KEY (organisation_id, giver) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, taker) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, proposed_by) REFERENCES worker (organisation_id, id),
    CHECK (giver <> taker),
    CHECK (agreed_at IS NULL OR (giver_yes_at IS NOT NULL AND taker_yes_at IS NOT NULL AND declined_at IS NULL AND withdrawn_at IS NULL))
);
CREATE INDEX rota_swap_of_service ON rota_swap (organisation_id, service_id, ends_at);

-- Somebody is not there, whatever any rota says.
CREATE TABLE absence (
    organisation_id UUID NOT NULL,
    id              UUID NOT NULL,
    worker_id       UUID NOT NULL,
    from_at         TIMESTAMPTZ NOT NULL,
    -- there again; NULL: nobody knows yet
    until_at        TIMESTAMPTZ,
    -- what only they and a lead of theirs read
    why             TEXT NOT NULL CHECK (why IN ('ill', 'leave', 'other')),
    -- it was ended, or taken back before it began
    ended_at        TIMESTAMPTZ,
    said_by         UUID NOT NULL,
    said_at         TIMESTAMPTZ NOT NULL,
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, said_by) REFERENCES worker (organisation_id, id),
    CHECK (until_at IS NULL OR until_at > from_at)
);
CREATE INDEX absence_of_worker ON absence (organisation_id, worker_id);

-- What whoever goes off tells whoever comes on.
CREATE TABLE rota_handover (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    id              UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    worker_id       UUID NOT NULL,
    -- sealed with the master key: it belongs to no one client
    words           BYTEA NOT NULL,
    body_hash       BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);
CREATE INDEX rota_handover_of_service ON rota_handover (organisation_id, service_id, at);

-- Whether somebody who works a night was asked if their phone works. What it answered is found in their deliveries.
CREATE TABLE rota_readiness (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    -- of which shift: its pattern, the date it starts on, and who has it
    pattern_id      UUID NOT NULL,
    local_date      DATE NOT NULL,
    worker_id       UUID NOT NULL,
    first_asked_at  TIMESTAMPTZ NOT NULL,
    last_asked_at   TIMESTAMPTZ NOT NULL,
    -- the backup was told that nothing answered
    told_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, service_id, pattern_id, local_date, worker_id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id)
);

-- Where nobody of first line is on in the next 14 days, and when a lead was last told of it.
CREATE TABLE rota_hole (
    organisation_id UUID NOT NULL,
    service_id      UUID NOT NULL,
    from_at         TIMESTAMPTZ NOT NULL,
    until_at        TIMESTAMPTZ NOT NULL,
    told_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, service_id, from_at, until_at),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id)
);

-- Who is on now, from a quarter of an hour before their shift to an hour after it: while a row is here they see the clients of the service.
CREATE TABLE duty (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    service_id      UUID NOT NULL,
    -- when it is to go
    until           TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, worker_id, service_id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id)
);
CREATE INDEX duty_of_service ON duty (organisation_id, service_id);

-- Who was called for a client by escalation and is neither assigned nor on: they see this client until it has ended.
CREATE TABLE called (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    client_id       UUID NOT NULL,
    PRIMARY KEY (organisation_id, worker_id, client_id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id)
);
CREATE INDEX called_for_client ON called (organisation_id, client_id);

-- Which clients are a worker's own: those they are assigned to, and, for a team lead, those of their services. An admin, as such,
-- sees nobody's record.
DROP VIEW caseload;
CREATE VIEW own_caseload AS
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

-- Whose flags a worker is shown: those of their own clients, and of whom they were called for. Who covers a night is not flooded
-- with the flags of everybody else's.
CREATE VIEW flag_caseload AS
    SELECT organisation_id, worker_id, client_id FROM own_caseload
    UNION
    SELECT k.organisation_id, k.worker_id, k.client_id
    FROM called k
    JOIN worker w ON w.organisation_id = k.organisation_id AND w.id = k.worker_id AND w.active;

-- Which clients a worker may see: their own, those of a service that they are on duty for, and those they were called for.
-- server/src/access decides by this view and nothing else.
CREATE VIEW caseload AS
    SELECT organisation_id, worker_id, client_id FROM flag_caseload
    UNION
    SELECT d.organisation_id, d.worker_id, c.id
    FROM duty d
    JOIN client c ON c.organisation_id = d.organisation_id AND c.service_id = d.service_id
    JOIN worker w ON w.organisation_id = d.organisation_id AND w.id = d.worker_id AND w.active
    WHERE EXISTS (SELECT 1 FROM worker_role r
                  WHERE r.organisation_id = d.organisation_id AND r.worker_id = d.worker_id AND r.role <> 'admin');
