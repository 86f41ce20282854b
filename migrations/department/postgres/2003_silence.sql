-- Whether silence accepted it.
ALTER TABLE task_row ADD COLUMN deemed_accepted BOOLEAN NOT NULL DEFAULT FALSE;
