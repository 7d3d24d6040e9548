-- The day sheet.

-- name: change-token
-- Asked before the rows: what was in progress then is found again by the next question.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS after

-- name: day
SELECT a.appointment_id, a.version, a.site_id, a.practitioner_id, a.appointment_type_id, a.patient_id, a.status,
       a.start_at, a.end_at, a.zone, a.arrival_id, a.encounter_id, a.arrived_at, a.cancelled_reason, a.cancelled_by,
       a.cancelled_notice_minutes, a.confirmed_at, a.confirmed_by, a.walk_in, a.in_room_at, a.done_at,
       a.delay_minutes, a.series_id, r.room_id, r.room_name,
       p.given AS patient_given, p.family AS patient_family, p.birth_on AS patient_birth_on,
       concat_ws(' ', d.prefix, d.given, d.family) AS practitioner_name, t.name AS type_name,
       x.kind AS text_kind, x.status AS text_status, x.reason AS text_reason
FROM appointments a
JOIN practitioners d ON d.network_id = a.network_id AND d.practitioner_id = a.practitioner_id
JOIN appointment_types t ON t.network_id = a.network_id AND t.appointment_type_id = a.appointment_type_id
LEFT JOIN patients p ON p.network_id = a.network_id AND p.patient_id = a.patient_id
LEFT JOIN LATERAL (
    SELECT kind, status, reason FROM texts
    WHERE texts.network_id = a.network_id AND texts.appointment_id = a.appointment_id
      AND coalesce(texts.site_id, a.site_id) = a.site_id
    ORDER BY told_at DESC, text_id DESC LIMIT 1
) x ON true
-- Where the patient is, or will be: a room that was taken for the visit.
LEFT JOIN LATERAL (
    SELECT r.resource_id AS room_id, r.name AS room_name FROM resources r
    WHERE r.network_id = a.network_id AND r.kind = 'room' AND r.resource_id = ANY (
        CASE WHEN a.room_id IS NOT NULL THEN ARRAY[a.room_id]
        ELSE ARRAY(SELECT b.resource_id FROM bookings b
                   WHERE b.network_id = a.network_id AND b.appointment_id = a.appointment_id
                     AND b.resource_id <> a.practitioner_id) END)
    ORDER BY r.name, r.resource_id LIMIT 1
) r ON true
WHERE a.network_id = %(network_id)s AND a.site_id = %(site_id)s
  AND a.start_at >= %(from_at)s AND a.start_at < %(until_at)s
  AND a.status <> 'entered-in-error'
  AND (%(practitioner_id)s::uuid IS NULL OR a.practitioner_id = %(practitioner_id)s::uuid)
  AND (%(room_id)s::uuid IS NULL OR r.room_id = %(room_id)s::uuid)
  AND (%(appointment_ids)s::uuid[] IS NULL OR a.appointment_id = ANY (%(appointment_ids)s::uuid[]))
ORDER BY a.start_at, d.family, a.appointment_id

-- name: changed-appointments
-- What changed since the token, in the appointment itself or in the copies that the day sheet shows beside it.
SELECT appointment_id FROM appointments
WHERE network_id = %(network_id)s AND site_id = %(site_id)s AND changed_xid >= %(after)s::bigint
UNION
SELECT a.appointment_id FROM patients p
JOIN appointments a ON a.network_id = p.network_id AND a.patient_id = p.patient_id
WHERE p.network_id = %(network_id)s AND p.changed_xid >= %(after)s::bigint
  AND a.site_id = %(site_id)s AND a.start_at >= %(from_at)s AND a.start_at < %(until_at)s
UNION
SELECT x.appointment_id FROM texts x WHERE x.network_id = %(network_id)s AND x.changed_xid >= %(after)s::bigint

-- name: moved-away
-- What changed since the token and is not of that day, was a mistake, or is at another site now: a page that shows it
-- must drop it.
SELECT appointment_id FROM appointments
WHERE network_id = %(network_id)s AND site_id = %(site_id)s AND changed_xid >= %(after)s::bigint
  AND NOT (start_at >= %(from_at)s AND start_at < %(until_at)s AND status <> 'entered-in-error')
UNION
SELECT c.appointment_id FROM appointment_changes c
JOIN appointments a ON a.network_id = c.network_id AND a.appointment_id = c.appointment_id
WHERE c.network_id = %(network_id)s AND c.from_site_id = %(site_id)s AND c.left_xid >= %(after)s::bigint
  AND a.site_id <> %(site_id)s

-- name: appointments-of-practitioner
SELECT appointment_id FROM appointments
WHERE network_id = %(network_id)s AND site_id = %(site_id)s AND start_at >= %(from_at)s AND start_at < %(until_at)s
  AND practitioner_id = %(practitioner_id)s
