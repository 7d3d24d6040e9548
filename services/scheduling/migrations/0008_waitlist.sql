-- The waitlist: who waits and for what, the offers of what becomes free, and what the job has yet to look at.

-- How times are offered: of the network (appointment_type_id NULL) or of one appointment type.
CREATE TABLE waitlist_policies (
    network_id uuid NOT NULL,
    appointment_type_id uuid,
    mode text NOT NULL CONSTRAINT waitlist_policies_mode_check CHECK (mode IN ('one-by-one', 'first-come')),
    hold_minutes integer NOT NULL
        CONSTRAINT waitlist_policies_hold_minutes_check CHECK (hold_minutes BETWEEN 1 AND 10080),
    group_size integer NOT NULL CONSTRAINT waitlist_policies_group_size_check CHECK (group_size BETWEEN 1 AND 100),
    version bigint NOT NULL,
    CONSTRAINT waitlist_policies_key UNIQUE NULLS NOT DISTINCT (network_id, appointment_type_id),
    CONSTRAINT waitlist_policies_appointment_type_id_fkey FOREIGN KEY (network_id, appointment_type_id)
        REFERENCES appointment_types (network_id, appointment_type_id)
);
SELECT frontdesk_tenant_table('waitlist_policies', 'SELECT, INSERT, UPDATE');

-- NULL is any: sites, practitioners, weekdays (ISO), hours (minutes from midnight by the site's clock), days.
CREATE TABLE waitlist_entries (
    network_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    appointment_id uuid,
    appointment_site_id uuid,
    earlier_than timestamptz,
    site_ids uuid[],
    practitioner_ids uuid[],
    weekdays smallint[],
    starts smallint,
    ends smallint,
    from_on date,
    until_on date,
    notice_minutes integer NOT NULL
        CONSTRAINT waitlist_entries_notice_minutes_check CHECK (notice_minutes >= 0),
    priority integer NOT NULL,
    active_until timestamptz,
    state text NOT NULL
        CONSTRAINT waitlist_entries_state_check CHECK (state IN ('waiting', 'booked', 'withdrawn', 'expired')),
    waiting_since timestamptz NOT NULL,
    open_offer_id uuid,
    looked_on date NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, entry_id),
    CONSTRAINT waitlist_entries_earlier_check CHECK (num_nonnulls(appointment_id, appointment_site_id, earlier_than) IN (0, 3)),
    CONSTRAINT waitlist_entries_open_check CHECK (state = 'waiting' OR open_offer_id IS NULL),
    CONSTRAINT waitlist_entries_appointment_type_id_fkey FOREIGN KEY (network_id, appointment_type_id)
        REFERENCES appointment_types (network_id, appointment_type_id),
    CONSTRAINT waitlist_entries_appointment_id_fkey FOREIGN KEY (network_id, appointment_id)
        REFERENCES appointments (network_id, appointment_id)
);
-- The order of the line.
CREATE INDEX waitlist_entries_line_idx ON waitlist_entries (network_id, state, priority DESC, waiting_since, entry_id);
CREATE INDEX waitlist_entries_patient_idx ON waitlist_entries (network_id, patient_id);
CREATE INDEX waitlist_entries_appointment_idx ON waitlist_entries (network_id, appointment_id)
    WHERE appointment_id IS NOT NULL;
SELECT frontdesk_tenant_table('waitlist_entries', 'SELECT, INSERT, UPDATE');

CREATE TABLE waitlist_offers (
    network_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    group_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    appointment_type_id uuid NOT NULL,
    appointment_id uuid,
    earlier_than timestamptz,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    zone text NOT NULL,
    hold_id uuid,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL
        CONSTRAINT waitlist_offers_state_check CHECK (state IN ('offered', 'accepted', 'declined', 'expired', 'lost')),
    closed_at timestamptz,
    booked_id uuid,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, offer_id),
    CONSTRAINT waitlist_offers_time_check CHECK (start_at < end_at),
    CONSTRAINT waitlist_offers_closed_check CHECK ((state = 'offered') = (closed_at IS NULL)),
    CONSTRAINT waitlist_offers_booked_check CHECK ((state = 'accepted') = (booked_id IS NOT NULL)),
    CONSTRAINT waitlist_offers_entry_id_fkey FOREIGN KEY (network_id, entry_id)
        REFERENCES waitlist_entries (network_id, entry_id),
    CONSTRAINT waitlist_offers_site_id_fkey FOREIGN KEY (network_id, site_id) REFERENCES sites (network_id, site_id)
);
-- Nobody has two offers to answer, and of those who were asked together one wins.
CREATE UNIQUE INDEX waitlist_offers_open_key ON waitlist_offers (network_id, entry_id) WHERE state = 'offered';
CREATE UNIQUE INDEX waitlist_offers_winner_key ON waitlist_offers (network_id, group_id) WHERE state = 'accepted';
CREATE INDEX waitlist_offers_entry_idx ON waitlist_offers (network_id, entry_id);
CREATE INDEX waitlist_offers_group_idx ON waitlist_offers (network_id, group_id);
CREATE INDEX waitlist_offers_site_idx ON waitlist_offers (network_id, site_id, offered_at, offer_id);
CREATE INDEX waitlist_offers_due_idx ON waitlist_offers (network_id, expires_at) WHERE state = 'offered';
CREATE INDEX waitlist_offers_practitioner_idx ON waitlist_offers (network_id, practitioner_id) WHERE state = 'offered';
SELECT frontdesk_tenant_table('waitlist_offers', 'SELECT, INSERT, UPDATE');

-- What the job has to look at: time of a resource that may have become free (`until_at` NULL: from then on), or an entry.
CREATE TABLE freed_times (
    network_id uuid NOT NULL,
    freed_id bigint GENERATED ALWAYS AS IDENTITY,
    resource_id uuid,
    site_id uuid,
    start_at timestamptz,
    end_at timestamptz,
    entry_id uuid,
    PRIMARY KEY (network_id, freed_id),
    CONSTRAINT freed_times_one_check CHECK (num_nonnulls(resource_id, entry_id) = 1),
    CONSTRAINT freed_times_time_check CHECK (start_at < end_at)
);
SELECT frontdesk_tenant_table('freed_times', 'SELECT, INSERT, UPDATE, DELETE');
-- A wake-up comes with every commit: one question tells in which networks there is anything to do.
SELECT frontdesk_exception('freed_times', 'SELECT', 'worker');

-- Whoever gives time back, by whatever statement (a cancelled or moved visit, a hold that is over): the same transaction
-- says so. Nobody can forget it.
CREATE FUNCTION note_freed_time() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO freed_times (network_id, resource_id, site_id, start_at, end_at)
    VALUES (OLD.network_id, OLD.resource_id, OLD.site_id, OLD.start_at, OLD.end_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER bookings_note_freed_time AFTER DELETE ON bookings
    FOR EACH ROW EXECUTE FUNCTION note_freed_time();
CREATE TRIGGER bookings_note_moved_time AFTER UPDATE OF resource_id, lane, start_at, end_at ON bookings
    FOR EACH ROW EXECUTE FUNCTION note_freed_time();
