-- Threads by number, each site's part in them, and what was said both ways.

-- name: open-conversation
INSERT INTO conversations (network_id, conversation_id, number)
VALUES (%(network_id)s, %(conversation_id)s, %(number)s)
ON CONFLICT (network_id, number) DO NOTHING

-- name: conversation-of
SELECT conversation_id FROM conversations WHERE network_id = %(network_id)s AND number = %(number)s

-- name: open-part
INSERT INTO conversation_sites AS kept (network_id, conversation_id, site_id, heard, read, last_at)
VALUES (%(network_id)s, %(conversation_id)s, %(site_id)s, %(heard)s, 0, %(at)s)
ON CONFLICT (network_id, conversation_id, site_id) DO UPDATE
SET heard = kept.heard + excluded.heard, last_at = greatest(kept.last_at, excluded.last_at)

-- part: part-of-a-site
p.conversation_id, c.number, p.site_id, p.heard, p.read, p.last_at, p.taken_by, p.taken_at

-- name: number-of-conversation
-- For the sites that have a part in it; NULL: every one.
SELECT c.number
FROM conversations AS c
WHERE c.network_id = %(network_id)s AND c.conversation_id = %(conversation_id)s
  AND EXISTS (
    SELECT FROM conversation_sites AS p
    WHERE p.network_id = c.network_id AND p.conversation_id = c.conversation_id
      AND (%(site_ids)s::uuid[] IS NULL OR p.site_id = ANY(%(site_ids)s::uuid[])))

-- name: lock-part
SELECT {part-of-a-site}
FROM conversation_sites AS p
JOIN conversations AS c ON c.network_id = p.network_id AND c.conversation_id = p.conversation_id
WHERE p.network_id = %(network_id)s AND p.conversation_id = %(conversation_id)s
  AND p.site_id IS NOT DISTINCT FROM %(site_id)s::uuid
FOR UPDATE OF p

-- name: change-part
UPDATE conversation_sites
SET read = %(read)s, taken_by = %(taken_by)s, taken_at = %(taken_at)s
WHERE network_id = %(network_id)s AND conversation_id = %(conversation_id)s
  AND site_id IS NOT DISTINCT FROM %(site_id)s::uuid

-- name: site-of-number
-- The site for which it was texted or written to last, else that of the visit of one of its patients that begins last.
SELECT coalesce(
    (SELECT l.site_id FROM (
        (SELECT t.site_id, t.claimed_at AS at FROM texts AS t
         WHERE t.network_id = %(network_id)s AND t.number = %(number)s AND t.claimed_at IS NOT NULL
         ORDER BY t.claimed_at DESC
         LIMIT 1)
      UNION ALL
        (SELECT f.site_id, f.written_at FROM free_texts AS f
         WHERE f.network_id = %(network_id)s AND f.number = %(number)s AND f.status <> 'skipped'
         ORDER BY f.written_at DESC
         LIMIT 1)) AS l
     ORDER BY l.at DESC
     LIMIT 1),
    (SELECT a.site_id FROM patient_numbers AS n
     JOIN appointments AS a ON a.network_id = n.network_id AND a.patient_id = n.patient_id
     WHERE n.network_id = %(network_id)s AND n.number = %(number)s
     ORDER BY a.start_at DESC, a.appointment_id
     LIMIT 1)) AS site_id

-- name: conversations-of-site
-- `site_id` NULL: what no site can be told for.
SELECT {part-of-a-site}, p.heard - p.read AS unread,
       ARRAY(
         SELECT DISTINCT n.patient_id FROM patient_numbers AS n
         JOIN appointments AS a ON a.network_id = n.network_id AND a.patient_id = n.patient_id
         WHERE n.network_id = p.network_id AND n.number = c.number AND a.site_id = p.site_id) AS patient_ids
