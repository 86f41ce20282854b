-- The rows of cases that lists show.
CREATE TABLE case_row (
    office_id        UUID NOT NULL,
    id               UUID NOT NULL,
    number           TEXT COLLATE "C" NOT NULL,
    official_number  TEXT COLLATE "C",
    filing_id        UUID NOT NULL,
    item_code        TEXT NOT NULL,
    item_version     BIGINT NOT NULL,
    item_name        TEXT NOT NULL,
    department_id    UUID NOT NULL,
    department_name  TEXT NOT NULL,
    applicant_masked TEXT NOT NULL,
    state            TEXT COLLATE "C" NOT NULL,
    outcome          TEXT,
    at_window        TEXT NOT NULL,
    taken_at         BIGINT NOT NULL,
    due_at           BIGINT,
    version          BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX case_row_number ON case_row (office_id, number);
CREATE UNIQUE INDEX case_row_official ON case_row (office_id, official_number);
CREATE INDEX case_row_filing ON case_row (office_id, filing_id, id);
CREATE INDEX case_row_state ON case_row (office_id, state, id);

-- Every attempt to put a paper on paper.
CREATE TABLE print (
    office_id      UUID NOT NULL,
    id             UUID NOT NULL,
    paper_id       UUID NOT NULL,
    nth            BIGINT NOT NULL,
    reason         TEXT,
    state          TEXT NOT NULL,
    station        TEXT,
    wanted_station TEXT,
    printer        TEXT,
    ipp_job        BIGINT,
    trouble        TEXT,
    lease_until    BIGINT,
    requested_at   BIGINT NOT NULL,
    requested_by   TEXT NOT NULL,
    updated_at     BIGINT NOT NULL,
    finished_at    BIGINT,
    attempts       BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE UNIQUE INDEX print_of_paper ON print (office_id, paper_id, nth);
CREATE INDEX print_waiting ON print (office_id, requested_at, id) WHERE state IN ('queued', 'claimed');
CREATE INDEX print_under_way ON print (office_id, station, requested_at, id) WHERE state IN ('sent', 'printing', 'held');
