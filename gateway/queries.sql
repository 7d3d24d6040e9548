-- Accounts and sessions. Look-ups without a network go through SECURITY DEFINER functions (0001_accounts.sql).

-- name: find-login
SELECT network_id, account_id, kind, secret_hash FROM find_login(%(login)s)

-- name: find-session
SELECT network_id, session_id FROM find_session(%(secret_hash)s) LIMIT 1

-- name: login-failures
SELECT failures, last_at FROM login_failures(%(login_hash)s)

-- name: count-login-failure
SELECT count_login_failure(%(login_hash)s, %(at)s, %(forget_before)s)

-- name: forget-login-failures
SELECT forget_login_failures(%(login_hash)s)

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
