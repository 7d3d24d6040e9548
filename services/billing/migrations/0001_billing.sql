-- What visits cost, who is asked for it, and the feed of claims.

CREATE TABLE fees (
    network_id uuid NOT NULL,
    system text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    amount_cents bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT fees_pkey PRIMARY KEY (network_id, system, code),
    CONSTRAINT fees_amount_cents_check CHECK (amount_cents >= 0)
);
SELECT frontdesk_tenant_table('fees');

-- A copy of records': who pays, in every version of a patient. A bill is read from the version that its encounter names.
CREATE TABLE patient_versions (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    coverages json NOT NULL,
    CONSTRAINT patient_versions_pkey PRIMARY KEY (network_id, patient_id, version)
);
SELECT frontdesk_tenant_table('patient_versions');

-- A copy of records': the newest condition. `awaits_bill`: finished, and the patient's version has not come yet.
CREATE TABLE encounters (
    network_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    appointment_id uuid NOT NULL,
    arrival_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    patient_version bigint,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    diagnoses json NOT NULL,
    procedures json NOT NULL,
    awaits_bill boolean NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT encounters_pkey PRIMARY KEY (network_id, encounter_id)
);
CREATE INDEX encounters_awaits_bill_idx ON encounters (network_id, patient_id) WHERE awaits_bill;
SELECT frontdesk_tenant_table('encounters');

CREATE TABLE charges (
    network_id uuid NOT NULL,
    charge_id uuid NOT NULL,
    version bigint NOT NULL,
    encounter_id uuid NOT NULL,
    line smallint NOT NULL,
    patient_id uuid NOT NULL,
    site_id uuid NOT NULL,
    payer text NOT NULL,
    system text NOT NULL,
    code text NOT NULL,
    units integer NOT NULL,
    amount_cents bigint NOT NULL,
    currency text NOT NULL,
    captured_at timestamptz NOT NULL,
    CONSTRAINT charges_pkey PRIMARY KEY (network_id, charge_id),
    CONSTRAINT charges_encounter_id_line_key UNIQUE (network_id, encounter_id, line),
    CONSTRAINT charges_encounter_id_fkey FOREIGN KEY (network_id, encounter_id)
        REFERENCES encounters (network_id, encounter_id),
    CONSTRAINT charges_payer_check CHECK (payer IN ('coverage', 'patient')),
    CONSTRAINT charges_units_check CHECK (units > 0),
    CONSTRAINT charges_amount_cents_check CHECK (amount_cents >= 0)
);
CREATE INDEX charges_site_id_idx ON charges (network_id, site_id, captured_at, charge_id);
SELECT frontdesk_tenant_table('charges');

-- `coverage_id` is records': which of the patient's coverages is asked.
CREATE TABLE claims (
    network_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    version bigint NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    site_id uuid NOT NULL,
    coverage_id uuid NOT NULL,
    payer_id text,
    payer_name text NOT NULL,
    status text NOT NULL,
    held_reason text,
    diagnoses json NOT NULL,
    total_cents bigint NOT NULL,
    currency text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT claims_pkey PRIMARY KEY (network_id, claim_id),
    CONSTRAINT claims_encounter_id_key UNIQUE (network_id, encounter_id),
    CONSTRAINT claims_encounter_id_fkey FOREIGN KEY (network_id, encounter_id)
        REFERENCES encounters (network_id, encounter_id),
    CONSTRAINT claims_status_check CHECK (status IN ('active', 'held')),
    CONSTRAINT claims_held_reason_check CHECK ((status = 'held') = (held_reason IS NOT NULL)),
    CONSTRAINT claims_total_cents_check CHECK (total_cents >= 0)
);
CREATE INDEX claims_created_at_idx ON claims (network_id, created_at, claim_id);
CREATE INDEX claims_site_id_idx ON claims (network_id, site_id, created_at, claim_id);
SELECT frontdesk_tenant_table('claims');

CREATE TABLE claim_lines (
    network_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    line smallint NOT NULL,
    system text NOT NULL,
    code text NOT NULL,
    units integer NOT NULL,
    amount_cents bigint NOT NULL,
    diagnosis_pointers integer[] NOT NULL,
    CONSTRAINT claim_lines_pkey PRIMARY KEY (network_id, claim_id, line),
    CONSTRAINT claim_lines_claim_id_fkey FOREIGN KEY (network_id, claim_id) REFERENCES claims (network_id, claim_id)
);
SELECT frontdesk_tenant_table('claim_lines');

-- The last sequence given in a network's feed; its row lock is what makes the sequence gapless.
CREATE TABLE claim_feeds (
    network_id uuid NOT NULL,
    sequence bigint NOT NULL,
    CONSTRAINT claim_feeds_pkey PRIMARY KEY (network_id)
);
SELECT frontdesk_tenant_table('claim_feeds');

CREATE TABLE claim_feed_rows (
    network_id uuid NOT NULL,
    sequence bigint NOT NULL,
    event_type text NOT NULL,
    claim_id uuid NOT NULL,
    claim_version bigint NOT NULL,
    encounter_id uuid NOT NULL,
    site_id uuid NOT NULL,
    status text NOT NULL,
    held_reason text,
    payer_id text,
    total_cents bigint NOT NULL,
    currency text NOT NULL,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT claim_feed_rows_pkey PRIMARY KEY (network_id, sequence),
    CONSTRAINT claim_feed_rows_claim_id_claim_version_key UNIQUE (network_id, claim_id, claim_version)
);
SELECT frontdesk_tenant_table('claim_feed_rows', 'SELECT, INSERT');

CREATE TABLE tasks (
    network_id uuid NOT NULL,
    task_id uuid NOT NULL,
    site_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    cause text NOT NULL,
    opened_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT tasks_pkey PRIMARY KEY (network_id, task_id),
    CONSTRAINT tasks_encounter_id_cause_key UNIQUE (network_id, encounter_id, cause)
);
CREATE INDEX tasks_open_idx ON tasks (network_id, site_id, opened_at, task_id) WHERE done_at IS NULL;
SELECT frontdesk_tenant_table('tasks');
