-- What people at a site write to patients.

-- part: whole-free-text
free_text_id, conversation_id, number, site_id, patient_id, body, written_by, written_at, due_at, claimed_at, status, reason,
       tries, next_try_at, attempt_id, claim_ends_at, sid

-- name: add-free-text
INSERT INTO free_texts (network_id, {whole-free-text})
VALUES (%(network_id)s, %(free_text_id)s, %(conversation_id)s, %(number)s, %(site_id)s, %(patient_id)s, %(body)s,
        %(written_by)s, %(written_at)s, %(due_at)s, %(claimed_at)s, %(status)s, %(reason)s, %(tries)s, %(next_try_at)s, %(attempt_id)s,
        %(claim_ends_at)s, %(sid)s)

-- name: change-free-text
UPDATE free_texts
SET due_at = %(due_at)s, claimed_at = %(claimed_at)s, status = %(status)s, reason = %(reason)s, tries = %(tries)s, next_try_at = %(next_try_at)s,
    attempt_id = %(attempt_id)s, claim_ends_at = %(claim_ends_at)s, sid = %(sid)s
WHERE network_id = %(network_id)s AND free_text_id = %(free_text_id)s

-- name: next-free-text
-- `real_now` is real time: how long a carrier is away has nothing to do with the clinic's clock.
SELECT {whole-free-text}
FROM free_texts
WHERE network_id = %(network_id)s AND status = 'due' AND due_at <= %(now)s
  AND (next_try_at IS NULL OR next_try_at <= %(real_now)s) AND free_text_id <> ALL(%(passed_by)s::uuid[])
  AND (%(only)s::uuid[] IS NULL OR free_text_id = ANY(%(only)s::uuid[]))
ORDER BY due_at, free_text_id
LIMIT 1

-- name: lost-free-text
SELECT {whole-free-text}
FROM free_texts
WHERE network_id = %(network_id)s AND status = 'claimed' AND claim_ends_at < %(real_now)s
ORDER BY claim_ends_at
LIMIT 1
FOR UPDATE SKIP LOCKED

-- name: lock-free-text
SELECT {whole-free-text}
FROM free_texts
WHERE network_id = %(network_id)s AND free_text_id = %(free_text_id)s
FOR UPDATE

-- name: free-text
SELECT {whole-free-text}
FROM free_texts
WHERE network_id = %(network_id)s AND free_text_id = %(free_text_id)s

-- name: wrote-last
-- Whether somebody's own words are the last that went, or may have gone, to the number since then.
SELECT f.free_text_id FROM free_texts AS f
WHERE f.network_id = %(network_id)s AND f.number = %(number)s AND f.claimed_at >= %(since)s
  AND f.status IN ('claimed', 'accepted', 'delivered', 'unknown')
  AND NOT EXISTS (
    SELECT FROM texts AS t
    WHERE t.network_id = f.network_id AND t.number = f.number AND t.claimed_at > f.claimed_at
      AND t.status IN ('claimed', 'accepted', 'delivered', 'unknown'))
LIMIT 1
