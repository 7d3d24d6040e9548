-- Patients of the network, which sites see them, and what happened at their visits.

-- `family_key` and `given_key` are names as they are searched; "C" so that a prefix is a range of the index.
CREATE TABLE patients (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    given text NOT NULL,
    family text NOT NULL,
    family_key text COLLATE "C" NOT NULL,
    birth_on date,
    CONSTRAINT patients_pkey PRIMARY KEY (network_id, patient_id),
    CONSTRAINT patients_version_check CHECK (version > 0)
);
CREATE INDEX patients_family_key_idx ON patients (network_id, family_key, patient_id);
CREATE INDEX patients_birth_on_idx ON patients (network_id, birth_on, family_key) WHERE birth_on IS NOT NULL;
SELECT frontdesk_tenant_table('patients');

-- Sites that see a patient: they registered or opened the patient, or have an appointment.
CREATE TABLE patient_sites (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    site_id uuid NOT NULL,
    CONSTRAINT patient_sites_pkey PRIMARY KEY (network_id, patient_id, site_id),
    CONSTRAINT patient_sites_patient_id_fkey FOREIGN KEY (network_id, patient_id)
        REFERENCES patients (network_id, patient_id)
);
SELECT frontdesk_tenant_table('patient_sites');

-- Numbers in E.164; found by equality of text, which may reach an index under row-level security.
CREATE TABLE patient_phones (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number text NOT NULL,
    use text NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT patient_phones_pkey PRIMARY KEY (network_id, patient_id, number),
    CONSTRAINT patient_phones_patient_id_fkey FOREIGN KEY (network_id, patient_id)
        REFERENCES patients (network_id, patient_id),
    CONSTRAINT patient_phones_number_check CHECK (number ~ '^\+[1-9][0-9]{3,14}$'),
    CONSTRAINT patient_phones_use_check CHECK (use IN ('home', 'work', 'temp', 'old', 'mobile'))
);
CREATE INDEX patient_phones_number_idx ON patient_phones (network_id, number);
SELECT frontdesk_tenant_table('patient_phones');

-- The consent in force for a number and purpose; earlier ones stand in the outbox's events.
CREATE TABLE patient_consents (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number text NOT NULL,
    purpose text NOT NULL,
    given boolean NOT NULL,
    at timestamptz NOT NULL,
    evidence text NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT patient_consents_pkey PRIMARY KEY (network_id, patient_id, number, purpose),
    CONSTRAINT patient_consents_number_fkey FOREIGN KEY (network_id, patient_id, number)
        REFERENCES patient_phones (network_id, patient_id, number),
    CONSTRAINT patient_consents_purpose_check CHECK (purpose IN ('reminders'))
);
SELECT frontdesk_tenant_table('patient_consents');

CREATE TABLE coverages (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    coverage_id uuid NOT NULL,
    payer_id text,
    payer_name text NOT NULL,
    member_id text,
    place smallint NOT NULL,
    CONSTRAINT coverages_pkey PRIMARY KEY (network_id, coverage_id),
    CONSTRAINT coverages_patient_id_fkey FOREIGN KEY (network_id, patient_id)
        REFERENCES patients (network_id, patient_id)
);
CREATE INDEX coverages_patient_id_idx ON coverages (network_id, patient_id);
CREATE INDEX coverages_member_id_idx ON coverages (network_id, member_id) WHERE member_id IS NOT NULL;
SELECT frontdesk_tenant_table('coverages');

-- A copy of scheduling's: the newest version seen, and the check-in that holds in it.
CREATE TABLE appointments (
    network_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    version bigint NOT NULL,
    arrival_id uuid,
    CONSTRAINT appointments_pkey PRIMARY KEY (network_id, appointment_id)
);
SELECT frontdesk_tenant_table('appointments');

-- One a check-in. `patient_version` is the patient as known when it was finished.
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
    CONSTRAINT encounters_pkey PRIMARY KEY (network_id, encounter_id),
    CONSTRAINT encounters_arrival_id_key UNIQUE (network_id, arrival_id),
    CONSTRAINT encounters_patient_id_fkey FOREIGN KEY (network_id, patient_id)
        REFERENCES patients (network_id, patient_id),
    CONSTRAINT encounters_status_check CHECK (status IN ('in-progress', 'finished', 'entered-in-error')),
    CONSTRAINT encounters_finished_at_check CHECK ((status = 'finished') = (finished_at IS NOT NULL)),
    CONSTRAINT encounters_patient_version_check CHECK ((status = 'finished') = (patient_version IS NOT NULL))
);
CREATE INDEX encounters_appointment_id_idx ON encounters (network_id, appointment_id);
CREATE INDEX encounters_patient_id_idx ON encounters (network_id, patient_id);
SELECT frontdesk_tenant_table('encounters');
