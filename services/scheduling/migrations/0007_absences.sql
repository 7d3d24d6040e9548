-- Absences, and the lists of the visits that they touch.

ALTER TABLE appointment_types
    ADD COLUMN due_window_days integer NOT NULL DEFAULT 14
        CONSTRAINT appointment_types_due_window_days_check CHECK (due_window_days BETWEEN 0 AND 366);

-- A practitioner who does not come, or a site that closes. `site_ids`: the sites that it concerns, whose people see it.
-- `exception_id`: the leave or closure in working time.
CREATE TABLE absences (
    network_id uuid NOT NULL,
    absence_id uuid NOT NULL,
    exception_id uuid NOT NULL,
    practitioner_id uuid,
    site_id uuid,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    reason text NOT NULL,
    site_ids uuid[] NOT NULL,
    marked_at timestamptz NOT NULL,
    undone_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, absence_id),
    CONSTRAINT absences_whose_check CHECK ((practitioner_id IS NULL) <> (site_id IS NULL)),
    CONSTRAINT absences_time_check CHECK (from_at < until_at),
    CONSTRAINT absences_practitioner_id_fkey FOREIGN KEY (network_id, practitioner_id)
        REFERENCES practitioners (network_id, practitioner_id),
    CONSTRAINT absences_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
CREATE INDEX absences_until_idx ON absences (network_id, until_at) WHERE undone_at IS NULL;
CREATE INDEX absences_from_idx ON absences (network_id, from_at, absence_id);
SELECT frontdesk_tenant_table('absences', 'SELECT, INSERT, UPDATE');

-- One visit on the list of one absence. No foreign key to appointments: its check would wait for whoever has the
-- appointment's row and waits for the resource's lock, which whoever makes a list holds.
CREATE TABLE reschedules (
    network_id uuid NOT NULL,
    reschedule_id uuid NOT NULL,
    absence_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    zone text NOT NULL,
    listed_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT reschedules_state_check
        CHECK (state IN ('offered', 'moved', 'declined', 'to-call', 'cancelled', 'withdrawn')),
    proposals jsonb NOT NULL,
    refused jsonb NOT NULL,
    expires_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, reschedule_id),
    CONSTRAINT reschedules_absence_id_appointment_id_key UNIQUE (network_id, absence_id, appointment_id),
    CONSTRAINT reschedules_absence_id_fkey FOREIGN KEY (network_id, absence_id)
        REFERENCES absences (network_id, absence_id)
);
-- A visit waits on one list at a time, so that nobody is offered, or called about, the same visit twice.
CREATE UNIQUE INDEX reschedules_open_key ON reschedules (network_id, appointment_id)
    WHERE state IN ('offered', 'declined', 'to-call');
CREATE INDEX reschedules_site_idx ON reschedules (network_id, site_id, start_at, reschedule_id);
SELECT frontdesk_tenant_table('reschedules', 'SELECT, INSERT, UPDATE');
