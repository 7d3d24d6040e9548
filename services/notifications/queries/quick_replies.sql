-- Short texts that are sent often.

-- name: add-quick-reply
INSERT INTO quick_replies
    (network_id, quick_reply_id, name, body, encoding, segments, version, created_at, saved_at, saved_by)
VALUES (%(network_id)s, %(quick_reply_id)s, %(name)s, %(body)s, %(encoding)s, %(segments)s, %(version)s,
        %(created_at)s, %(saved_at)s, %(saved_by)s)

-- name: save-quick-reply
UPDATE quick_replies
SET name = %(name)s, body = %(body)s, encoding = %(encoding)s, segments = %(segments)s, version = %(version)s,
    saved_at = %(saved_at)s, saved_by = %(saved_by)s, removed_at = %(removed_at)s
WHERE network_id = %(network_id)s AND quick_reply_id = %(quick_reply_id)s

-- name: lock-quick-reply
SELECT quick_reply_id, name, body, version, created_at, saved_at, saved_by, removed_at
FROM quick_replies
WHERE network_id = %(network_id)s AND quick_reply_id = %(quick_reply_id)s
FOR UPDATE

-- name: quick-replies
SELECT quick_reply_id, name, body, encoding, segments, version, created_at, saved_at, saved_by
FROM quick_replies
WHERE network_id = %(network_id)s AND removed_at IS NULL
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (created_at, quick_reply_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (created_at, quick_reply_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN created_at END DESC, CASE WHEN %(backwards)s THEN quick_reply_id END DESC,
         created_at, quick_reply_id
LIMIT %(limit)s

-- name: all-quick-replies
-- Offered with a conversation.
SELECT quick_reply_id, name, body, encoding, segments
FROM quick_replies
WHERE network_id = %(network_id)s AND removed_at IS NULL
ORDER BY name
LIMIT 100
