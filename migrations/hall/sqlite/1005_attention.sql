-- Since when a department waits for an answer of the window, and since when an applicant was told more than once what is
-- missing. The rows of before that are not decided yet are reckoned anew when the
-- hall starts.
ALTER TABLE case_row ADD COLUMN asked_at INTEGER;
ALTER TABLE case_row ADD COLUMN told_again_at INTEGER;
CREATE INDEX case_row_asked ON case_row (office_id, id) WHERE asked_at IS NOT NULL;
CREATE INDEX case_row_told_again ON case_row (office_id, id) WHERE told_again_at IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('case_row', 'case_row_asked', '200 200 1'),
    ('case_row', 'case_row_told_again', '200 200 1');
