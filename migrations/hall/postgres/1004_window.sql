-- What a window has half done. The body comes last, so that a list never reads through it.
CREATE TABLE draft (
    office_id        UUID NOT NULL,
    id               UUID NOT NULL,
    owner_id         UUID NOT NULL,
    at_window        TEXT NOT NULL,
    title            TEXT NOT NULL,
    version          BIGINT NOT NULL,
    confirmed_at     BIGINT,
    confirmed_digest BYTEA,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    body             BYTEA NOT NULL CHECK (length(body) <= 1048576),
    PRIMARY KEY (office_id, id)
);
CREATE INDEX draft_of_owner ON draft (office_id, owner_id, updated_at, id);
CREATE INDEX draft_age ON draft (office_id, updated_at);

-- The uploads that a draft mentions, which stay as long as it does.
CREATE TABLE draft_file (
    office_id UUID NOT NULL,
    draft_id  UUID NOT NULL,
    sha256    BYTEA NOT NULL,
    PRIMARY KEY (office_id, draft_id, sha256)
);
CREATE INDEX draft_file_hash ON draft_file (office_id, sha256);

-- Which draft the applicant sees at a window.
CREATE TABLE draft_shown (
    office_id UUID NOT NULL,
    at_window TEXT COLLATE "C" NOT NULL,
    draft_id  UUID NOT NULL,
    since     BIGINT NOT NULL,
    PRIMARY KEY (office_id, at_window)
);
CREATE INDEX draft_shown_draft ON draft_shown (office_id, draft_id);

-- Who applies, by the number of a document.
CREATE TABLE applicant (
    office_id  UUID NOT NULL,
    id         UUID NOT NULL,
    id_kind    TEXT COLLATE "C" NOT NULL,
    id_number  TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    body       BYTEA NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX applicant_number ON applicant (office_id, id_kind, id_number);

-- What an applicant handed in and need not hand in again.
CREATE TABLE applicant_material (
    office_id    UUID NOT NULL,
    applicant_id UUID NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    sha256       BYTEA NOT NULL,
    name         TEXT NOT NULL,
    file_name    TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size         BIGINT NOT NULL,
    dated        TEXT COLLATE "C",
    valid_until  TEXT COLLATE "C",
    case_id      UUID NOT NULL,
    handed_at    BIGINT NOT NULL,
    PRIMARY KEY (office_id, applicant_id, kind, sha256)
);
CREATE INDEX applicant_material_newest ON applicant_material (office_id, applicant_id, kind, handed_at, sha256);

-- What was issued to an applicant. Numbers are unique per authority, not over all.
CREATE TABLE certificate (
    office_id    UUID NOT NULL,
    paper_id     UUID NOT NULL,
    case_id      UUID NOT NULL,
    applicant_id UUID NOT NULL,
    kind         TEXT COLLATE "C",
    title        TEXT NOT NULL,
    number       TEXT COLLATE "C" NOT NULL,
    valid_from   TEXT COLLATE "C" NOT NULL,
    valid_until  TEXT COLLATE "C",
    state        TEXT NOT NULL,
    sha256       BYTEA NOT NULL,
    issued_at    BIGINT NOT NULL,
    PRIMARY KEY (office_id, paper_id)
);
CREATE INDEX certificate_of_applicant ON certificate (office_id, applicant_id, issued_at, paper_id);
CREATE INDEX certificate_number ON certificate (office_id, number, issued_at, paper_id);

-- What a case is found by as a whole, such as the number of a document.
CREATE TABLE case_key (
    office_id UUID NOT NULL,
    field     TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    case_id   UUID NOT NULL,
    PRIMARY KEY (office_id, field, value, case_id)
);
CREATE INDEX case_key_of_case ON case_key (office_id, case_id);

-- The cases of a window and of a department, newest first.
CREATE INDEX case_row_window ON case_row (office_id, at_window, id);
CREATE INDEX case_row_department ON case_row (office_id, department_id, id);

-- The published items, every version with its exact text.
CREATE TABLE item_version (
    office_id     UUID NOT NULL,
    code          TEXT COLLATE "C" NOT NULL,
    version       BIGINT NOT NULL,
    sha256        BYTEA NOT NULL,
    name          TEXT NOT NULL,
    department_id UUID NOT NULL,
    state         TEXT NOT NULL,
    published_at  BIGINT NOT NULL,
    published_by  TEXT NOT NULL,
    withdrawn_at  BIGINT,
    withdrawn_by  TEXT,
    text          BYTEA NOT NULL,
    PRIMARY KEY (office_id, code, version)
);
