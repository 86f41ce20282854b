-- What a window has half done. The body comes last, so that a list never reads through it.
CREATE TABLE draft (
    office_id        BLOB NOT NULL,
    id               BLOB NOT NULL,
    owner_id         BLOB NOT NULL,
    at_window        TEXT NOT NULL,
    title            TEXT NOT NULL,
    version          INTEGER NOT NULL,
    confirmed_at     INTEGER,
    confirmed_digest BLOB,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    body             BLOB NOT NULL CHECK (length(body) <= 1048576),
    PRIMARY KEY (office_id, id)
) STRICT;
CREATE INDEX draft_of_owner ON draft (office_id, owner_id, updated_at, id);
CREATE INDEX draft_age ON draft (office_id, updated_at);

-- The uploads that a draft mentions, which stay as long as it does.
CREATE TABLE draft_file (
    office_id BLOB NOT NULL,
    draft_id  BLOB NOT NULL,
    sha256    BLOB NOT NULL,
    PRIMARY KEY (office_id, draft_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_file_hash ON draft_file (office_id, sha256);

-- Which draft the applicant sees at a window.
CREATE TABLE draft_shown (
    office_id BLOB NOT NULL,
    at_window TEXT NOT NULL,
    draft_id  BLOB NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (office_id, at_window)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_shown_draft ON draft_shown (office_id, draft_id);

-- Who applies, by the number of a document.
CREATE TABLE applicant (
    office_id  BLOB NOT NULL,
    id         BLOB NOT NULL,
    id_kind    TEXT NOT NULL,
    id_number  TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX applicant_number ON applicant (office_id, id_kind, id_number);

-- What an applicant handed in and need not hand in again.
CREATE TABLE applicant_material (
    office_id    BLOB NOT NULL,
    applicant_id BLOB NOT NULL,
    kind         TEXT NOT NULL,
    sha256       BLOB NOT NULL,
    name         TEXT NOT NULL,
    file_name    TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size         INTEGER NOT NULL,
    dated        TEXT,
    valid_until  TEXT,
    case_id      BLOB NOT NULL,
    handed_at    INTEGER NOT NULL,
    PRIMARY KEY (office_id, applicant_id, kind, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX applicant_material_newest ON applicant_material (office_id, applicant_id, kind, handed_at, sha256);

-- What was issued to an applicant. Numbers are unique per authority, not over all.
CREATE TABLE certificate (
    office_id    BLOB NOT NULL,
    paper_id     BLOB NOT NULL,
    case_id      BLOB NOT NULL,
    applicant_id BLOB NOT NULL,
    kind         TEXT,
    title        TEXT NOT NULL,
    number       TEXT NOT NULL,
    valid_from   TEXT NOT NULL,
    valid_until  TEXT,
    state        TEXT NOT NULL,
    sha256       BLOB NOT NULL,
    issued_at    INTEGER NOT NULL,
    PRIMARY KEY (office_id, paper_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_of_applicant ON certificate (office_id, applicant_id, issued_at, paper_id);
CREATE INDEX certificate_number ON certificate (office_id, number, issued_at, paper_id);

-- What a case is found by as a whole, such as the number of a document.
CREATE TABLE case_key (
    office_id BLOB NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    case_id   BLOB NOT NULL,
    PRIMARY KEY (office_id, field, value, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_key_of_case ON case_key (office_id, case_id);

-- The cases of a window and of a department, newest first.
CREATE INDEX case_row_window ON case_row (office_id, at_window, id);
CREATE INDEX case_row_department ON case_row (office_id, department_id, id);

-- The published items, every version with its exact text.
CREATE TABLE item_version (
    office_id     BLOB NOT NULL,
    code          TEXT NOT NULL,
    version       INTEGER NOT NULL,
    sha256        BLOB NOT NULL,
    name          TEXT NOT NULL,
    department_id BLOB NOT NULL,
    state         TEXT NOT NULL,
    published_at  INTEGER NOT NULL,
    published_by  TEXT NOT NULL,
    withdrawn_at  INTEGER,
    withdrawn_by  TEXT,
    text          BLOB NOT NULL,
    PRIMARY KEY (office_id, code, version)
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('draft', 'sqlite_autoindex_draft_1', '5000 5000 1'),
    ('draft', 'draft_of_owner', '5000 5000 50 1 1'),
    ('draft', 'draft_age', '5000 5000 1'),
    ('draft_file', 'draft_file', '25000 25000 5 1'),
    ('draft_file', 'draft_file_hash', '25000 25000 1'),
    ('draft_shown', 'draft_shown', '100 100 1'),
    ('draft_shown', 'draft_shown_draft', '100 100 1'),
    ('applicant', 'applicant', '1000000 1000000 1'),
    ('applicant', 'applicant_number', '1000000 1000000 250000 1'),
    ('applicant_material', 'applicant_material', '1000000 1000000 5 2 1'),
    ('applicant_material', 'applicant_material_newest', '1000000 1000000 5 2 1 1'),
    ('certificate', 'certificate', '1000000 1000000 1'),
    ('certificate', 'certificate_of_applicant', '1000000 1000000 3 1 1'),
    ('certificate', 'certificate_number', '1000000 1000000 1 1 1'),
    ('case_key', 'case_key', '1000000 1000000 200000 3 1'),
    ('case_key', 'case_key_of_case', '1000000 1000000 4'),
    ('case_row', 'case_row_window', '1000000 1000000 10000 1'),
    ('case_row', 'case_row_department', '1000000 1000000 25000 1'),
    ('item_version', 'sqlite_autoindex_item_version_1', '5000 5000 3 1');
