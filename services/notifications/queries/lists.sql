-- Texts as lists.

-- name: texts-of-site
-- `backwards` is a constant to the planner, here and in the other pages: each of the two orders is its own plan.
SELECT text_id, version, appointment_id, asked_id, patient_id, site_id, kind, lead, status, reason, start_at, due_at,
       changed_at, template_id, template_version, language
FROM texts
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s

-- name: texts-of-appointment
-- At the asker's sites (NULL: every site): what was told while the visit was at another stays there.
SELECT text_id, version, appointment_id, asked_id, patient_id, site_id, kind, lead, status, reason, start_at, due_at,
       changed_at, template_id, template_version, language
FROM texts
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s
