-- Scheduling: the network's map, appointments, time taken, and small copies of what the day sheet shows.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE sites (
    network_id uuid NOT NULL,
    site_id uuid NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    phone text,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, site_id)
);
SELECT frontdesk_tenant_table('sites', 'SELECT, INSERT, UPDATE');

CREATE TABLE practitioners (
    network_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    given text NOT NULL,
    family text NOT NULL,
    prefix text,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, practitioner_id)
);
SELECT frontdesk_tenant_table('practitioners', 'SELECT, INSERT, UPDATE');

CREATE TABLE appointment_types (
    network_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    name text NOT NULL,
    minutes integer NOT NULL CONSTRAINT appointment_types_minutes_check CHECK (minutes BETWEEN 1 AND 720),
    active boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, appointment_type_id)
);
SELECT frontdesk_tenant_table('appointment_types', 'SELECT, INSERT, UPDATE');

-- A practitioner's week at one site; the stretches are wall-clock minutes from midnight in the site's zone.
CREATE TABLE working_hours (
    network_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    site_id uuid NOT NULL,
    lanes integer NOT NULL CONSTRAINT working_hours_lanes_check CHECK (lanes BETWEEN 1 AND 100),
    version bigint NOT NULL,
    PRIMARY KEY (network_id, practitioner_id, site_id),
    CONSTRAINT working_hours_practitioner_id_fkey FOREIGN KEY (network_id, practitioner_id)
        REFERENCES practitioners (network_id, practitioner_id),
    CONSTRAINT working_hours_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
CREATE INDEX working_hours_site_id_idx ON working_hours (network_id, site_id);
SELECT frontdesk_tenant_table('working_hours', 'SELECT, INSERT, UPDATE');

CREATE TABLE weekly_hours (
    network_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    site_id uuid NOT NULL,
    weekday smallint NOT NULL CONSTRAINT weekly_hours_weekday_check CHECK (weekday BETWEEN 1 AND 7),
    starts smallint NOT NULL,
    ends smallint NOT NULL,
    PRIMARY KEY (network_id, practitioner_id, site_id, weekday, starts),
    CONSTRAINT weekly_hours_stretch_check CHECK (0 <= starts AND starts < ends AND ends <= 1440),
    CONSTRAINT weekly_hours_working_hours_fkey FOREIGN KEY (network_id, practitioner_id, site_id)
        REFERENCES working_hours (network_id, practitioner_id, site_id)
);
SELECT frontdesk_tenant_table('weekly_hours', 'SELECT, INSERT, DELETE');

-- Marks a row with the transaction that changed it, so that a reader can ask for all that has changed since his snapshot.
CREATE FUNCTION mark_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;

CREATE TABLE appointments (
    network_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    status text NOT NULL
        CONSTRAINT appointments_status_check CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled')),
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    zone text NOT NULL,
    lane integer NOT NULL,
    booked_at timestamptz NOT NULL,
    previous_start_at timestamptz,
    arrival_id uuid,
    arrived_at timestamptz,
    encounter_id uuid,
    cancelled_at timestamptz,
    cancelled_reason text,
    version bigint NOT NULL,
    changed_xid bigint NOT NULL,
    PRIMARY KEY (network_id, appointment_id),
    CONSTRAINT appointments_time_check CHECK (start_at < end_at),
    CONSTRAINT appointments_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id),
    CONSTRAINT appointments_practitioner_id_fkey FOREIGN KEY (network_id, practitioner_id)
        REFERENCES practitioners (network_id, practitioner_id),
    CONSTRAINT appointments_appointment_type_id_fkey FOREIGN KEY (network_id, appointment_type_id)
        REFERENCES appointment_types (network_id, appointment_type_id)
);
CREATE INDEX appointments_site_start_idx ON appointments (network_id, site_id, start_at);
CREATE INDEX appointments_site_changed_idx ON appointments (network_id, site_id, changed_xid);
CREATE INDEX appointments_patient_idx ON appointments (network_id, patient_id, start_at);
CREATE INDEX appointments_encounter_idx ON appointments (network_id, encounter_id) WHERE encounter_id IS NOT NULL;
CREATE TRIGGER appointments_mark_change BEFORE INSERT OR UPDATE ON appointments
    FOR EACH ROW EXECUTE FUNCTION mark_change();
SELECT frontdesk_tenant_table('appointments', 'SELECT, INSERT, UPDATE');

-- A resource (practitioner, room, device) has lanes; overbooking is allowed by lanes and bounded by them.
CREATE TABLE resource_lanes (
    network_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    lane integer NOT NULL CONSTRAINT resource_lanes_lane_check CHECK (lane >= 1),
    PRIMARY KEY (network_id, resource_id, lane)
);
SELECT frontdesk_tenant_table('resource_lanes', 'SELECT, INSERT');

-- Time taken. A cancelled appointment leaves. The database refuses an overlap, whoever inserts it.
CREATE TABLE bookings (
    network_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    lane integer NOT NULL,
    appointment_id uuid NOT NULL,
    site_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(start_at, end_at, '[)')) STORED,
    PRIMARY KEY (network_id, appointment_id, resource_id),
    CONSTRAINT bookings_during_check CHECK (start_at < end_at AND end_at <= start_at + interval '1 day'),
    CONSTRAINT bookings_lane_fkey FOREIGN KEY (network_id, resource_id, lane)
        REFERENCES resource_lanes (network_id, resource_id, lane),
    CONSTRAINT bookings_appointment_id_fkey FOREIGN KEY (network_id, appointment_id)
        REFERENCES appointments (network_id, appointment_id),
    CONSTRAINT bookings_excl EXCLUDE USING gist (network_id WITH =, resource_id WITH =, lane WITH =, during WITH &&),
    -- Nobody is at two sites at once, in whatever lane.
    CONSTRAINT bookings_sites_excl EXCLUDE USING gist (network_id WITH =, resource_id WITH =, site_id WITH <>, during WITH &&)
);
-- Under a tenant policy only leakproof operators reach an index: the search goes by start, not by range.
CREATE INDEX bookings_resource_start_idx ON bookings (network_id, resource_id, start_at);
SELECT frontdesk_tenant_table('bookings');

-- Copies of other services' facts: the newest version of each. Rebuilt from events at any time.
CREATE TABLE patients (
    network_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version bigint NOT NULL,
    given text NOT NULL,
    family text NOT NULL,
    birth_on date,
    changed_xid bigint NOT NULL,
    PRIMARY KEY (network_id, patient_id)
);
CREATE INDEX patients_changed_idx ON patients (network_id, changed_xid);
CREATE TRIGGER patients_mark_change BEFORE INSERT OR UPDATE ON patients
    FOR EACH ROW EXECUTE FUNCTION mark_change();
SELECT frontdesk_tenant_table('patients', 'SELECT, INSERT, UPDATE');

CREATE TABLE texts (
    network_id uuid NOT NULL,
    text_id uuid NOT NULL,
    version bigint NOT NULL,
    appointment_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    reason text,
    told_at timestamptz NOT NULL,
    changed_xid bigint NOT NULL,
    PRIMARY KEY (network_id, text_id)
);
CREATE INDEX texts_appointment_idx ON texts (network_id, appointment_id, told_at);
CREATE INDEX texts_changed_idx ON texts (network_id, changed_xid);
CREATE TRIGGER texts_mark_change BEFORE INSERT OR UPDATE ON texts
    FOR EACH ROW EXECUTE FUNCTION mark_change();
SELECT frontdesk_tenant_table('texts', 'SELECT, INSERT, UPDATE');
