-- Accounts and sessions. Look-ups without a network go through SECURITY DEFINER functions (0001_accounts.sql).

-- name: find-login
SELECT network_id, account_id, kind, secret_hash FROM find_login(%(login)s)

-- name: find-session
SELECT network_id, session_id FROM find_session(%(secret_hash)s) LIMIT 1

-- name: take-login-attempt
SELECT take_login_attempt(%(login_hash)s, %(at)s, %(forget_before)s, %(free)s, %(longest)s) AS seconds

-- name: give-login-attempt-back
SELECT give_login_attempt_back(%(login_hash)s)

-- name: forget-login-failures
SELECT forget_login_failures(%(login_hash)s)

-- name: find-identity-provider
SELECT network_id, provider_id FROM find_identity_provider(%(issuer)s, %(audience)s)

-- name: network
SELECT network_id, name FROM networks WHERE network_id = %(network_id)s

-- name: add-account
INSERT INTO accounts (network_id, account_id, kind, login, secret_hash, created_at)
VALUES (%(network_id)s, %(account_id)s, %(kind)s, %(login)s, %(secret_hash)s, %(created_at)s)

-- name: add-membership
INSERT INTO memberships (network_id, account_id, role, sites)
VALUES (%(network_id)s, %(account_id)s, %(role)s, %(sites)s::uuid[])

-- name: accounts
SELECT a.account_id, a.kind, a.login, a.disabled_at, m.role, m.sites
FROM accounts a JOIN memberships m USING (network_id, account_id)
ORDER BY a.login

-- name: logins
SELECT account_id, login FROM accounts WHERE account_id = ANY (%(account_ids)s::uuid[])

-- name: disable-account
UPDATE accounts SET disabled_at = %(at)s WHERE login = %(login)s AND disabled_at IS NULL
RETURNING account_id

-- name: revoke-sessions-of
UPDATE sessions SET revoked_at = %(at)s WHERE account_id = %(account_id)s AND revoked_at IS NULL

-- name: add-session
INSERT INTO sessions (network_id, session_id, account_id, kind, secret_hash, created_at, seen_at, expires_at)
VALUES (%(network_id)s, %(session_id)s, %(account_id)s, %(kind)s, %(secret_hash)s, %(at)s, %(at)s, %(expires_at)s)

-- name: standing
-- Everything that decides whether a session still holds, and what it may do.
SELECT s.session_id, s.network_id, s.account_id, s.kind AS session_kind, s.seen_at, s.expires_at,
       s.revoked_at IS NOT NULL OR a.disabled_at IS NOT NULL AS ended, a.kind, a.login, m.role, m.sites
FROM sessions s
JOIN accounts a USING (network_id, account_id)
JOIN memberships m USING (network_id, account_id)
WHERE s.session_id = %(session_id)s

-- name: touch-session
UPDATE sessions SET seen_at = %(at)s WHERE session_id = %(session_id)s

-- name: lock-session
SELECT s.session_id, s.secret_hash, s.previous_hash, s.rotated_at, s.revoked_at
FROM sessions s WHERE s.session_id = %(session_id)s FOR UPDATE

-- name: rotate-session
UPDATE sessions SET previous_hash = %(spent_hash)s, secret_hash = %(secret_hash)s, rotated_at = %(at)s, seen_at = %(at)s
WHERE session_id = %(session_id)s

-- name: revoke-session
UPDATE sessions SET revoked_at = %(at)s WHERE session_id = %(session_id)s AND revoked_at IS NULL

-- name: forget-sessions
DELETE FROM sessions WHERE network_id = %(network_id)s AND expires_at < %(before)s

-- name: add-identity-provider
INSERT INTO identity_providers
    (network_id, provider_id, name, issuer, audience, keys_uri, algorithms, token_types, role_claim, site_claim, added_at)
VALUES (%(network_id)s, %(provider_id)s, %(name)s, %(issuer)s, %(audience)s, %(keys_uri)s, %(algorithms)s,
        %(token_types)s, %(role_claim)s, %(site_claim)s, %(added_at)s)

-- name: identity-providers
-- With every value that is mapped to a role or to sites.
SELECT p.network_id, p.provider_id, p.name, p.issuer, p.audience, p.keys_uri, p.algorithms, p.token_types,
       p.role_claim, p.site_claim, p.disabled_at,
       coalesce((SELECT jsonb_object_agg(r.value, r.role) FROM identity_roles r
                 WHERE r.network_id = p.network_id AND r.provider_id = p.provider_id), '{}') AS roles,
       coalesce((SELECT jsonb_object_agg(s.value, to_jsonb(s.sites)) FROM identity_sites s
                 WHERE s.network_id = p.network_id AND s.provider_id = p.provider_id), '{}') AS sites
FROM identity_providers p
WHERE (%(provider_id)s::uuid IS NULL OR p.provider_id = %(provider_id)s) AND (%(name)s::text IS NULL OR p.name = %(name)s)
ORDER BY p.name

-- name: disable-identity-provider
UPDATE identity_providers SET disabled_at = %(at)s WHERE provider_id = %(provider_id)s AND disabled_at IS NULL

-- name: enable-identity-provider
UPDATE identity_providers SET disabled_at = NULL WHERE provider_id = %(provider_id)s AND disabled_at IS NOT NULL

-- name: revoke-sessions-of-identity-provider
UPDATE sessions s SET revoked_at = %(at)s
FROM accounts a
WHERE a.network_id = s.network_id AND a.account_id = s.account_id
  AND a.provider_id = %(provider_id)s AND s.revoked_at IS NULL

-- name: map-identity-role
INSERT INTO identity_roles (network_id, provider_id, value, role)
VALUES (%(network_id)s, %(provider_id)s, %(value)s, %(role)s)
ON CONFLICT (network_id, provider_id, value) DO UPDATE SET role = EXCLUDED.role

-- name: map-identity-sites
INSERT INTO identity_sites (network_id, provider_id, value, sites)
VALUES (%(network_id)s, %(provider_id)s, %(value)s, %(sites)s::uuid[])
ON CONFLICT (network_id, provider_id, value) DO UPDATE SET sites = EXCLUDED.sites

-- name: unmap-identity-role
DELETE FROM identity_roles WHERE provider_id = %(provider_id)s AND value = %(value)s

-- name: unmap-identity-sites
DELETE FROM identity_sites WHERE provider_id = %(provider_id)s AND value = %(value)s

-- name: meet-outside-person
-- The account of a provider's subject, made at the first token; its row stays locked until the transaction ends.
INSERT INTO accounts (network_id, account_id, kind, login, provider_id, subject, created_at)
VALUES (%(network_id)s, %(account_id)s, 'user', %(login)s, %(provider_id)s, %(subject)s, %(at)s)
ON CONFLICT (network_id, account_id) DO UPDATE SET subject = EXCLUDED.subject
RETURNING disabled_at

-- name: place-outside-person
-- What the newest token gave, for the list of accounts; each request goes by its own token.
INSERT INTO memberships (network_id, account_id, role, sites)
VALUES (%(network_id)s, %(account_id)s, %(role)s, %(sites)s::uuid[])
ON CONFLICT (network_id, account_id) DO UPDATE SET role = EXCLUDED.role, sites = EXCLUDED.sites

-- name: open-outside-session
INSERT INTO sessions (network_id, session_id, account_id, kind, secret_hash, created_at, seen_at, expires_at)
VALUES (%(network_id)s, %(session_id)s, %(account_id)s, 'outside', %(fingerprint)s, %(at)s, %(at)s, %(expires_at)s)
ON CONFLICT (network_id, session_id) DO NOTHING
