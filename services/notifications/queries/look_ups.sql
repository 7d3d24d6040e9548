-- Texts whose fate nobody knows: looked up at the carrier, shown to people.

-- name: lock-to-look-up
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND status = 'unknown' AND next_look_at <= %(real_now)s
  AND gateway = %(gateway)s
ORDER BY next_look_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED

-- name: put-off-look
UPDATE texts SET looks = %(looks)s, next_look_at = %(next_look_at)s
WHERE network_id = %(network_id)s AND text_id = %(text_id)s

-- name: sids-of-others
SELECT sid FROM texts
WHERE network_id = %(network_id)s AND sid = ANY(%(sids)s) AND attempt_id IS DISTINCT FROM %(attempt_id)s::uuid

-- name: twin
SELECT text_id FROM texts
WHERE network_id = %(network_id)s AND number = %(number)s AND attempt_id IS DISTINCT FROM %(attempt_id)s::uuid
  AND status IN ('claimed', 'unknown') AND body_hash = %(body_hash)s
LIMIT 1

-- name: unknown-texts
SELECT text_id, version, appointment_id, asked_id, patient_id, site_id, kind, lead, status, reason, start_at, due_at,
       changed_at, claimed_at, looks, next_look_at
FROM texts
WHERE network_id = %(network_id)s AND status = 'unknown'
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY(%(site_ids)s::uuid[]))
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s

-- name: unknown-text
SELECT text_id, version, appointment_id, asked_id, patient_id, site_id, kind, lead, status, reason, start_at, due_at,
       changed_at, claimed_at, looks, next_look_at, number
FROM texts
WHERE network_id = %(network_id)s AND text_id = %(text_id)s
