-- Time may be taken by a hold, before there is an appointment. The same constraints refuse what overlaps it.

ALTER TABLE bookings
    DROP CONSTRAINT bookings_pkey,
    ALTER COLUMN appointment_id DROP NOT NULL,
    ADD COLUMN hold_id uuid,
    ADD CONSTRAINT bookings_owner_check CHECK (num_nonnulls(appointment_id, hold_id) = 1),
    ADD CONSTRAINT bookings_appointment_key UNIQUE (network_id, appointment_id, resource_id),
    ADD CONSTRAINT bookings_hold_key UNIQUE (network_id, hold_id, resource_id);
