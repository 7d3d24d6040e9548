-- The call list: by when somebody should have called, who took it, what came of it.

-- `due_at` NULL: opened before there was one; it was due at once. `outcome` is the last one, in `task_outcomes` all are.
-- A column, since under the tenant's policy no index finds a place in the order of an expression.
ALTER TABLE tasks
    ADD COLUMN due_at timestamptz,
    ADD COLUMN due_by timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(due_at, opened_at)) STORED,
    ADD COLUMN taken_by text,
    ADD COLUMN taken_at timestamptz,
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN outcome text;
CREATE INDEX tasks_due_idx ON tasks (network_id, site_id, due_by, task_id) WHERE done_at IS NULL;
CREATE INDEX tasks_done_idx ON tasks (network_id, site_id, due_by, task_id) WHERE done_at IS NOT NULL;
CREATE INDEX tasks_numbers_idx ON tasks (network_id, patient_id)
    WHERE done_at IS NULL AND reason = 'wrong-number' AND text_id IS NULL;
-- What becomes of a text ends the tasks about it.
CREATE INDEX tasks_text_idx ON tasks (network_id, text_id) WHERE done_at IS NULL;
CREATE INDEX tasks_appointment_idx ON tasks (network_id, appointment_id)
    WHERE done_at IS NULL AND appointment_id IS NOT NULL;

-- What came of each try, with the person's own words, which may tell of a patient: they stand here alone.
CREATE TABLE task_outcomes (
    network_id uuid NOT NULL,
    outcome_id uuid NOT NULL,
    task_id uuid NOT NULL,
    outcome text NOT NULL CONSTRAINT task_outcomes_outcome_check CHECK (outcome IN (
        'reached', 'left-message', 'no-answer', 'wrong-number', 'rebooked', 'declined', 'not-needed')),
    note text,
    said_at timestamptz NOT NULL,
    said_by text NOT NULL,
    PRIMARY KEY (network_id, outcome_id),
    CONSTRAINT task_outcomes_task_fkey FOREIGN KEY (network_id, task_id) REFERENCES tasks (network_id, task_id)
);
CREATE INDEX task_outcomes_task_idx ON task_outcomes (network_id, task_id, said_at);
SELECT frontdesk_tenant_table('task_outcomes', 'SELECT, INSERT');
