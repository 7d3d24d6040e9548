-- What notifications keeps: copies of others' facts, what was told, texts, opt-outs, replies, tasks.

-- The number that a network texts from. It is unique over all networks, since a reply names nothing else.
CREATE TABLE senders (
    network_id uuid PRIMARY KEY REFERENCES networks (network_id),
    number text NOT NULL,
    CONSTRAINT senders_number_key UNIQUE (number)
);
SELECT frontdesk_tenant_table('senders');

-- Whose sender a number is; an id and nothing more, for a reply that comes before its network is known.
CREATE FUNCTION network_of_sender(sought text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT network_id FROM public.senders WHERE number = sought $$;
REVOKE ALL ON FUNCTION network_of_sender(text) FROM PUBLIC;
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION network_of_sender(text) TO %I', frontdesk_role('app')); END $$;

-- Copies: rebuilt by replaying the events of scheduling and records.
CREATE TABLE sites (
    network_id uuid NOT NULL,
    site_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    PRIMARY KEY (network_id, site_id)
);
SELECT frontdesk_tenant_table('sites');

CREATE TABLE patients (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, patient_id)
);
SELECT frontdesk_tenant_table('patients');

-- A patient's numbers in her own order, each with its consent to reminders; NULL: none was ever recorded.
CREATE TABLE patient_numbers (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    place integer NOT NULL,
    number text NOT NULL,
    use text NOT NULL,
    consented boolean,
    PRIMARY KEY (network_id, patient_id, place),
    CONSTRAINT patient_numbers_patient_fkey FOREIGN KEY (network_id, patient_id)
        REFERENCES patients (network_id, patient_id) ON DELETE CASCADE
);
CREATE INDEX patient_numbers_number_idx ON patient_numbers (network_id, number);
SELECT frontdesk_tenant_table('patient_numbers');

CREATE TABLE appointments (
    network_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    version bigint NOT NULL,
    site_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    status text NOT NULL,
    start_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, appointment_id)
);
SELECT frontdesk_tenant_table('appointments');

-- What was told about an appointment: our own memory, which no replay brings back.
CREATE TABLE tellings (
    network_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    decided integer NOT NULL,
    told_status text CONSTRAINT tellings_told_status_check CHECK (told_status IN ('booked', 'cancelled')),
    told_start_at timestamptz,
    passed_kind text,
    passed_start_at timestamptz,
    PRIMARY KEY (network_id, appointment_id)
);
SELECT frontdesk_tenant_table('tellings');

CREATE TABLE texts (
    network_id uuid NOT NULL,
    text_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT texts_kind_check CHECK (kind IN ('booked', 'rescheduled', 'cancelled')),
    start_at timestamptz NOT NULL,
    status text NOT NULL
        CONSTRAINT texts_status_check CHECK (status IN ('due', 'claimed', 'accepted', 'refused', 'unknown', 'skipped')),
    due_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    reason text,
    number text,
    attempt_id uuid,
    claimed_at timestamptz,
    claim_ends_at timestamptz,
    sid text,
    changed_at timestamptz,
    waiting_since timestamptz,
    PRIMARY KEY (network_id, text_id),
    CONSTRAINT texts_attempt_id_key UNIQUE (network_id, attempt_id),
    -- What was sent or may have been sent has its attempt; what is due or skipped has none.
    CONSTRAINT texts_attempt_check CHECK ((attempt_id IS NULL) = (status IN ('due', 'skipped'))),
    CONSTRAINT texts_reason_check CHECK (status <> 'skipped' OR reason IS NOT NULL)
);
-- At most one text of an appointment waits to be sent.
CREATE UNIQUE INDEX texts_due_key ON texts (network_id, appointment_id) WHERE status = 'due';
CREATE INDEX texts_due_idx ON texts (network_id, due_at, text_id) WHERE status = 'due';
CREATE INDEX texts_claimed_idx ON texts (network_id, claim_ends_at) WHERE status = 'claimed';
CREATE INDEX texts_site_idx ON texts (network_id, site_id, due_at, text_id);
CREATE INDEX texts_appointment_idx ON texts (network_id, appointment_id, due_at, text_id);
CREATE INDEX texts_patient_idx ON texts (network_id, patient_id) WHERE status = 'due';
CREATE INDEX texts_number_idx ON texts (network_id, number, claimed_at) WHERE number IS NOT NULL;
SELECT frontdesk_tenant_table('texts');

-- Network-wide: whoever says STOP to one site is texted by none. The id is random: it travels in the open.
CREATE TABLE opt_outs (
    network_id uuid NOT NULL,
    opt_out_id uuid NOT NULL,
    number text NOT NULL,
    opted_out boolean NOT NULL,
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    evidence text NOT NULL,
    PRIMARY KEY (network_id, opt_out_id),
    CONSTRAINT opt_outs_number_key UNIQUE (network_id, number)
);
SELECT frontdesk_tenant_table('opt_outs');

-- Every reply once, as it came: the evidence of an opt-out, and what a person reads.
CREATE TABLE replies (
    network_id uuid NOT NULL,
    message_id text NOT NULL,
    from_number text NOT NULL,
    body text NOT NULL,
    meaning text NOT NULL CONSTRAINT replies_meaning_check CHECK (meaning IN ('stop', 'start', 'cancel', 'other')),
    received_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, message_id)
);
SELECT frontdesk_tenant_table('replies', 'SELECT, INSERT');

-- What a person has to do. No names, numbers or words of patients; site_id is NULL where no site can be told.
CREATE TABLE tasks (
    network_id uuid NOT NULL,
    task_id uuid NOT NULL,
    site_id uuid,
    reason text NOT NULL,
    text_id uuid,
    appointment_id uuid,
    patient_id uuid,
    message_id text,
    opened_at timestamptz NOT NULL,
    done_at timestamptz,
    PRIMARY KEY (network_id, task_id)
);
CREATE INDEX tasks_open_idx ON tasks (network_id, site_id, opened_at, task_id) WHERE done_at IS NULL;
SELECT frontdesk_tenant_table('tasks');

-- The stand-in carrier's own store: the only place where the words of our texts are kept.
CREATE TABLE sandbox_texts (
    network_id uuid NOT NULL,
    attempt_id uuid NOT NULL,
    sid text NOT NULL,
    from_number text NOT NULL,
    to_number text NOT NULL,
    body text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, attempt_id)
);
CREATE INDEX sandbox_texts_accepted_at_idx ON sandbox_texts (network_id, accepted_at, attempt_id);
SELECT frontdesk_tenant_table('sandbox_texts', 'SELECT, INSERT');
