-- Whether silence accepted it, and from when on it does. The rows of before are reckoned anew when the hall starts.
ALTER TABLE case_row ADD COLUMN deemed_accepted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_row ADD COLUMN silent_from TEXT COLLATE "C";
CREATE INDEX case_row_silent ON case_row (office_id, silent_from, id) WHERE silent_from IS NOT NULL;
