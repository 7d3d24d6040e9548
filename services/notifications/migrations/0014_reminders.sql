-- Reminders: rows of `texts` that are due at a time of their own, by rules of the network.

-- `lead`: how long before the visit (P2D, PT2H), or `after-miss`; NULL: a text that tells what became of a visit.
ALTER TABLE texts
    ADD COLUMN lead text,
    DROP CONSTRAINT texts_kind_check,
    ADD CONSTRAINT texts_kind_check CHECK (kind IN ('booked', 'rescheduled', 'cancelled', 'reminder', 'missed')),
    ADD CONSTRAINT texts_lead_check CHECK ((lead IS NOT NULL) = (kind IN ('reminder', 'missed')));
-- At most one telling of an appointment waits to be sent, and at most one reminder of each window.
DROP INDEX texts_due_key;
CREATE UNIQUE INDEX texts_due_key ON texts (network_id, appointment_id, lead) NULLS NOT DISTINCT WHERE status = 'due';

-- What a reminder depends on besides; a visit that was known before gets its zone here and the rest with its next event.
ALTER TABLE appointments
    ADD COLUMN zone text,
    ADD COLUMN appointment_type_id uuid,
    ADD COLUMN confirmed_at timestamptz;
UPDATE appointments AS a SET zone = s.zone FROM sites AS s
WHERE s.network_id = a.network_id AND s.site_id = a.site_id;
-- Visits to come, by which a changed rule is carried out a batch at a time.
CREATE INDEX appointments_start_idx ON appointments (network_id, start_at, appointment_id);

-- `rules` in the order in which they were given. No row: the default of domain/reminders.py. Visits that begin after
-- (`planned_to_at`, `planned_to_id`) are still to be planned by the rules of this version; both NULL and
-- `planned_version` the same: all are.
CREATE TABLE reminder_rules (
    network_id uuid PRIMARY KEY REFERENCES networks (network_id),
    rules jsonb NOT NULL,
    since timestamptz NOT NULL,
    version bigint NOT NULL,
    planned_version bigint,
    planned_to_at timestamptz,
    planned_to_id uuid
);
SELECT frontdesk_tenant_table('reminder_rules', 'SELECT, INSERT, UPDATE');
