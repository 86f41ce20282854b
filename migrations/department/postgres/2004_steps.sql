-- Who has taken a task up, how often its applicant was told what is missing, how many of its questions wait for an answer.
ALTER TABLE task_row ADD COLUMN claimed_by UUID;
ALTER TABLE task_row ADD COLUMN notices BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task_row ADD COLUMN open_enquiries BIGINT NOT NULL DEFAULT 0;

-- What somebody has taken up, what nobody has, and what waits for the applicant.
CREATE INDEX task_row_claimed ON task_row (office_id, department_id, claimed_by, due_at, id)
    WHERE open AND claimed_by IS NOT NULL;
CREATE INDEX task_row_unclaimed ON task_row (office_id, department_id, due_at, id)
    WHERE open AND claimed_by IS NULL AND state <> 'supplement-asked';
CREATE INDEX task_row_waiting ON task_row (office_id, department_id, due_at, id) WHERE state = 'supplement-asked';
