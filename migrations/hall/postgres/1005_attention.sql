-- Since when a department waits for an answer of the window, and since when an applicant was told more than once what is
-- missing. The rows of before that are not decided yet are reckoned anew when the
-- hall starts.
ALTER TABLE case_row ADD COLUMN asked_at BIGINT;
ALTER TABLE case_row ADD COLUMN told_again_at BIGINT;
CREATE INDEX case_row_asked ON case_row (office_id, id) WHERE asked_at IS NOT NULL;
CREATE INDEX case_row_told_again ON case_row (office_id, id) WHERE told_again_at IS NOT NULL;
