-- Reschedule lists.

-- part: reschedule-columns
reschedule_id, absence_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, start_at, end_at,
zone, listed_at, state, proposals, refused, expires_at, version

-- name: reschedule
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND reschedule_id = %(reschedule_id)s

-- name: lock-reschedule
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND reschedule_id = %(reschedule_id)s
FOR UPDATE

-- name: open-reschedule-of
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
  AND state IN ('offered', 'declined', 'to-call')

-- name: lock-open-reschedule-of
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
  AND state IN ('offered', 'declined', 'to-call')
FOR UPDATE

-- name: open-reschedules
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND absence_id = %(absence_id)s AND state IN ('offered', 'declined', 'to-call')
ORDER BY reschedule_id
FOR UPDATE

-- name: networks-with-lapsed-proposals
SELECT networks_with_lapsed_proposals(%(now)s) AS network_id

-- name: lapsed-reschedules
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND state = 'offered' AND expires_at <= %(now)s
ORDER BY expires_at, reschedule_id LIMIT %(most)s
FOR UPDATE SKIP LOCKED

-- name: reschedules-of-absence
SELECT {reschedule-columns} FROM reschedules
WHERE network_id = %(network_id)s AND absence_id = %(absence_id)s AND appointment_id = ANY (%(appointment_ids)s::uuid[])

-- name: proposals-of-others
-- What stands proposed of these practitioners' time to others, wherever: no two are proposed one time.
SELECT each.proposal FROM reschedules r
CROSS JOIN LATERAL jsonb_array_elements(r.proposals) AS each (proposal)
WHERE r.network_id = %(network_id)s AND r.state IN ('offered', 'to-call') AND r.expires_at > %(now)s
  AND NOT r.reschedule_id = ANY (%(reschedule_ids)s::uuid[])
  AND (each.proposal ->> 'practitioner_id')::uuid = ANY (%(practitioner_ids)s::uuid[])

-- name: staff-of-sites
SELECT h.site_id, h.practitioner_id, p.kind FROM working_hours h
JOIN practitioners p ON p.network_id = h.network_id AND p.practitioner_id = h.practitioner_id
WHERE h.network_id = %(network_id)s AND h.site_id = ANY (%(site_ids)s::uuid[])
ORDER BY h.site_id, h.practitioner_id

-- part: touched-columns
a.appointment_id, a.site_id, a.practitioner_id, a.appointment_type_id, a.patient_id, a.start_at, a.end_at, a.zone

-- part: not-listed
a.status IN ('proposed', 'booked')
  AND NOT EXISTS (SELECT FROM reschedules r
                  WHERE r.network_id = a.network_id AND r.appointment_id = a.appointment_id
                    AND r.state IN ('offered', 'declined', 'to-call'))

-- name: visits-of-practitioner
-- Expected in that time, and on no list. No visit is longer than a day (bookings_during_check).
SELECT {touched-columns}
FROM bookings b
JOIN appointments a ON a.network_id = b.network_id AND a.appointment_id = b.appointment_id
WHERE b.network_id = %(network_id)s AND b.resource_id = %(practitioner_id)s
  AND b.start_at < %(until_at)s AND b.start_at >= %(from_at)s::timestamptz - interval '1 day'
  AND a.practitioner_id = b.resource_id AND a.start_at < %(until_at)s AND a.end_at > %(from_at)s AND {not-listed}
ORDER BY a.start_at, a.appointment_id

-- name: visits-at-site
SELECT {touched-columns}
FROM appointments a
WHERE a.network_id = %(network_id)s AND a.site_id = %(site_id)s
  AND a.start_at < %(until_at)s AND a.start_at >= %(from_at)s::timestamptz - interval '1 day'
  AND a.end_at > %(from_at)s AND {not-listed}
ORDER BY a.start_at, a.appointment_id

-- name: keep-reschedules
-- No key refers to `appointments`: its check would wait for whoever has the appointment's row and waits for our lock.
INSERT INTO reschedules AS known
    (network_id, reschedule_id, absence_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id,
     start_at, end_at, zone, listed_at, state, proposals, refused, expires_at, version)
VALUES %s
ON CONFLICT (network_id, reschedule_id) DO UPDATE
    SET site_id = excluded.site_id, zone = excluded.zone, practitioner_id = excluded.practitioner_id,
        start_at = excluded.start_at, end_at = excluded.end_at, listed_at = excluded.listed_at, state = excluded.state, proposals = excluded.proposals,
        refused = excluded.refused, expires_at = excluded.expires_at, version = excluded.version

-- name: kinds-to-reschedule
SELECT {appointment-type-columns} FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = ANY (%(appointment_type_ids)s::uuid[])

-- name: kinds-of-resources
-- What needs ask for, of practitioners, rooms and devices alike.
SELECT practitioner_id AS resource_id, 'practitioner' AS kind, kind AS type FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = ANY (%(resource_ids)s::uuid[])
UNION ALL
SELECT resource_id, kind, type FROM resources
WHERE network_id = %(network_id)s AND resource_id = ANY (%(resource_ids)s::uuid[])

-- name: taken-of-resources
-- What is taken of them from a day before to a day after, at whatever site.
SELECT resource_id, taken_by, site_id, lane, start_at, end_at FROM bookings
WHERE network_id = %(network_id)s AND resource_id = ANY (%(resource_ids)s::uuid[])
  AND start_at >= %(from_at)s::timestamptz - interval '2 days'
  AND start_at < %(until_at)s::timestamptz + interval '2 days'
ORDER BY resource_id, start_at

-- name: reschedule-page
-- Of the asker's sites (NULL: every site): of one site, one list, one state, where that is said.
SELECT r.reschedule_id, r.absence_id, r.appointment_id, r.site_id, r.practitioner_id, r.appointment_type_id,
       r.patient_id, r.start_at, r.end_at, r.zone, r.listed_at, r.state, r.proposals, r.expires_at, r.version,
       p.given, p.family, p.birth_on
FROM reschedules r
LEFT JOIN patients p ON p.network_id = r.network_id AND p.patient_id = r.patient_id
WHERE r.network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR r.site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(site_id)s::uuid IS NULL OR r.site_id = %(site_id)s::uuid)
  AND (%(absence_id)s::uuid IS NULL OR r.absence_id = %(absence_id)s::uuid)
  AND (%(state)s::text IS NULL OR r.state = %(state)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (r.start_at, r.reschedule_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (r.start_at, r.reschedule_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN r.start_at END DESC, CASE WHEN %(backwards)s THEN r.reschedule_id END DESC,
         r.start_at, r.reschedule_id
LIMIT %(limit)s
