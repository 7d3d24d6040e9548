-- The network's map.

-- name: add-site
INSERT INTO sites (network_id, site_id, name, zone, phone, version)
VALUES (%(network_id)s, %(site_id)s, %(name)s, %(zone)s, %(phone)s, %(version)s)

-- name: change-site
UPDATE sites SET name = %(name)s, zone = %(zone)s, phone = %(phone)s, version = %(version)s
WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: site
SELECT site_id, name, zone, phone, version FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: lock-site
SELECT site_id, name, zone, phone, version FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s
FOR UPDATE

-- name: site-page
-- `backwards` is a constant to the planner: each of the two orders is its own plan, and one of the CASEs is gone.
SELECT site_id, name, zone, phone, version FROM sites
WHERE network_id = %(network_id)s AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (name, site_id) < (SELECT a.name, a.site_id FROM sites a
                               WHERE a.network_id = %(network_id)s AND a.site_id = %(after_id)s::uuid)
       ELSE (name, site_id) > (SELECT a.name, a.site_id FROM sites a
                               WHERE a.network_id = %(network_id)s AND a.site_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN name END DESC, CASE WHEN %(backwards)s THEN site_id END DESC, name, site_id
LIMIT %(limit)s

-- name: add-practitioner
INSERT INTO practitioners (network_id, practitioner_id, given, family, prefix, version)
VALUES (%(network_id)s, %(practitioner_id)s, %(given)s, %(family)s, %(prefix)s, %(version)s)

-- name: change-practitioner
UPDATE practitioners SET given = %(given)s, family = %(family)s, prefix = %(prefix)s, version = %(version)s
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s

-- name: practitioner
SELECT practitioner_id, given, family, prefix, version FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s

-- name: lock-practitioner
SELECT practitioner_id, given, family, prefix, version FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s
FOR UPDATE

-- name: practitioner-page
-- Those who work at one of the sites; for a whole network (NULL) also those who work nowhere yet.
SELECT practitioner_id, given, family, prefix, version FROM practitioners p
WHERE network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL
       OR EXISTS (SELECT FROM working_hours w
                  WHERE w.network_id = p.network_id AND w.practitioner_id = p.practitioner_id
                    AND w.site_id = ANY (%(site_ids)s::uuid[])))
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (family, given, practitioner_id) < (SELECT a.family, a.given, a.practitioner_id FROM practitioners a
              WHERE a.network_id = %(network_id)s AND a.practitioner_id = %(after_id)s::uuid)
       ELSE (family, given, practitioner_id) > (SELECT a.family, a.given, a.practitioner_id FROM practitioners a
              WHERE a.network_id = %(network_id)s AND a.practitioner_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN family END DESC, CASE WHEN %(backwards)s THEN given END DESC,
         CASE WHEN %(backwards)s THEN practitioner_id END DESC, family, given, practitioner_id
LIMIT %(limit)s

-- name: add-appointment-type
INSERT INTO appointment_types (network_id, appointment_type_id, name, minutes, active, version)
VALUES (%(network_id)s, %(appointment_type_id)s, %(name)s, %(minutes)s, %(active)s, %(version)s)

-- name: change-appointment-type
UPDATE appointment_types SET name = %(name)s, minutes = %(minutes)s, active = %(active)s, version = %(version)s
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s

-- name: appointment-type
SELECT appointment_type_id, name, minutes, active, version FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s

-- name: lock-appointment-type
SELECT appointment_type_id, name, minutes, active, version FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s
FOR UPDATE

-- name: appointment-type-page
SELECT appointment_type_id, name, minutes, active, version FROM appointment_types
WHERE network_id = %(network_id)s AND (%(active)s::boolean IS NULL OR active = %(active)s)
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (name, appointment_type_id) < (SELECT a.name, a.appointment_type_id FROM appointment_types a
              WHERE a.network_id = %(network_id)s AND a.appointment_type_id = %(after_id)s::uuid)
       ELSE (name, appointment_type_id) > (SELECT a.name, a.appointment_type_id FROM appointment_types a
              WHERE a.network_id = %(network_id)s AND a.appointment_type_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN name END DESC, CASE WHEN %(backwards)s THEN appointment_type_id END DESC,
         name, appointment_type_id
LIMIT %(limit)s

-- name: keep-working-hours
INSERT INTO working_hours (network_id, practitioner_id, site_id, lanes, version)
VALUES (%(network_id)s, %(practitioner_id)s, %(site_id)s, %(lanes)s, %(version)s)
ON CONFLICT (network_id, practitioner_id, site_id) DO UPDATE SET lanes = excluded.lanes, version = excluded.version

-- name: forget-weekly-hours
DELETE FROM weekly_hours
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s AND site_id = %(site_id)s

-- name: keep-weekly-hours
INSERT INTO weekly_hours (network_id, practitioner_id, site_id, weekday, starts, ends) VALUES %s

-- name: keep-lanes
INSERT INTO resource_lanes (network_id, resource_id, lane)
SELECT %(network_id)s, %(resource_id)s, lane FROM generate_series(1, %(lanes)s) AS lane
ON CONFLICT DO NOTHING

-- part: week
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[d.weekday, d.starts, d.ends] ORDER BY d.weekday, d.starts) AS weekly
    FROM weekly_hours d
    WHERE d.network_id = h.network_id AND d.practitioner_id = h.practitioner_id AND d.site_id = h.site_id
) w ON true

