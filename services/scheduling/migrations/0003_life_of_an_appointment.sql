-- The life of an appointment: more statuses, what a clinic day tells apart, and the history of every change.

ALTER TABLE appointments
    DROP CONSTRAINT appointments_status_check,
    ADD CONSTRAINT appointments_status_check CHECK (
        status IN ('proposed', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error')),
    ADD COLUMN previous_end_at timestamptz,
    ADD COLUMN previous_practitioner_id uuid,
    ADD COLUMN cancelled_by text
        CONSTRAINT appointments_cancelled_by_check CHECK (cancelled_by IN ('patient', 'practitioner', 'clinic', 'other')),
    ADD COLUMN cancelled_notice_minutes integer,
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN confirmed_by text
        CONSTRAINT appointments_confirmed_by_check CHECK (confirmed_by IN ('patient', 'staff')),
    ADD COLUMN noshow_at timestamptz,
    ADD COLUMN walk_in boolean NOT NULL DEFAULT false,
    ADD COLUMN in_room_at timestamptz,
    ADD COLUMN done_at timestamptz,
    ADD COLUMN room_id uuid,
    ADD CONSTRAINT appointments_room_id_fkey FOREIGN KEY (network_id, room_id)
        REFERENCES resources (network_id, resource_id),
    ADD COLUMN delay_minutes integer
        CONSTRAINT appointments_delay_minutes_check CHECK (delay_minutes BETWEEN 1 AND 1440);

-- A line for each version of an appointment since this migration. Append only: no role may change or delete one.
-- No foreign key: appointments are never deleted either, and each booking would pay for the look.
CREATE TABLE appointment_changes (
    network_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    version bigint NOT NULL,
    step text NOT NULL,
    changed_at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    on_behalf_of text,
    reason text,
    from_stage text,
    from_start_at timestamptz,
    from_practitioner_id uuid,
    from_room_id uuid,
    from_delay_minutes integer,
    to_stage text NOT NULL,
    to_start_at timestamptz NOT NULL,
    to_practitioner_id uuid NOT NULL,
    to_room_id uuid,
    to_delay_minutes integer,
    PRIMARY KEY (network_id, appointment_id, version)
);
SELECT frontdesk_tenant_table('appointment_changes', 'SELECT, INSERT');
