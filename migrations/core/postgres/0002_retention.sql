-- What is kept for a time is found by its age.
CREATE INDEX inbox_received ON inbox (office_id, received_at);

ALTER TABLE login_failure ADD COLUMN failed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX login_failure_age ON login_failure (office_id, failed_at);

-- Since when an uploaded file waits for a case to take it; null when something refers to it.
ALTER TABLE file ADD COLUMN waits_since BIGINT;
CREATE INDEX file_waiting ON file (office_id, waits_since) WHERE waits_since IS NOT NULL;

-- Files that are no longer known and whose bytes are still to be removed.
CREATE TABLE dropped_file (
    office_id UUID NOT NULL,
    sha256    BYTEA NOT NULL,
    PRIMARY KEY (office_id, sha256)
);
