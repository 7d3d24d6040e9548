-- Copies of other services' facts: sites, patients with their numbers, appointments.

-- name: keep-sites
-- The newest condition wins; an older one changes nothing.
INSERT INTO sites AS kept (network_id, site_id, version, name, zone, phone, holidays) VALUES %s
ON CONFLICT (network_id, site_id) DO UPDATE
SET version = excluded.version, name = excluded.name, zone = excluded.zone, phone = excluded.phone,
    holidays = excluded.holidays
WHERE kept.version < excluded.version

-- name: keep-patients
-- Gives the patients of whom this was news: only their numbers are written anew.
INSERT INTO patients AS kept (network_id, patient_id, version, given, language) VALUES %s
ON CONFLICT (network_id, patient_id) DO UPDATE
SET version = excluded.version, given = excluded.given, language = excluded.language
WHERE kept.version < excluded.version
RETURNING patient_id

-- name: forget-numbers
DELETE FROM patient_numbers WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s)

-- name: keep-numbers
INSERT INTO patient_numbers (network_id, patient_id, place, number, use, consented, purposes) VALUES %s

-- name: hold-patients
-- Shared: a consent withdrawn at this moment is either known by its version or waits until the claim is committed.
-- Whom an event has in hand is passed by, so that no text waits for another's patient.
SELECT patient_id, version FROM patients
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s)
FOR SHARE SKIP LOCKED

-- name: numbers-of
SELECT n.patient_id, n.number, n.use, n.consented, n.purposes, w.wrong IS TRUE AS wrong, f.reason AS failure
FROM patient_numbers AS n
LEFT JOIN wrong_numbers AS w
  ON w.network_id = n.network_id AND w.patient_id = n.patient_id AND w.number = n.number
LEFT JOIN number_failures AS f ON f.network_id = n.network_id AND f.number = n.number
WHERE n.network_id = %(network_id)s AND n.patient_id = ANY(%(patient_ids)s)
ORDER BY n.patient_id, n.place

-- name: patients-with-number
SELECT DISTINCT patient_id FROM patient_numbers WHERE network_id = %(network_id)s AND number = %(number)s

-- name: keep-appointments
-- Sorted by the caller. The rows written stay locked, and a claim waits for them.
INSERT INTO appointments AS kept
    (network_id, appointment_id, version, site_id, patient_id, status, start_at, changed_at, zone, appointment_type_id,
     confirmed_at, cancelled_by)
SELECT %(network_id)s::uuid, visit.*
FROM unnest(
    %(appointment_id)s::uuid[], %(version)s::bigint[], %(site_id)s::uuid[], %(patient_id)s::uuid[], %(status)s::text[],
    %(start_at)s::timestamptz[], %(changed_at)s::timestamptz[], %(zone)s::text[], %(appointment_type_id)s::uuid[],
    %(confirmed_at)s::timestamptz[], %(cancelled_by)s::text[]) AS visit
ON CONFLICT (network_id, appointment_id) DO UPDATE
SET version = excluded.version, site_id = excluded.site_id, patient_id = excluded.patient_id,
    status = excluded.status, start_at = excluded.start_at, changed_at = excluded.changed_at, zone = excluded.zone,
    appointment_type_id = excluded.appointment_type_id, confirmed_at = excluded.confirmed_at,
    cancelled_by = excluded.cancelled_by
WHERE kept.version < excluded.version
RETURNING appointment_id

-- part: whole-visit
-- What a process of a former release writes knows no zone: it is that of its site.
appointment_id, version, site_id, patient_id, status, start_at, changed_at,
       coalesce(zone, (
         SELECT s.zone FROM sites AS s
         WHERE s.network_id = appointments.network_id AND s.site_id = appointments.site_id)) AS zone,
       appointment_type_id, confirmed_at, cancelled_by

-- name: lock-appointments
SELECT {whole-visit}
FROM appointments
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)
ORDER BY appointment_id
FOR UPDATE

-- name: try-appointments
-- A worker passes by what another worker, or an event, has in hand.
SELECT {whole-visit}
FROM appointments
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)
FOR UPDATE SKIP LOCKED

-- name: site-of-appointment
SELECT site_id FROM appointments WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
