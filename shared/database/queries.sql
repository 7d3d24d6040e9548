-- What every database has: the tenant of a transaction, command keys, audit entries, networks.

-- name: set-network
SELECT set_config('frontdesk.network_id', %(network_id)s, true)

-- name: lock-names
-- Sorted by the caller, so that two transactions never wait for each other in a circle.
SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%(names)s::text[]) WITH ORDINALITY AS n (name, place)
ORDER BY place

-- name: take-key
-- A second command with the same key waits here until the first has committed or rolled back.
INSERT INTO idempotency_keys (network_id, principal, operation, key, body_hash, sites, created_at)
VALUES (%(network_id)s, %(principal)s, %(operation)s, %(key)s, %(body_hash)s, %(sites)s::uuid[], %(created_at)s)
ON CONFLICT DO NOTHING

-- name: stored-answer
SELECT body_hash, status, answer, sites
FROM idempotency_keys
WHERE network_id = %(network_id)s AND principal = %(principal)s AND operation = %(operation)s AND key = %(key)s

-- name: store-answer
UPDATE idempotency_keys SET status = %(status)s, answer = %(answer)s
WHERE network_id = %(network_id)s AND principal = %(principal)s AND operation = %(operation)s AND key = %(key)s

-- name: take-keys
INSERT INTO idempotency_keys (network_id, principal, operation, key, body_hash, sites, created_at) VALUES %s
ON CONFLICT DO NOTHING
RETURNING key

-- name: stored-answers
SELECT key, body_hash, status, answer, sites
FROM idempotency_keys
WHERE network_id = %(network_id)s AND principal = %(principal)s AND operation = %(operation)s
  AND key = ANY (%(keys)s)

-- name: store-answers
UPDATE idempotency_keys AS k SET status = s.status::smallint, answer = s.answer::json
FROM (VALUES %s) AS s (network_id, principal, operation, key, status, answer)
WHERE k.network_id = s.network_id AND k.principal = s.principal AND k.operation = s.operation AND k.key = s.key

-- name: forget-undecided
DELETE FROM idempotency_keys
WHERE network_id = %(network_id)s AND principal = %(principal)s AND operation = %(operation)s
  AND key = ANY (%(keys)s)

-- name: forget-keys
DELETE FROM idempotency_keys WHERE created_at < %(before)s

-- name: write-audit
INSERT INTO audit_entries
    (network_id, at, actor_kind, actor_id, site_id, purpose, action, object_type, object_id, patient_id, decision,
     correlation_id, detail)
VALUES %s

-- name: list-networks
SELECT network_id FROM networks ORDER BY network_id

-- name: open-network
INSERT INTO networks (network_id, name, opened_at) VALUES (%(network_id)s, %(name)s, %(opened_at)s)
ON CONFLICT (network_id) DO NOTHING
