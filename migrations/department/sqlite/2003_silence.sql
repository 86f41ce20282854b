-- Whether silence accepted it.
ALTER TABLE task_row ADD COLUMN deemed_accepted INTEGER NOT NULL DEFAULT 0;
