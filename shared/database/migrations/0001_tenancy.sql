-- What every database stands on: tenants, who may do what, command keys, audit entries.
-- The runner sets frontdesk.service for the transaction; roles are named <service>_{app,worker,relay}.

CREATE FUNCTION frontdesk_role(kind text) RETURNS text
    LANGUAGE sql STABLE
    AS $$ SELECT current_setting('frontdesk.service') || '_' || kind $$;

-- The network of the running transaction; NULL when none is set, so that nothing is seen.
CREATE FUNCTION frontdesk_network() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('frontdesk.network_id', true), '')::uuid $$;

-- Grants `rights` on `target` to the service's role of that kind.
CREATE FUNCTION frontdesk_grant(rights text, target regclass, kind text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('GRANT %s ON %s TO %I', rights, target, frontdesk_role(kind));
END
$$;

-- Makes a table a tenant's: row-level security enabled and forced, one policy, rights for the application.
CREATE FUNCTION frontdesk_tenant_table(target regclass, rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE') RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant ON %s USING (network_id = nullif(current_setting(''frontdesk.network_id'', true), '''')::uuid)'
        ' WITH CHECK (network_id = nullif(current_setting(''frontdesk.network_id'', true), '''')::uuid)', target);
    PERFORM frontdesk_grant(rights, target, 'app');
END
$$;

-- An exception to the tenant's rule; every one of them stands in the table of docs/security.md.
CREATE FUNCTION frontdesk_exception(target regclass, command text, kind text) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    clause text := CASE upper(command) WHEN 'INSERT' THEN 'WITH CHECK (true)' WHEN 'UPDATE' THEN 'USING (true) WITH CHECK (true)'
                                       WHEN 'ALL' THEN 'USING (true) WITH CHECK (true)' ELSE 'USING (true)' END;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I %s',
                   lower(kind || '_' || command), target, command, frontdesk_role(kind), clause);
    PERFORM frontdesk_grant(CASE upper(command) WHEN 'ALL' THEN 'SELECT, INSERT, UPDATE, DELETE' ELSE command END, target, kind);
END
$$;

CREATE TABLE networks (
    network_id uuid PRIMARY KEY,
    name text NOT NULL,
    opened_at timestamptz NOT NULL
);
SELECT frontdesk_tenant_table('networks', 'SELECT, INSERT');
SELECT frontdesk_exception('networks', 'SELECT', 'worker');

-- One row a command that was carried out or refused by a rule; written in the command's own transaction.
-- `sites`: where the asker might work then (NULL: everywhere); whoever may see less now is not given the answer.
CREATE TABLE idempotency_keys (
    network_id uuid NOT NULL,
    principal text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    status smallint,
    answer json,
    sites uuid[],
    created_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, principal, operation, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
SELECT frontdesk_tenant_table('idempotency_keys');

-- Append-only: the application may insert and nothing else.
CREATE TABLE audit_entries (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network_id uuid NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    site_id uuid,
    purpose text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text,
    patient_id uuid,
    decision text NOT NULL CHECK (decision IN ('allowed', 'refused', 'denied')),
    correlation_id text NOT NULL,
    detail json
);
CREATE INDEX audit_entries_patient_idx ON audit_entries (network_id, patient_id, at) WHERE patient_id IS NOT NULL;
SELECT frontdesk_tenant_table('audit_entries', 'INSERT');
