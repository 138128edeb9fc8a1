-- To whom something is told outside the apps, by which way (Web Push; for workers also e-mail, text and voice), what was
-- told, and what became of it on the way.

-- The key by which push services know this server (VAPID). One for all organisations and nodes: nodes that start together
-- agree on the one that was written first. Every subscription is bound to it; with another key all of them would be dead.
CREATE TABLE vapid_key (
    -- there is one
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    -- the public half: an uncompressed point of P-256, 65 bytes
    public_key BYTEA NOT NULL,
    -- the private half, sealed with the master key
    secret     BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- A push service, gateway or mail server that refused us (401, 403; 530 to 538) and has not taken anything since. The operator
-- must look: as a rule the key or the contact address in the token is not what the service wants, or a password is out of date.
-- Gone again with the next message it takes.
CREATE TABLE push_refusal (
    -- the service's host, e.g. web.push.apple.com
    service      TEXT PRIMARY KEY,
    status       INTEGER NOT NULL,
    since        TIMESTAMPTZ NOT NULL,
    last_at      TIMESTAMPTZ NOT NULL
);

-- Where a phone or a browser can be told something, as its push service named it. It belongs to a client's device or to a
-- worker's session, and ends in the transaction that ends those.
CREATE TABLE push_subscription (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    -- made on the phone or in the browser
    id              UUID NOT NULL,
    -- a client and their device, or a worker and their session (from sign-in to sign-out; a refresh keeps it)
    client_id       UUID,
    device_id       UUID,
    worker_id       UUID,
    session_id      UUID,
    -- SHA-256 of the address: the same browser under another name is found by it
    endpoint_hash   BYTEA NOT NULL,
    -- sealed JSON: endpoint, p256dh, auth. A client's with their own key, a worker's with the master key
    address         BYTEA NOT NULL,
    made_at         TIMESTAMPTZ NOT NULL,
    -- NULL: live
    ended_at        TIMESTAMPTZ,
    -- gone: the push service says there is no such subscription; replaced: another one came; removed: switched off;
    -- signed_out: the device or session ended, by themselves, by somebody else or because they left
    ended_why       TEXT CHECK (ended_why IN ('gone', 'replaced', 'removed', 'signed_out')),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, device_id) REFERENCES device (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES session (organisation_id, id),
    CHECK ((client_id IS NULL) = (device_id IS NULL)),
    CHECK ((worker_id IS NULL) = (session_id IS NULL)),
    CHECK ((client_id IS NULL) <> (worker_id IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
-- One live subscription per device, per session and per address.
CREATE UNIQUE INDEX push_subscription_of_device ON push_subscription (organisation_id, device_id) WHERE ended_at IS NULL AND device_id IS NOT NULL;
CREATE UNIQUE INDEX push_subscription_of_session ON push_subscription (organisation_id, session_id) WHERE ended_at IS NULL AND session_id IS NOT NULL;
CREATE UNIQUE INDEX push_subscription_endpoint ON push_subscription (endpoint_hash) WHERE ended_at IS NULL;
CREATE INDEX push_subscription_of_client ON push_subscription (organisation_id, client_id) WHERE ended_at IS NULL AND client_id IS NOT NULL;
CREATE INDEX push_subscription_of_worker ON push_subscription (organisation_id, worker_id) WHERE ended_at IS NULL AND worker_id IS NOT NULL;

-- How a worker can be rung, in the order in which they want it tried. One who has chosen nothing has no rows: for them it is push,
-- then e-mail to the address they sign in with, and the first ring writes that down.
CREATE TABLE channel (
    organisation_id UUID NOT NULL,
    -- made in the browser; of one who chose nothing, derived from the worker's
    id              UUID NOT NULL,
    worker_id       UUID NOT NULL,
    -- push: all browsers and phones of theirs that have notifications on
    kind            TEXT NOT NULL CHECK (kind IN ('push', 'email', 'sms', 'voice')),
    -- from 0
    position        INTEGER NOT NULL CHECK (position >= 0),
    -- sealed with the master key: an e-mail address, or a number as +447700900123. Forgotten when the channel ends
    address         BYTEA,
    -- keyed hash of it: whoever replies is found by their number. Without the master key no number can be tried against it
    address_hash    BYTEA,
    -- since when this address is the one: an earlier test was of another
    address_since   TIMESTAMPTZ NOT NULL,
    -- NULL: in use
    ended_at        TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    CHECK ((address IS NULL) = (address_hash IS NULL)),
    CHECK (ended_at IS NOT NULL OR (kind = 'push') = (address IS NULL))
);
CREATE UNIQUE INDEX channel_of_worker ON channel (organisation_id, worker_id, position) WHERE ended_at IS NULL;
CREATE INDEX channel_address ON channel (address_hash) WHERE ended_at IS NULL AND address_hash IS NOT NULL;

-- Something a person is told: once, however many phones they have. It holds no words; the neutral ones are in the server.
CREATE TABLE notification (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    -- told to a client or to a worker
    client_id       UUID,
    worker_id       UUID,
    kind            TEXT NOT NULL CHECK (kind IN ('reminder', 'contact_news', 'plan_waiting', 'contact_request', 'flag', 'readiness', 'rota', 'test')),
    -- what it is about. A later one about the same takes its place on the screen
    subject_id      UUID NOT NULL,
    -- how many things are told together
    count           INTEGER NOT NULL CHECK (count >= 1),
    made_at         TIMESTAMPTZ NOT NULL,
    -- after this nobody is told any more
    useful_until    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES client (organisation_id, id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    CHECK ((client_id IS NULL) <> (worker_id IS NULL))
);

-- A notification on its way to one subscription, or by one other channel of a worker's. *Sent*: the push service, mail server or
-- gateway took it. *Delivered*: the phone itself said that it arrived. *Seen*: somebody tapped it, or used the link in it. Each is
-- written only when it is known, and none follows from the one before it.
CREATE TABLE delivery (
    organisation_id UUID NOT NULL REFERENCES organisation (id),
    id              UUID NOT NULL,
    notification_id UUID NOT NULL,
    -- one of the two
    subscription_id UUID,
    channel_id      UUID,
    -- failed: it cannot be sent; dropped: too late to be of use, or nobody is there any more
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    -- how often somebody was asked to take it and the answer recorded
    tries           INTEGER NOT NULL DEFAULT 0,
    -- why the last try, or it all, came to nothing: stale, ended, answered, address, keys, unavailable, unreachable, or the status
    -- (413), with a gateway's own code if it named one (400 21211)
    problem         TEXT,
    sent_at         TIMESTAMPTZ,
    delivered_at    TIMESTAMPTZ,
    seen_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, notification_id) REFERENCES notification (organisation_id, id),
    FOREIGN KEY (organisation_id, subscription_id) REFERENCES push_subscription (organisation_id, id),
    FOREIGN KEY (organisation_id, channel_id) REFERENCES channel (organisation_id, id),
    CHECK ((subscription_id IS NULL) <> (channel_id IS NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (seen_at IS NULL OR delivered_at IS NOT NULL)
);
-- A receipt names a delivery and no organisation.
CREATE UNIQUE INDEX delivery_receipt ON delivery (id);
CREATE INDEX delivery_of_notification ON delivery (organisation_id, notification_id);
CREATE INDEX delivery_of_subscription ON delivery (organisation_id, subscription_id, id) WHERE subscription_id IS NOT NULL;
CREATE INDEX delivery_of_channel ON delivery (organisation_id, channel_id, id) WHERE channel_id IS NOT NULL;

-- The link in an e-mail or a text by which its reader says "I've got this", once. It can do nothing else: not open the app, not
-- say who asks.
CREATE TABLE ack_link (
    organisation_id UUID NOT NULL,
    -- the ring that it came with: whose it is, what it is about, and since when are told there
    notification_id UUID NOT NULL,
    -- SHA-256 of what stands in the address; that itself is derived and kept nowhere
    token_hash      BYTEA NOT NULL,
    expires_at      TIMESTAMPTZ NOT NULL,
    used_at         TIMESTAMPTZ,
    PRIMARY KEY (organisation_id, notification_id),
    FOREIGN KEY (organisation_id, notification_id) REFERENCES notification (organisation_id, id)
);
-- An address names no organisation.
CREATE UNIQUE INDEX ack_link_token ON ack_link (token_hash);

-- Replies that gateways handed on: each counts once, for ever. A gateway is the server's own, so no organisation is named.
CREATE TABLE gateway_reply (
    -- SHA-256 of the gateway's id of it
    id_hash BYTEA PRIMARY KEY,
    at      TIMESTAMPTZ NOT NULL
);

-- A flag that a worker is still to be told of, in one message with others, at the next time by day.
CREATE TABLE flag_to_tell (
    organisation_id UUID NOT NULL,
    worker_id       UUID NOT NULL,
    flag_id         UUID NOT NULL,
    PRIMARY KEY (organisation_id, worker_id, flag_id),
    FOREIGN KEY (organisation_id, worker_id) REFERENCES worker (organisation_id, id),
    FOREIGN KEY (organisation_id, flag_id) REFERENCES flag (organisation_id, id)
);

-- Jobs run in lanes, so that a push service that is slow to answer holds nothing else up: urgent, work, push.
ALTER TABLE job ADD COLUMN lane TEXT NOT NULL DEFAULT 'work';
CREATE INDEX job_due_in_lane ON job (lane, due_at) WHERE done_at IS NULL;
DROP INDEX job_due;
CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL;
