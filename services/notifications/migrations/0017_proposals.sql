-- Other times for a visit that cannot take place, asked by text.

-- A copy: rebuilt by replaying the events of scheduling. Of the times that are proposed the first alone is asked.
CREATE TABLE reschedules (
    network_id uuid NOT NULL,
    reschedule_id uuid NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    site_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    listed_at timestamptz NOT NULL,
    proposed_at timestamptz,
    proposed_site_id uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, reschedule_id),
    CONSTRAINT reschedules_proposed_check CHECK (num_nonnulls(proposed_at, proposed_site_id) IN (0, 2))
);
CREATE INDEX reschedules_appointment_idx ON reschedules (network_id, appointment_id);
SELECT frontdesk_tenant_table('reschedules');

-- Where the time is that a text asks about; NULL: at the text's own site.
ALTER TABLE texts ADD COLUMN place_id uuid;
