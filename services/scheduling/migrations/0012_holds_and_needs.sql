-- A visit takes several resources at once, with set-up and clean-up; a hold takes them for a while.

-- `resource_ids`: what else than the practitioner it takes. As long before and after it as its type said when it was booked.
ALTER TABLE appointments
    ADD COLUMN resource_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN set_up_minutes integer NOT NULL DEFAULT 0,
    ADD COLUMN clean_up_minutes integer NOT NULL DEFAULT 0,
    ADD COLUMN overbooked_reason text;

CREATE TABLE holds (
    network_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    resource_ids uuid[] NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    taken_from_at timestamptz NOT NULL,
    taken_until_at timestamptz NOT NULL,
    zone text NOT NULL,
    status text NOT NULL CONSTRAINT holds_status_check CHECK (status IN ('held', 'booked', 'released', 'expired')),
    held_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, hold_id),
    CONSTRAINT holds_time_check CHECK (start_at < end_at),
    CONSTRAINT holds_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
CREATE INDEX holds_expires_idx ON holds (network_id, status, expires_at);
SELECT frontdesk_tenant_table('holds');

-- What is held is taken: the same table and the same constraints refuse an overlap. A hold of the waitlist has no
-- `expires_at`: its offer ends it.
ALTER TABLE bookings
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN taken_by uuid NOT NULL GENERATED ALWAYS AS (coalesce(appointment_id, hold_id)) STORED,
    DROP CONSTRAINT bookings_hold_key,
    ADD PRIMARY KEY (network_id, taken_by, resource_id),
    ADD CONSTRAINT bookings_expires_at_check CHECK (appointment_id IS NULL OR expires_at IS NULL);
