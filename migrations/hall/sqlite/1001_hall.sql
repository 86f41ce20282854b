-- The rows of cases that lists show.
CREATE TABLE case_row (
    office_id        BLOB NOT NULL,
    id               BLOB NOT NULL,
    number           TEXT NOT NULL,
    official_number  TEXT,
    filing_id        BLOB NOT NULL,
    item_code        TEXT NOT NULL,
    item_version     INTEGER NOT NULL,
    item_name        TEXT NOT NULL,
    department_id    BLOB NOT NULL,
    department_name  TEXT NOT NULL,
    applicant_masked TEXT NOT NULL,
    state            TEXT NOT NULL,
    outcome          TEXT,
    at_window        TEXT NOT NULL,
    taken_at         INTEGER NOT NULL,
    due_at           INTEGER,
    version          INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_row_number ON case_row (office_id, number);
CREATE UNIQUE INDEX case_row_official ON case_row (office_id, official_number);
CREATE INDEX case_row_filing ON case_row (office_id, filing_id, id);
CREATE INDEX case_row_state ON case_row (office_id, state, id);

-- Every attempt to put a paper on paper.
CREATE TABLE print (
    office_id      BLOB NOT NULL,
    id             BLOB NOT NULL,
    paper_id       BLOB NOT NULL,
    nth            INTEGER NOT NULL,
    reason         TEXT,
    state          TEXT NOT NULL,
    station        TEXT,
    wanted_station TEXT,
    printer        TEXT,
    ipp_job        INTEGER,
    trouble        TEXT,
    lease_until    INTEGER,
    requested_at   INTEGER NOT NULL,
    requested_by   TEXT NOT NULL,
    updated_at     INTEGER NOT NULL,
    finished_at    INTEGER,
    attempts       INTEGER NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX print_of_paper ON print (office_id, paper_id, nth);
CREATE INDEX print_waiting ON print (office_id, requested_at, id) WHERE state IN ('queued', 'claimed');
CREATE INDEX print_under_way ON print (office_id, station, requested_at, id) WHERE state IN ('sent', 'printing', 'held');

-- SQLite knows nothing of a table that was never analysed and would believe that an office has ten rows: these are the
-- proportions of a big hall. A new index needs its row here (in a new migration); a test reads all plans.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('case_row', 'case_row', '1000000 1000000 1'),
    ('print', 'print', '1000000 1000000 1'),
    ('case_row', 'case_row_number', '1000000 1000000 1'),
    ('case_row', 'case_row_official', '1000000 1000000 1'),
    ('case_row', 'case_row_filing', '1000000 1000000 3 1'),
    ('case_row', 'case_row_state', '1000000 1000000 125000 1'),
    ('print', 'print_of_paper', '1000000 1000000 3 1'),
    ('print', 'print_waiting', '5000 5000 20 1'),
    ('print', 'print_under_way', '5000 5000 250 1 1');