-- name: working-hours
SELECT h.lanes, h.version, w.weekly
FROM working_hours h
{week}
WHERE h.network_id = %(network_id)s AND h.practitioner_id = %(practitioner_id)s AND h.site_id = %(site_id)s

-- Appointments and the time that they take.

-- name: add-appointment
INSERT INTO appointments
    (network_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at,
     zone, lane, booked_at, previous_start_at, arrival_id, arrived_at, encounter_id, cancelled_at, cancelled_reason,
     version)
VALUES
    (%(network_id)s, %(appointment_id)s, %(site_id)s, %(practitioner_id)s, %(appointment_type_id)s, %(patient_id)s,
     %(status)s, %(start_at)s, %(end_at)s, %(zone)s, %(lane)s, %(booked_at)s, %(previous_start_at)s, %(arrival_id)s,
     %(arrived_at)s, %(encounter_id)s, %(cancelled_at)s, %(cancelled_reason)s, %(version)s)

-- name: change-appointment
UPDATE appointments SET
    practitioner_id = %(practitioner_id)s, status = %(status)s, start_at = %(start_at)s, end_at = %(end_at)s,
    lane = %(lane)s, previous_start_at = %(previous_start_at)s, arrival_id = %(arrival_id)s,
    arrived_at = %(arrived_at)s, encounter_id = %(encounter_id)s, cancelled_at = %(cancelled_at)s,
    cancelled_reason = %(cancelled_reason)s, version = %(version)s
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: appointment
SELECT appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone, lane,
       booked_at, previous_start_at, arrival_id, arrived_at, cancelled_at, cancelled_reason, version
FROM appointments WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: lock-appointments
SELECT appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone, lane,
       booked_at, previous_start_at, arrival_id, arrived_at, cancelled_at, cancelled_reason, version
FROM appointments WHERE network_id = %(network_id)s AND appointment_id = ANY (%(appointment_ids)s::uuid[])
ORDER BY appointment_id
FOR UPDATE

-- name: take-time
INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)
VALUES (%(network_id)s, %(resource_id)s, %(lane)s, %(appointment_id)s, %(site_id)s, %(start_at)s, %(end_at)s)
ON CONFLICT DO NOTHING

-- name: move-time
-- One statement: the old time is given up only if the new one can be had.
UPDATE bookings SET resource_id = %(resource_id)s, lane = %(lane)s, start_at = %(start_at)s, end_at = %(end_at)s
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: give-time-back
DELETE FROM bookings WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- What a schedule is made of: the site, the practitioner's week there, a row for each time taken (one row where none is).
-- No booking is longer than a day (bookings_during_check), so one that reaches in starts at most a day before.

