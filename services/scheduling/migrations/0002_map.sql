-- The map grows: what appointment types need, who practitioners are, rooms and devices.

ALTER TABLE practitioners
    ADD COLUMN kind text,
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
    ADD COLUMN sex text
        CONSTRAINT practitioners_sex_check CHECK (sex IN ('male', 'female', 'other', 'unknown'));

-- `needs`: a list of {"kind": "practitioner" | "room" | "device", "type": a word of the network or null}.
ALTER TABLE appointment_types
    ADD COLUMN set_up_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT appointment_types_set_up_minutes_check CHECK (set_up_minutes BETWEEN 0 AND 240),
    ADD COLUMN clean_up_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT appointment_types_clean_up_minutes_check CHECK (clean_up_minutes BETWEEN 0 AND 240),
    ADD COLUMN notice_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT appointment_types_notice_minutes_check CHECK (notice_minutes >= 0),
    ADD COLUMN horizon_days integer
        CONSTRAINT appointment_types_horizon_days_check CHECK (horizon_days >= 0),
    ADD COLUMN self_bookable boolean NOT NULL DEFAULT false,
    ADD COLUMN overbook_limit integer NOT NULL DEFAULT 0
        CONSTRAINT appointment_types_overbook_limit_check CHECK (overbook_limit BETWEEN 0 AND 100),
    ADD COLUMN needs jsonb NOT NULL DEFAULT '[]';

-- Rooms and devices; each stands at one site. Their lanes (`capacity` many) are rows of resource_lanes.
CREATE TABLE resources (
    network_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT resources_kind_check CHECK (kind IN ('room', 'device')),
    type text NOT NULL,
    name text NOT NULL,
    capacity integer NOT NULL CONSTRAINT resources_capacity_check CHECK (capacity BETWEEN 1 AND 100),
    active boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, resource_id),
    CONSTRAINT resources_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
CREATE INDEX resources_site_id_idx ON resources (network_id, site_id, name, resource_id);
SELECT frontdesk_tenant_table('resources', 'SELECT, INSERT, UPDATE');
