-- Free time by day: derived from working time and bookings, kept by the transactions that change either (ADR 22).

-- The longest piece in whole minutes.
CREATE FUNCTION longest_minutes(pieces tstzmultirange) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT coalesce(max(extract(epoch FROM upper(piece) - lower(piece)))::integer / 60, 0) FROM unnest(pieces) AS piece $$;

-- A row for each resource, site, local day and lane on which work begins. `working` goes on past midnight as far as a
-- visit may; what begins on the next day alone is in the next day's row too. `taken`: what is taken from `from_at` to
-- `until_at`, which is as far around as set-up and clean-up may reach; what starts before `since_at` is over by then.
CREATE TABLE free_days (
    network_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    on_day date NOT NULL,
    site_id uuid NOT NULL,
    lane integer NOT NULL,
    lanes integer NOT NULL,
    working tstzmultirange NOT NULL,
    since_at timestamptz NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    taken tstzmultirange NOT NULL,
    free tstzmultirange NOT NULL GENERATED ALWAYS AS (working - taken) STORED,
    longest_minutes integer NOT NULL GENERATED ALWAYS AS (longest_minutes(working - taken)) STORED,
    PRIMARY KEY (network_id, resource_id, on_day, site_id, lane)
);
-- Of a day and its sites only those with a piece that is long enough are read.
CREATE INDEX free_days_search_idx ON free_days (network_id, on_day, site_id, longest_minutes);
SELECT frontdesk_tenant_table('free_days');

-- From which day to which the rows of a resource at a site are kept, also where no work falls on them.
CREATE TABLE free_time_kept (
    network_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    site_id uuid NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    PRIMARY KEY (network_id, resource_id, site_id)
);
SELECT frontdesk_tenant_table('free_time_kept');

-- Where a site is, for who wants a time near home: a US ZIP code.
ALTER TABLE sites ADD COLUMN zip text CONSTRAINT sites_zip_check CHECK (zip ~ '^[0-9]{5}$');
