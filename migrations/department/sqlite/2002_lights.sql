-- From which day on a row shows which light. A row of before shows none until it changes.
ALTER TABLE task_row ADD COLUMN warning_on TEXT;
ALTER TABLE task_row ADD COLUMN yellow_on TEXT;
ALTER TABLE task_row ADD COLUMN red_on TEXT;
