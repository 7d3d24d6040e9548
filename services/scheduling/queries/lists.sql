-- Appointments as lists.

-- name: appointment-page
-- Of a site, of a patient, or of both; `site_ids` NULL: every site.
SELECT {shown}
FROM appointments
WHERE network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(site_id)s::uuid IS NULL OR site_id = %(site_id)s::uuid)
  AND (%(patient_id)s::uuid IS NULL OR patient_id = %(patient_id)s::uuid)
  AND (%(practitioner_id)s::uuid IS NULL OR practitioner_id = %(practitioner_id)s::uuid)
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(from_at)s::timestamptz IS NULL OR start_at >= %(from_at)s::timestamptz)
  AND (%(to_at)s::timestamptz IS NULL OR start_at < %(to_at)s::timestamptz)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (start_at, appointment_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (start_at, appointment_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN start_at END DESC, CASE WHEN %(backwards)s THEN appointment_id END DESC,
         start_at, appointment_id
LIMIT %(limit)s

-- name: coming-appointments
SELECT {shown}
FROM appointments
WHERE network_id = %(network_id)s AND patient_id = ANY (%(patient_ids)s::uuid[]) AND start_at >= %(from_at)s
  AND status NOT IN ('cancelled', 'entered-in-error') AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
ORDER BY start_at, appointment_id LIMIT %(limit)s

-- name: appointment-of-encounter
SELECT appointment_id, site_id FROM appointments WHERE network_id = %(network_id)s AND encounter_id = %(encounter_id)s
