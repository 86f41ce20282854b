-- The journal: what happened, in order, per stream.
CREATE TABLE stream_head (
    office_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    version   INTEGER NOT NULL,
    algorithm TEXT NOT NULL,
    hash      BLOB NOT NULL,
    PRIMARY KEY (office_id, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    office_id   BLOB NOT NULL,
    stream_id   BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    writer      TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    body        BLOB NOT NULL,
    algorithm   TEXT NOT NULL,
    hash        BLOB NOT NULL,
    PRIMARY KEY (office_id, stream_id, seq)
) STRICT, WITHOUT ROWID;

-- Personal content; salt and content go when it is erased.
CREATE TABLE record (
    office_id BLOB NOT NULL,
    id        BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    kind      TEXT NOT NULL,
    salt      BLOB,
    digest    BLOB NOT NULL,
    content   BLOB,
    kept_at   INTEGER NOT NULL,
    erased_at INTEGER,
    PRIMARY KEY (office_id, id)
) STRICT;
CREATE INDEX record_of_stream ON record (office_id, stream_id, id);

-- What has to be told to others.
CREATE TABLE outbox_document (
    office_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    version   INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (office_id, stream_id, version)
) STRICT;

CREATE TABLE outbox_sequence (
    office_id BLOB NOT NULL,
    recipient BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (office_id, recipient, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    office_id        BLOB NOT NULL,
    id               BLOB NOT NULL,
    stream_id        BLOB NOT NULL,
    recipient        BLOB NOT NULL,
    sequence         INTEGER NOT NULL,
    kind             TEXT NOT NULL,
    document_version INTEGER NOT NULL,
    state            TEXT NOT NULL,
    attempts         INTEGER NOT NULL,
    next_at          INTEGER NOT NULL,
    lease_until      INTEGER,
    last_error       TEXT,
    failed_at        INTEGER,
    status           INTEGER,
    queued_at        INTEGER NOT NULL,
    delivered_at     INTEGER,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_of_stream ON outbox (office_id, stream_id, recipient, sequence);
CREATE INDEX outbox_pending ON outbox (office_id, recipient, next_at, id) WHERE state = 'pending';
CREATE INDEX outbox_delivered ON outbox (office_id, delivered_at) WHERE state = 'delivered';
CREATE INDEX outbox_dead ON outbox (office_id, id) WHERE state = 'dead';

-- What others told.
CREATE TABLE inbox_sequence (
    office_id BLOB NOT NULL,
    source    BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (office_id, source, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    office_id   BLOB NOT NULL,
    source      BLOB NOT NULL,
    message_id  TEXT NOT NULL,
    stream_id   BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    status      INTEGER,
    answer      BLOB,
    PRIMARY KEY (office_id, source, message_id)
) STRICT, WITHOUT ROWID;

-- Answers to requests that may be sent again.
CREATE TABLE answered (
    office_id    BLOB NOT NULL,
    scope        BLOB NOT NULL,
    key          TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status       INTEGER NOT NULL,
    body         BLOB NOT NULL,
    answered_at  INTEGER NOT NULL,
    PRIMARY KEY (office_id, scope, key)
) STRICT;
CREATE INDEX answered_when ON answered (office_id, answered_at);

CREATE TABLE counter (
    office_id BLOB NOT NULL,
    name      TEXT NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (office_id, name)
) STRICT, WITHOUT ROWID;

-- Search by a part of a name.
CREATE TABLE searchable (
    office_id BLOB NOT NULL,
    stream_id BLOB NOT NULL,
    field     TEXT NOT NULL,
    folded    TEXT NOT NULL,
    PRIMARY KEY (office_id, stream_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE gram (
    office_id BLOB NOT NULL,
    gram      TEXT NOT NULL,
    stream_id BLOB NOT NULL,
    PRIMARY KEY (office_id, gram, stream_id)
) STRICT, WITHOUT ROWID;

-- Files by the hash of their content; the bytes are beside the database.
CREATE TABLE file (
    office_id  BLOB NOT NULL,
    sha256     BLOB NOT NULL,
    size       INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    kept_at    INTEGER NOT NULL,
    PRIMARY KEY (office_id, sha256)
) STRICT, WITHOUT ROWID;

-- People and sessions.
CREATE TABLE account (
    office_id     BLOB NOT NULL,
    id            BLOB NOT NULL,
    login         TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    roles         TEXT NOT NULL,
    active        INTEGER NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_login ON account (office_id, login);

CREATE TABLE session (
    office_id  BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    account_id BLOB NOT NULL,
    at_window  TEXT,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (office_id, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_end ON session (office_id, expires_at);

CREATE TABLE login_failure (
    office_id    BLOB NOT NULL,
    login        TEXT NOT NULL,
    failed       INTEGER NOT NULL,
    locked_until INTEGER,
    PRIMARY KEY (office_id, login)
) STRICT, WITHOUT ROWID;

-- Papers; their bytes are files.
CREATE TABLE paper (
    office_id  BLOB NOT NULL,
    id         BLOB NOT NULL,
    case_id    BLOB NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    number     TEXT NOT NULL,
    state      TEXT NOT NULL,
    sha256     BLOB,
    size       INTEGER,
    model_id   BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX paper_of_case ON paper (office_id, case_id, created_at, id);
CREATE INDEX paper_number ON paper (office_id, number, id);
CREATE INDEX paper_pending ON paper (office_id, id) WHERE state = 'pending';
CREATE INDEX paper_expected ON paper (office_id, id) WHERE state = 'expected';

-- SQLite knows nothing of a table that was never analysed and would believe that an office has ten rows: these are the
-- proportions of a big hall. A new index needs its row here (in a new migration); a test reads all plans.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('stream_head', 'stream_head', '1000000 1000000 1'),
    ('event', 'event', '1000000 1000000 3 1'),
    ('record', 'sqlite_autoindex_record_1', '1000000 1000000 1'),
    ('outbox_document', 'sqlite_autoindex_outbox_document_1', '1000000 1000000 3 1'),
    ('outbox_sequence', 'outbox_sequence', '1000000 1000000 25000 1'),
    ('outbox', 'outbox', '1000000 1000000 1'),
    ('inbox_sequence', 'inbox_sequence', '1000000 1000000 25000 1'),
    ('inbox', 'inbox', '1000000 1000000 25000 1'),
    ('answered', 'sqlite_autoindex_answered_1', '1000000 1000000 3 1'),
    ('counter', 'counter', '1000 1000 1'),
    ('searchable', 'searchable', '1000000 1000000 3 1'),
    ('gram', 'gram', '1000000 1000000 50 1'),
    ('file', 'file', '1000000 1000000 1'),
    ('account', 'account', '100 100 1'),
    ('session', 'session', '1000 1000 1'),
    ('login_failure', 'login_failure', '100 100 1'),
    ('paper', 'paper', '1000000 1000000 1'),
    ('record', 'record_of_stream', '1000000 1000000 3 1'),
    ('outbox', 'outbox_of_stream', '1000000 1000000 3 1 1'),
    ('outbox', 'outbox_pending', '5000 5000 125 1 1'),
    ('outbox', 'outbox_delivered', '1000000 1000000 20'),
    ('outbox', 'outbox_dead', '5000 5000 3'),
    ('answered', 'answered_when', '1000000 1000000 20'),
    ('account', 'account_login', '100 100 1'),
    ('session', 'session_end', '1000 1000 20'),
    ('paper', 'paper_of_case', '1000000 1000000 3 1 1'),
    ('paper', 'paper_number', '1000000 1000000 3 1'),
    ('paper', 'paper_pending', '5000 5000 3'),
    ('paper', 'paper_expected', '5000 5000 3');
