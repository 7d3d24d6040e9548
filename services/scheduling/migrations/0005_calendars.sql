-- Calendars out: secret links to a practitioner's appointments, and what of a patient they may show.

CREATE INDEX appointments_practitioner_start_idx ON appointments (network_id, practitioner_id, start_at);

-- `site_ids`: what the link shows is at these (NULL: at every one). Of the secret only its SHA-256 is kept.
CREATE TABLE calendar_links (
    network_id uuid NOT NULL,
    calendar_link_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    site_ids uuid[],
    secret_hash bytea NOT NULL CONSTRAINT calendar_links_secret_hash_check CHECK (length(secret_hash) = 32),
    made_at timestamptz NOT NULL,
    renewed_at timestamptz,
    revoked_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (network_id, calendar_link_id),
    CONSTRAINT calendar_links_network_id_secret_hash_key UNIQUE (network_id, secret_hash),
    CONSTRAINT calendar_links_practitioner_id_fkey FOREIGN KEY (network_id, practitioner_id)
        REFERENCES practitioners (network_id, practitioner_id)
);
CREATE INDEX calendar_links_practitioner_idx ON calendar_links (network_id, practitioner_id);
CREATE INDEX calendar_links_secret_hash_idx ON calendar_links (secret_hash);
SELECT frontdesk_tenant_table('calendar_links', 'SELECT, INSERT, UPDATE');

-- Whose link a secret is, by its hash: ids and nothing more, for a calendar program that names no network.
CREATE FUNCTION find_calendar_link(sought bytea) RETURNS TABLE (network_id uuid, calendar_link_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT l.network_id, l.calendar_link_id FROM public.calendar_links l
    WHERE l.secret_hash = sought AND l.revoked_at IS NULL
    $$;
REVOKE ALL ON FUNCTION find_calendar_link(bytea) FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION find_calendar_link(bytea) TO %I', frontdesk_role('app'));
END $$;

-- A network without a row shows nothing of patients.
CREATE TABLE calendar_settings (
    network_id uuid NOT NULL PRIMARY KEY,
    patients text NOT NULL CONSTRAINT calendar_settings_patients_check CHECK (patients IN ('none', 'initials', 'name')),
    version bigint NOT NULL
);
SELECT frontdesk_tenant_table('calendar_settings', 'SELECT, INSERT, UPDATE');
