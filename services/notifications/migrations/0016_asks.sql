-- What patients are asked by text beside the visits that are booked: whether they want a time that has become free.

-- A copy: rebuilt by replaying the events of scheduling. `appointment_id` is the later visit that would be moved.
CREATE TABLE waitlist_offers (
    network_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    site_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    appointment_id uuid,
    start_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, offer_id)
);
SELECT frontdesk_tenant_table('waitlist_offers');

-- A text is about a visit, or asks: `asked_id` is what it asks about.
ALTER TABLE texts
    ALTER COLUMN appointment_id DROP NOT NULL,
    ADD COLUMN asked_id uuid,
    ADD CONSTRAINT texts_about_check CHECK (num_nonnulls(appointment_id, asked_id) > 0),
    -- domain/occasions.py says what there is: a list here would have to be changed with every occasion.
    DROP CONSTRAINT texts_kind_check;
DROP INDEX texts_due_key;
CREATE UNIQUE INDEX texts_due_key ON texts (network_id, appointment_id, lead) NULLS NOT DISTINCT
    WHERE status = 'due' AND asked_id IS NULL;
CREATE UNIQUE INDEX texts_due_asked_key ON texts (network_id, asked_id) WHERE status = 'due' AND asked_id IS NOT NULL;
CREATE INDEX texts_asked_idx ON texts (network_id, asked_id, claimed_at) WHERE asked_id IS NOT NULL;
