-- Who may come in: people and programs, what they are in their network, and what is open in their name.

CREATE TABLE accounts (
    network_id uuid NOT NULL REFERENCES networks (network_id),
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('user', 'client')),
    login text NOT NULL CHECK (login = lower(login) AND length(login) BETWEEN 3 AND 120),
    secret_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    PRIMARY KEY (network_id, account_id),
    CONSTRAINT accounts_network_id_login_key UNIQUE (network_id, login)
);
CREATE INDEX accounts_login_idx ON accounts (login);
SELECT frontdesk_tenant_table('accounts', 'SELECT, INSERT, UPDATE');

-- One role an account. `sites` NULL: every site of the network.
CREATE TABLE memberships (
    network_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('secretary', 'clinician', 'biller', 'manager', 'integration')),
    sites uuid[],
    PRIMARY KEY (network_id, account_id),
    FOREIGN KEY (network_id, account_id) REFERENCES accounts (network_id, account_id)
);
SELECT frontdesk_tenant_table('memberships', 'SELECT, INSERT, UPDATE');

-- What is open in an account's name. `page` lives by its cookie, `token` by its refresh token, `client` by one access
-- token. Only SHA-256 of a 256-bit random secret is kept; `previous_hash` lets a lost answer to a renewal be asked again.
CREATE TABLE sessions (
    network_id uuid NOT NULL,
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('page', 'token', 'client')),
    secret_hash bytea NOT NULL,
    previous_hash bytea,
    rotated_at timestamptz,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (network_id, session_id),
    FOREIGN KEY (network_id, account_id) REFERENCES accounts (network_id, account_id)
);
CREATE INDEX sessions_secret_hash_idx ON sessions (secret_hash);
CREATE INDEX sessions_previous_hash_idx ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_account_id_idx ON sessions (network_id, account_id);
SELECT frontdesk_tenant_table('sessions', 'SELECT, INSERT, UPDATE');

-- Failed sign-ins, by SHA-256 of what was typed as the login: it may belong to no network, and may be a password.
-- Nobody reads or writes the table but the functions below.
CREATE TABLE login_attempts (
    login_hash bytea PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL
);
ALTER TABLE login_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_attempts FORCE ROW LEVEL SECURITY;

-- Look-ups before a network is known. They return ids and hashes and nothing else.

CREATE FUNCTION find_login(wanted text)
    RETURNS TABLE (network_id uuid, account_id uuid, kind text, secret_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
SELECT a.network_id, a.account_id, a.kind, a.secret_hash FROM accounts a WHERE a.login = wanted AND a.disabled_at IS NULL
$$;

CREATE FUNCTION find_session(wanted bytea)
    RETURNS TABLE (network_id uuid, session_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
SELECT s.network_id, s.session_id FROM sessions s WHERE s.secret_hash = wanted
UNION ALL
SELECT s.network_id, s.session_id FROM sessions s WHERE s.previous_hash = wanted
$$;

CREATE FUNCTION login_failures(wanted bytea)
    RETURNS TABLE (failures integer, last_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$ SELECT l.failures, l.last_at FROM login_attempts l WHERE l.login_hash = wanted $$;

-- A failure counts from one again when the last is older than `forget_before`.
CREATE FUNCTION count_login_failure(failed bytea, at timestamptz, forget_before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
INSERT INTO login_attempts AS l (login_hash, failures, last_at) VALUES (failed, 1, at)
ON CONFLICT (login_hash) DO UPDATE
SET failures = CASE WHEN l.last_at < forget_before THEN 1 ELSE l.failures + 1 END, last_at = at
$$;

CREATE FUNCTION forget_login_failures(known bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$ DELETE FROM login_attempts WHERE login_hash = known $$;

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'find_login(text)', 'find_session(bytea)', 'login_failures(bytea)',
        'count_login_failure(bytea, timestamptz, timestamptz)', 'forget_login_failures(bytea)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', signature, frontdesk_role('app'));
    END LOOP;
END
$$;
