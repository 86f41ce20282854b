-- Why the last failed try failed, for programs.
ALTER TABLE outbox ADD COLUMN last_error_code TEXT;
