-- The stand-in carrier's own store.

-- name: keep-sandbox-texts
INSERT INTO sandbox_texts (network_id, attempt_id, sid, from_number, to_number, body, accepted_at)
SELECT %(network_id)s::uuid, one.*, %(accepted_at)s::timestamptz
FROM unnest(%(attempt_id)s::uuid[], %(sid)s::text[], %(from_number)s::text[], %(to_number)s::text[], %(body)s::text[])
    AS one
ON CONFLICT (network_id, attempt_id) DO NOTHING

-- name: sandbox-attempt
SELECT sid, body FROM sandbox_texts WHERE network_id = %(network_id)s AND attempt_id = %(attempt_id)s

-- name: sandbox-texts
-- Only what was sent for the asker's own sites; NULL: every site. What is said back to a reply belongs to the site whose
-- reply it was. Of a text of several visits the first is named.
SELECT s.attempt_id, s.sid, s.from_number, s.to_number, s.body, s.accepted_at,
       CASE WHEN t.several > 1 THEN 'reminder-of-several' ELSE coalesce(t.kind, r.kind, 'free-text') END AS kind, t.text_id, r.response_id, f.free_text_id, t.appointment_id,
       t.asked_id, coalesce(t.site_id, a.site_id, f.site_id) AS site_id
FROM sandbox_texts AS s
LEFT JOIN LATERAL (
    SELECT x.kind, x.text_id, x.appointment_id, x.asked_id, x.site_id, count(*) OVER () AS several
    FROM texts AS x
    WHERE x.network_id = s.network_id AND x.attempt_id = s.attempt_id
    ORDER BY x.start_at, x.text_id
    LIMIT 1) AS t ON true
LEFT JOIN responses AS r ON r.network_id = s.network_id AND r.attempt_id = s.attempt_id
LEFT JOIN replies AS a ON a.network_id = r.network_id AND a.message_id = r.message_id
LEFT JOIN free_texts AS f ON f.network_id = s.network_id AND f.attempt_id = s.attempt_id
WHERE s.network_id = %(network_id)s AND coalesce(t.text_id, r.response_id, f.free_text_id) IS NOT NULL
  AND (%(site_ids)s::uuid[] IS NULL OR coalesce(t.site_id, a.site_id, f.site_id) = ANY(%(site_ids)s::uuid[]))
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (s.accepted_at, s.attempt_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (s.accepted_at, s.attempt_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN s.accepted_at END DESC, CASE WHEN %(backwards)s THEN s.attempt_id END DESC,
         s.accepted_at, s.attempt_id
LIMIT %(limit)s
