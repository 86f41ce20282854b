-- Whether silence accepted it, and from when on it does. The rows of before are reckoned anew when the hall starts.
ALTER TABLE case_row ADD COLUMN deemed_accepted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN silent_from TEXT;
CREATE INDEX case_row_silent ON case_row (office_id, silent_from, id) WHERE silent_from IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('case_row', 'case_row_silent', '5000 5000 125 1');
