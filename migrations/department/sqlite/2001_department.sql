-- The rows of tasks that lists show. What is never due has the greatest due_at.
CREATE TABLE task_row (
    office_id        BLOB NOT NULL,
    id               BLOB NOT NULL,
    hall_id          BLOB NOT NULL,
    hall_name        TEXT NOT NULL,
    number           TEXT NOT NULL,
    official_number  TEXT,
    item_name        TEXT NOT NULL,
    department_id    BLOB NOT NULL,
    applicant_masked TEXT NOT NULL,
    state            TEXT NOT NULL,
    outcome          TEXT,
    open             INTEGER NOT NULL,
    assigned_at      INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (office_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_row_open ON task_row (office_id, department_id, due_at, id) WHERE open;
CREATE INDEX task_row_done ON task_row (office_id, department_id, id) WHERE NOT open;

-- SQLite knows nothing of a table that was never analysed and would believe that an office has ten rows: these are the
-- proportions of a big hall. A new index needs its row here (in a new migration); a test reads all plans.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('task_row', 'task_row', '1000000 1000000 1'),
    ('task_row', 'task_row_open', '5000 5000 125 1 1'),
    ('task_row', 'task_row_done', '1000000 1000000 25000 1');
