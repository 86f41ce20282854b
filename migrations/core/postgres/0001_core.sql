-- The journal: what happened, in order, per stream.
CREATE TABLE stream_head (
    office_id UUID NOT NULL,
    stream_id UUID NOT NULL,
    version   BIGINT NOT NULL,
    algorithm TEXT NOT NULL,
    hash      BYTEA NOT NULL,
    PRIMARY KEY (office_id, stream_id)
);

CREATE TABLE event (
    office_id   UUID NOT NULL,
    stream_id   UUID NOT NULL,
    seq         BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    writer      TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    algorithm   TEXT NOT NULL,
    hash        BYTEA NOT NULL,
    PRIMARY KEY (office_id, stream_id, seq)
);

-- Personal content; salt and content go when it is erased.
CREATE TABLE record (
    office_id UUID NOT NULL,
    id        UUID NOT NULL,
    stream_id UUID NOT NULL,
    kind      TEXT NOT NULL,
    salt      BYTEA,
    digest    BYTEA NOT NULL,
    content   BYTEA,
    kept_at   BIGINT NOT NULL,
    erased_at BIGINT,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX record_of_stream ON record (office_id, stream_id, id);

-- What has to be told to others.
CREATE TABLE outbox_document (
    office_id UUID NOT NULL,
    stream_id UUID NOT NULL,
    version   BIGINT NOT NULL,
    bytes     BYTEA NOT NULL,
    PRIMARY KEY (office_id, stream_id, version)
);

CREATE TABLE outbox_sequence (
    office_id UUID NOT NULL,
    recipient UUID NOT NULL,
    stream_id UUID NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (office_id, recipient, stream_id)
);

CREATE TABLE outbox (
    office_id        UUID NOT NULL,
    id               UUID NOT NULL,
    stream_id        UUID NOT NULL,
    recipient        UUID NOT NULL,
    sequence         BIGINT NOT NULL,
    kind             TEXT NOT NULL,
    document_version BIGINT NOT NULL,
    state            TEXT NOT NULL,
    attempts         BIGINT NOT NULL,
    next_at          BIGINT NOT NULL,
    lease_until      BIGINT,
    last_error       TEXT,
    failed_at        BIGINT,
    status           BIGINT,
    queued_at        BIGINT NOT NULL,
    delivered_at     BIGINT,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX outbox_of_stream ON outbox (office_id, stream_id, recipient, sequence);
CREATE INDEX outbox_pending ON outbox (office_id, recipient, next_at, id) WHERE state = 'pending';
CREATE INDEX outbox_delivered ON outbox (office_id, delivered_at) WHERE state = 'delivered';
CREATE INDEX outbox_dead ON outbox (office_id, id) WHERE state = 'dead';

-- What others told.
CREATE TABLE inbox_sequence (
    office_id UUID NOT NULL,
    source    UUID NOT NULL,
    stream_id UUID NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (office_id, source, stream_id)
);

CREATE TABLE inbox (
    office_id   UUID NOT NULL,
    source      UUID NOT NULL,
    message_id  TEXT COLLATE "C" NOT NULL,
    stream_id   UUID NOT NULL,
    sequence    BIGINT NOT NULL,
    digest      BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    status      BIGINT,
    answer      BYTEA,
    PRIMARY KEY (office_id, source, message_id)
);

-- Answers to requests that may be sent again.
CREATE TABLE answered (
    office_id    UUID NOT NULL,
    scope        UUID NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    request_hash BYTEA NOT NULL,
    status       BIGINT NOT NULL,
    body         BYTEA NOT NULL,
    answered_at  BIGINT NOT NULL,
    PRIMARY KEY (office_id, scope, key)
);
CREATE INDEX answered_when ON answered (office_id, answered_at);

CREATE TABLE counter (
    office_id UUID NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (office_id, name)
);

-- Search by a part of a name.
CREATE TABLE searchable (
    office_id UUID NOT NULL,
    stream_id UUID NOT NULL,
    field     TEXT COLLATE "C" NOT NULL,
    folded    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (office_id, stream_id, field)
);

CREATE TABLE gram (
    office_id UUID NOT NULL,
    gram      TEXT COLLATE "C" NOT NULL,
    stream_id UUID NOT NULL,
    PRIMARY KEY (office_id, gram, stream_id)
);

-- Files by the hash of their content; the bytes are beside the database.
CREATE TABLE file (
    office_id  UUID NOT NULL,
    sha256     BYTEA NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    kept_at    BIGINT NOT NULL,
    PRIMARY KEY (office_id, sha256)
);

-- People and sessions.
CREATE TABLE account (
    office_id     UUID NOT NULL,
    id            UUID NOT NULL,
    login         TEXT COLLATE "C" NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    roles         TEXT NOT NULL,
    active        BOOLEAN NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX account_login ON account (office_id, login);

CREATE TABLE session (
    office_id  UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    account_id UUID NOT NULL,
    at_window  TEXT,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, token_hash)
);
CREATE INDEX session_end ON session (office_id, expires_at);

CREATE TABLE login_failure (
    office_id    UUID NOT NULL,
    login        TEXT COLLATE "C" NOT NULL,
    failed       BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (office_id, login)
);

-- Papers; their bytes are files.
CREATE TABLE paper (
    office_id  UUID NOT NULL,
    id         UUID NOT NULL,
    case_id    UUID NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    number     TEXT COLLATE "C" NOT NULL,
    state      TEXT NOT NULL,
    sha256     BYTEA,
    size       BIGINT,
    model_id   UUID,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX paper_of_case ON paper (office_id, case_id, created_at, id);
CREATE INDEX paper_number ON paper (office_id, number, id);
CREATE INDEX paper_pending ON paper (office_id, id) WHERE state = 'pending';
CREATE INDEX paper_expected ON paper (office_id, id) WHERE state = 'expected';
