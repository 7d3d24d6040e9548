-- Who may vouch for people besides our own passwords: OpenID providers of a network, and what their claims mean here.

-- A token's network follows from its issuer and audience, so one pair belongs to one network of the installation.
CREATE TABLE identity_providers (
    network_id uuid NOT NULL REFERENCES networks (network_id),
    provider_id uuid NOT NULL,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    audience text NOT NULL CHECK (length(audience) BETWEEN 1 AND 500),
    keys_uri text,
    algorithms text[] NOT NULL,
    token_types text[] NOT NULL CHECK (cardinality(token_types) > 0),
    role_claim text NOT NULL CHECK (length(role_claim) BETWEEN 1 AND 200),
    site_claim text NOT NULL CHECK (length(site_claim) BETWEEN 1 AND 200),
    added_at timestamptz NOT NULL,
    disabled_at timestamptz,
    PRIMARY KEY (network_id, provider_id),
    CONSTRAINT identity_providers_network_id_name_key UNIQUE (network_id, name),
    CONSTRAINT identity_providers_issuer_audience_key UNIQUE (issuer, audience),
    -- No algorithm that knows a shared secret, and not `none`.
    CONSTRAINT identity_providers_algorithms_check CHECK (cardinality(algorithms) > 0 AND algorithms <@ ARRAY[
        'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'])
);
SELECT frontdesk_tenant_table('identity_providers', 'SELECT, INSERT, UPDATE');

CREATE TABLE identity_roles (
    network_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    value text NOT NULL CHECK (length(value) BETWEEN 1 AND 200),
    role text NOT NULL CHECK (role IN ('secretary', 'clinician', 'biller', 'manager')),
    PRIMARY KEY (network_id, provider_id, value),
    FOREIGN KEY (network_id, provider_id) REFERENCES identity_providers (network_id, provider_id)
);
SELECT frontdesk_tenant_table('identity_roles');

-- `sites` NULL: every site of the network.
CREATE TABLE identity_sites (
    network_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    value text NOT NULL CHECK (length(value) BETWEEN 1 AND 200),
    sites uuid[],
    PRIMARY KEY (network_id, provider_id, value),
    FOREIGN KEY (network_id, provider_id) REFERENCES identity_providers (network_id, provider_id)
);
SELECT frontdesk_tenant_table('identity_sites');

-- A person whom a provider vouches for has an account and no password here.
ALTER TABLE accounts
    ADD COLUMN provider_id uuid,
    ADD COLUMN subject text,
    ALTER COLUMN secret_hash DROP NOT NULL,
    ADD CONSTRAINT accounts_secret_hash_check CHECK (
        (provider_id IS NULL) = (secret_hash IS NOT NULL)
        AND (provider_id IS NULL) = (subject IS NULL)
        AND (provider_id IS NULL OR kind = 'user')),
    ADD CONSTRAINT accounts_provider_id_subject_key UNIQUE (network_id, provider_id, subject),
    ADD CONSTRAINT accounts_provider_id_fkey FOREIGN KEY (network_id, provider_id)
        REFERENCES identity_providers (network_id, provider_id);

-- One session for each outside token: by its row it is revoked, and ends when nobody uses it.
ALTER TABLE sessions
    DROP CONSTRAINT sessions_kind_check,
    ADD CONSTRAINT sessions_kind_check CHECK (kind IN ('page', 'token', 'client', 'outside'));

-- Signing in by login is for those who have a secret here.
CREATE OR REPLACE FUNCTION find_login(wanted text)
    RETURNS TABLE (network_id uuid, account_id uuid, kind text, secret_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
SELECT a.network_id, a.account_id, a.kind, a.secret_hash
FROM accounts a WHERE a.login = wanted AND a.disabled_at IS NULL AND a.secret_hash IS NOT NULL
$$;

CREATE FUNCTION find_identity_provider(wanted_issuer text, wanted_audience text)
    RETURNS TABLE (network_id uuid, provider_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
SELECT p.network_id, p.provider_id FROM identity_providers p
WHERE p.issuer = wanted_issuer AND p.audience = wanted_audience AND p.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_identity_provider(text, text) FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION find_identity_provider(text, text) TO %I', frontdesk_role('app'));
END $$;
