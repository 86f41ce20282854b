-- The rows of tasks that lists show. What is never due has the greatest due_at.
CREATE TABLE task_row (
    office_id        UUID NOT NULL,
    id               UUID NOT NULL,
    hall_id          UUID NOT NULL,
    hall_name        TEXT NOT NULL,
    number           TEXT COLLATE "C" NOT NULL,
    official_number  TEXT COLLATE "C",
    item_name        TEXT NOT NULL,
    department_id    UUID NOT NULL,
    applicant_masked TEXT NOT NULL,
    state            TEXT NOT NULL,
    outcome          TEXT,
    open             BOOLEAN NOT NULL,
    assigned_at      BIGINT NOT NULL,
    due_at           BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX task_row_open ON task_row (office_id, department_id, due_at, id) WHERE open;
CREATE INDEX task_row_done ON task_row (office_id, department_id, id) WHERE NOT open;