-- part: schedule
s.site_id, s.name AS site_name, s.zone, s.phone, s.version AS site_version, h.lanes, h.version, w.weekly,
       b.appointment_id AS taken_by, b.site_id AS taken_at, b.lane AS taken_lane, b.start_at, b.end_at

-- part: bookings-from
LEFT JOIN working_hours h
    ON h.network_id = s.network_id AND h.site_id = s.site_id AND h.practitioner_id = %(practitioner_id)s
{week}
LEFT JOIN bookings b
    ON b.network_id = %(network_id)s AND b.resource_id = %(practitioner_id)s AND b.end_at > %(from_at)s
    AND b.start_at >= %(from_at)s::timestamptz - interval '1 day'

-- name: schedule
SELECT {schedule}
FROM sites s
{bookings-from} AND b.start_at < %(until_at)s
WHERE s.network_id = %(network_id)s AND s.site_id = %(site_id)s
ORDER BY b.start_at

-- name: schedule-to-book
-- Until the type's length after the start. The half day (appointment_types_minutes_check) is there for the index, which
-- under a tenant's policy is searched by constants only.
SELECT {schedule}, t.appointment_type_id, t.name AS type_name, t.minutes, t.active, t.version AS type_version
FROM sites s
JOIN practitioners p ON p.network_id = s.network_id AND p.practitioner_id = %(practitioner_id)s
JOIN appointment_types t ON t.network_id = s.network_id AND t.appointment_type_id = %(appointment_type_id)s
{bookings-from} AND b.start_at < %(from_at)s::timestamptz + interval '12 hours'
    AND b.start_at < %(from_at)s::timestamptz + make_interval(mins => t.minutes)
WHERE s.network_id = %(network_id)s AND s.site_id = %(site_id)s
ORDER BY b.start_at

-- Copies of other services' facts.

-- name: keep-patients
INSERT INTO patients AS known (network_id, patient_id, version, given, family, birth_on) VALUES %s
ON CONFLICT (network_id, patient_id) DO UPDATE
    SET version = excluded.version, given = excluded.given, family = excluded.family, birth_on = excluded.birth_on
    WHERE known.version < excluded.version

-- name: keep-texts
INSERT INTO texts AS known (network_id, text_id, version, appointment_id, kind, status, reason, told_at) VALUES %s
ON CONFLICT (network_id, text_id) DO UPDATE
    SET version = excluded.version, status = excluded.status, reason = excluded.reason, told_at = excluded.told_at
    WHERE known.version < excluded.version

-- Screens.

-- name: appointment-page
-- Of a site, of a patient, or of both; `site_ids` NULL: every site.
SELECT appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone,
       arrival_id, encounter_id, arrived_at, cancelled_reason, version
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
SELECT appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone,
       arrival_id, encounter_id, arrived_at, cancelled_reason, version
FROM appointments
WHERE network_id = %(network_id)s AND patient_id = ANY (%(patient_ids)s::uuid[]) AND start_at >= %(from_at)s
  AND status <> 'cancelled' AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
ORDER BY start_at, appointment_id LIMIT %(limit)s

-- name: appointment-of-encounter
SELECT appointment_id, site_id FROM appointments WHERE network_id = %(network_id)s AND encounter_id = %(encounter_id)s

-- name: change-token
-- Asked before the rows: what was in progress then is found again by the next question.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS after

-- name: day
SELECT a.appointment_id, a.version, a.site_id, a.practitioner_id, a.appointment_type_id, a.patient_id, a.status,
       a.start_at, a.end_at, a.zone, a.arrival_id, a.encounter_id, a.arrived_at, a.cancelled_reason,
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
    ORDER BY told_at DESC, text_id DESC LIMIT 1
) x ON true
WHERE a.network_id = %(network_id)s AND a.site_id = %(site_id)s
  AND a.start_at >= %(from_at)s AND a.start_at < %(until_at)s
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
-- What changed since the token and is not of that day: a page that shows it must drop it.
SELECT appointment_id FROM appointments
WHERE network_id = %(network_id)s AND site_id = %(site_id)s AND changed_xid >= %(after)s::bigint
  AND NOT (start_at >= %(from_at)s AND start_at < %(until_at)s)
