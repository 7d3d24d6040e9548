-- Working time: recurring patterns, stays, opening hours, and what deviates from them.

-- `patterns`: a list of {"rrule", "from_on", "until_on", "starts", "ends"} beside the plain week of weekly_hours.
-- `stays`: a list of {"from_on", "until_on"}; without any, somebody works here whenever his hours say so.
ALTER TABLE working_hours
    ADD COLUMN patterns jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN stays jsonb NOT NULL DEFAULT '[]';

-- When a room or a device is in use at all (null: without a first or a last day).
ALTER TABLE resources
    ADD COLUMN from_on date,
    ADD COLUMN until_on date;

-- `planned`: a list of {"from_on", "changes"}, each for visits from that day on; `planned_minutes`: the longest of them.
ALTER TABLE appointment_types
    ADD COLUMN planned jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN planned_minutes integer NOT NULL DEFAULT 0;

-- `weeks`: a list of {"from_on", "weekly": [[weekday, starts, ends], ...]}, each in force until the next one.
CREATE TABLE opening_hours (
    network_id uuid NOT NULL,
    site_id uuid NOT NULL,
    weeks jsonb NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, site_id),
    CONSTRAINT opening_hours_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
SELECT frontdesk_tenant_table('opening_hours', 'SELECT, INSERT, UPDATE');

-- Extra time, leave and blocked time of a resource; holidays and closures of a whole site (no resource). Leave may be
-- at every site (no site). Either local days with wall-clock minutes on each, or a range of instants; `begins_on` and
-- `ends_on` bound both. What was removed stays for who asks why, and to answer a removal that is asked again.
CREATE TABLE time_exceptions (
    network_id uuid NOT NULL,
    exception_id uuid NOT NULL,
    site_id uuid,
    resource_id uuid,
    kind text NOT NULL
        CONSTRAINT time_exceptions_kind_check CHECK (kind IN ('extra', 'leave', 'blocked', 'holiday', 'closure')),
    reason text,
    from_on date,
    until_on date,
    starts smallint NOT NULL,
    ends smallint NOT NULL,
    start_at timestamptz,
    end_at timestamptz,
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (network_id, exception_id),
    CONSTRAINT time_exceptions_whose_check CHECK ((kind IN ('holiday', 'closure')) = (resource_id IS NULL)),
    CONSTRAINT time_exceptions_where_check CHECK (site_id IS NOT NULL OR kind = 'leave'),
    CONSTRAINT time_exceptions_span_check CHECK (
        (from_on IS NOT NULL AND from_on <= until_on AND start_at IS NULL AND end_at IS NULL)
        OR (from_on IS NULL AND until_on IS NULL AND start_at < end_at AND end_at IS NOT NULL)
    ),
    CONSTRAINT time_exceptions_minutes_check CHECK (0 <= starts AND starts < ends AND ends <= 1440),
    CONSTRAINT time_exceptions_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
CREATE INDEX time_exceptions_resource_idx ON time_exceptions (network_id, resource_id, ends_on)
    WHERE removed_at IS NULL;
CREATE INDEX time_exceptions_site_idx ON time_exceptions (network_id, site_id, begins_on, exception_id);
SELECT frontdesk_tenant_table('time_exceptions', 'SELECT, INSERT, UPDATE');
