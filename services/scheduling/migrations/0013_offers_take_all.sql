-- An offer takes all that its visit needs; jobs ask one question of all networks.

-- What else than the practitioner it takes, and how long before and after the visit.
ALTER TABLE waitlist_offers
    ADD COLUMN resource_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN set_up_minutes integer NOT NULL DEFAULT 0,
    ADD COLUMN clean_up_minutes integer NOT NULL DEFAULT 0;

-- Whose time alone has to be looked at, and at `site_id` alone: what became free may be something that others share.
ALTER TABLE freed_times
    ADD COLUMN practitioner_id uuid,
    ADD CONSTRAINT freed_times_practitioner_check
        CHECK (practitioner_id IS NULL OR num_nonnulls(resource_id, site_id) = 2);

-- When a wish has run out: its time, its last day everywhere on earth, or the visit that it was to come before.
CREATE FUNCTION runs_out_at(active_until timestamptz, earlier_than timestamptz, until_on date) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT least(active_until, earlier_than, (until_on + 1 + time '12:00') AT TIME ZONE 'UTC') $$;

-- What is due in any network is found without reading what is over; the indexes there were begin with the network.
CREATE INDEX waitlist_entries_due_idx ON waitlist_entries (runs_out_at(active_until, earlier_than, until_on))
    WHERE state = 'waiting';
CREATE INDEX waitlist_entries_looked_idx ON waitlist_entries (looked_on)
    WHERE state = 'waiting' AND open_offer_id IS NULL;
CREATE INDEX waitlist_offers_open_idx ON waitlist_offers (expires_at, network_id) WHERE state = 'offered';
CREATE INDEX holds_due_idx ON holds (expires_at, network_id) WHERE status = 'held';
CREATE INDEX reschedules_due_idx ON reschedules (expires_at, network_id) WHERE state = 'offered';

-- Jobs that look every few seconds ask one question of all networks, however many are idle. The worker is told in which
-- there is anything to do and nothing else; what it then reads, it reads in that network.

-- Where an offer is over or may have been overtaken, a wish has run out, or an entry's daily look is due.
CREATE FUNCTION networks_to_close_in(at timestamptz, on_day date) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT network_id FROM public.waitlist_offers WHERE state = 'offered' AND (expires_at <= at OR hold_id IS NULL)
    UNION
    SELECT network_id FROM public.waitlist_entries
    WHERE state = 'waiting' AND public.runs_out_at(active_until, earlier_than, until_on) <= at
    UNION
    SELECT network_id FROM public.waitlist_entries
    WHERE state = 'waiting' AND open_offer_id IS NULL AND looked_on < on_day
    $$;
CREATE FUNCTION networks_with_expired_holds(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT DISTINCT network_id FROM public.holds WHERE status = 'held' AND expires_at <= at $$;
CREATE FUNCTION networks_with_lapsed_proposals(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT DISTINCT network_id FROM public.reschedules WHERE state = 'offered' AND expires_at <= at $$;
DO $$
DECLARE
    question regprocedure;
BEGIN
    FOREACH question IN ARRAY ARRAY[
        'networks_to_close_in(timestamptz, date)', 'networks_with_expired_holds(timestamptz)',
        'networks_with_lapsed_proposals(timestamptz)']::regprocedure[]
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', question);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', question, frontdesk_role('worker'));
    END LOOP;
END $$;
