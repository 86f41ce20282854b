-- What is kept for a time is found by its age.
CREATE INDEX inbox_received ON inbox (office_id, received_at);

ALTER TABLE login_failure ADD COLUMN failed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX login_failure_age ON login_failure (office_id, failed_at);

-- Since when an uploaded file waits for a case to take it; null when something refers to it.
ALTER TABLE file ADD COLUMN waits_since INTEGER;
CREATE INDEX file_waiting ON file (office_id, waits_since) WHERE waits_since IS NOT NULL;

-- Files that are no longer known and whose bytes are still to be removed.
CREATE TABLE dropped_file (
    office_id BLOB NOT NULL,
    sha256    BLOB NOT NULL,
    PRIMARY KEY (office_id, sha256)
) STRICT, WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('inbox', 'inbox_received', '1000000 1000000 20'),
    ('login_failure', 'login_failure_age', '100 100 20'),
    ('file', 'file_waiting', '5000 5000 20'),
    ('dropped_file', 'dropped_file', '100 100 1');
