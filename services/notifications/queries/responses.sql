-- What is said back to replies.

-- part: whole-response
response_id, number, kind, language, message_id, text_id, due_at, status, reason, tries, next_try_at, attempt_id,
       claim_ends_at, sid

-- name: add-response
INSERT INTO responses (network_id, {whole-response})
VALUES (%(network_id)s, %(response_id)s, %(number)s, %(kind)s, %(language)s, %(message_id)s, %(text_id)s, %(due_at)s,
        %(status)s, %(reason)s, %(tries)s, %(next_try_at)s, %(attempt_id)s, %(claim_ends_at)s, %(sid)s)

-- name: change-response
UPDATE responses
SET status = %(status)s, reason = %(reason)s, tries = %(tries)s, next_try_at = %(next_try_at)s,
    attempt_id = %(attempt_id)s, claim_ends_at = %(claim_ends_at)s, sid = %(sid)s
WHERE network_id = %(network_id)s AND response_id = %(response_id)s

-- name: next-response
-- `real_now` is real time: how long a carrier is away has nothing to do with the clinic's clock.
SELECT {whole-response}
FROM responses
WHERE network_id = %(network_id)s AND status = 'due' AND (next_try_at IS NULL OR next_try_at <= %(real_now)s)
  AND response_id <> ALL(%(passed_by)s::uuid[])
  AND (%(only)s::uuid[] IS NULL OR response_id = ANY(%(only)s::uuid[]))
ORDER BY due_at, response_id
LIMIT 1

-- name: lost-response
SELECT {whole-response}
FROM responses
WHERE network_id = %(network_id)s AND status = 'claimed' AND claim_ends_at < %(real_now)s
ORDER BY claim_ends_at
LIMIT 1
FOR UPDATE SKIP LOCKED

-- name: lock-response
SELECT {whole-response}
FROM responses
WHERE network_id = %(network_id)s AND response_id = %(response_id)s
FOR UPDATE

-- name: response
SELECT {whole-response}
FROM responses
WHERE network_id = %(network_id)s AND response_id = %(response_id)s

-- name: asked-about
SELECT response_id FROM responses
WHERE network_id = %(network_id)s AND text_id = %(text_id)s AND kind = 'ask'
LIMIT 1

-- name: said-since
SELECT response_id FROM responses
WHERE network_id = %(network_id)s AND number = %(number)s AND kind = %(kind)s AND due_at >= %(since)s
LIMIT 1