FROM conversation_sites AS p
JOIN conversations AS c ON c.network_id = p.network_id AND c.conversation_id = p.conversation_id
WHERE p.network_id = %(network_id)s AND (p.site_id = %(site_id)s::uuid OR %(site_id)s::uuid IS NULL AND p.site_id IS NULL)
  AND (NOT %(unread)s OR p.heard > p.read)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (p.last_at, p.conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (p.last_at, p.conversation_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN p.last_at END DESC, CASE WHEN %(backwards)s THEN p.conversation_id END DESC,
         p.last_at, p.conversation_id
LIMIT %(limit)s

-- name: parts-of-conversation
-- Those of the asker's sites (NULL: every one).
SELECT {part-of-a-site}, p.heard - p.read AS unread
FROM conversation_sites AS p
JOIN conversations AS c ON c.network_id = p.network_id AND c.conversation_id = p.conversation_id
WHERE p.network_id = %(network_id)s AND p.conversation_id = %(conversation_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR p.site_id = ANY(%(site_ids)s::uuid[]))
ORDER BY p.site_id

-- name: patients-of-number
-- Of whom the asker's sites (NULL: every one) know: by a visit there, or by what was written to them there.
SELECT n.patient_id, p.given, n.use, n.purposes, n.consented, w.wrong IS TRUE AS wrong, b.reason AS failure
FROM patient_numbers AS n
JOIN patients AS p ON p.network_id = n.network_id AND p.patient_id = n.patient_id
LEFT JOIN wrong_numbers AS w
  ON w.network_id = n.network_id AND w.patient_id = n.patient_id AND w.number = n.number
LEFT JOIN number_failures AS b ON b.network_id = n.network_id AND b.number = n.number
WHERE n.network_id = %(network_id)s AND n.number = %(number)s
  AND (%(site_ids)s::uuid[] IS NULL
    OR EXISTS (
      SELECT FROM appointments AS a
      WHERE a.network_id = n.network_id AND a.patient_id = n.patient_id AND a.site_id = ANY(%(site_ids)s::uuid[]))
    OR EXISTS (
      SELECT FROM free_texts AS f
      WHERE f.network_id = n.network_id AND f.number = n.number AND f.patient_id = n.patient_id
        AND f.site_id = ANY(%(site_ids)s::uuid[])))
ORDER BY n.patient_id

-- name: said-in-conversation
-- Both ways, in order, at the asker's sites (NULL: every one). Of texts and answers the words are kept nowhere.
-- `place`: what is said back to a reply at the same instant stands behind it.
SELECT * FROM (
    SELECT r.message_id AS id, 0 AS place, 'reply' AS kind, r.received_at AS at, r.site_id, r.body, r.meaning AS says,
           NULL AS status, NULL AS reason, NULL AS written_by, NULL::uuid AS patient_id, NULL::uuid AS appointment_id,
           r.text_id
    FROM replies AS r
    WHERE r.network_id = %(network_id)s AND r.from_number = %(number)s
      AND (%(site_ids)s::uuid[] IS NULL OR r.site_id = ANY(%(site_ids)s::uuid[]))
  UNION ALL
    SELECT t.text_id::text, 1, 'text', t.claimed_at, t.site_id, NULL, t.kind, t.status, t.reason, NULL, t.patient_id,
           t.appointment_id, t.text_id
    FROM texts AS t
    WHERE t.network_id = %(network_id)s AND t.number = %(number)s AND t.claimed_at IS NOT NULL
      AND (%(site_ids)s::uuid[] IS NULL OR t.site_id = ANY(%(site_ids)s::uuid[]))
  UNION ALL
    SELECT s.response_id::text, 2, 'answer', s.due_at, r.site_id, NULL, s.kind, s.status, s.reason, NULL, NULL, NULL,
           s.text_id
    FROM responses AS s
    JOIN replies AS r ON r.network_id = s.network_id AND r.message_id = s.message_id
    WHERE s.network_id = %(network_id)s AND s.number = %(number)s
      AND (%(site_ids)s::uuid[] IS NULL OR r.site_id = ANY(%(site_ids)s::uuid[]))
  UNION ALL
    SELECT f.free_text_id::text, 3, 'free-text', f.written_at, f.site_id, f.body, NULL, f.status, f.reason, f.written_by,
           f.patient_id, NULL, NULL
    FROM free_texts AS f
    WHERE f.network_id = %(network_id)s AND f.number = %(number)s
      AND (%(site_ids)s::uuid[] IS NULL OR f.site_id = ANY(%(site_ids)s::uuid[]))
) AS said
WHERE (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (at, place, id) < (%(after_at)s::timestamptz, %(after_place)s::integer, %(after_id)s::text)
       ELSE (at, place, id) > (%(after_at)s::timestamptz, %(after_place)s::integer, %(after_id)s::text) END)
ORDER BY CASE WHEN %(backwards)s THEN at END DESC, CASE WHEN %(backwards)s THEN place END DESC,
         CASE WHEN %(backwards)s THEN id END DESC, at, place, id
LIMIT %(limit)s
