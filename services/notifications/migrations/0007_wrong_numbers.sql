-- Numbers of which somebody has said that they are not the patient's: no text goes there until it is taken back.

-- `report_id` is random, and changes with each report: a task about one is told from a task about the next.
CREATE TABLE wrong_numbers (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number text NOT NULL,
    report_id uuid NOT NULL,
    wrong boolean NOT NULL,
    evidence text NOT NULL,
    reported_at timestamptz NOT NULL,
    reported_by text NOT NULL,
    PRIMARY KEY (network_id, patient_id, number)
);
SELECT frontdesk_tenant_table('wrong_numbers', 'SELECT, INSERT, UPDATE');
