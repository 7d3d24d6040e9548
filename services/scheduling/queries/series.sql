-- Series.

-- name: add-series
INSERT INTO series
    (network_id, series_id, site_id, practitioner_id, appointment_type_id, patient_id, rrule, booked_at, version)
VALUES
    (%(network_id)s, %(series_id)s, %(site_id)s, %(practitioner_id)s, %(appointment_type_id)s, %(patient_id)s, %(rrule)s,
     %(booked_at)s, %(version)s)

-- name: change-series
UPDATE series SET version = %(version)s WHERE network_id = %(network_id)s AND series_id = %(series_id)s

-- name: series
SELECT series_id, site_id, practitioner_id, appointment_type_id, patient_id, rrule, booked_at, version
FROM series WHERE network_id = %(network_id)s AND series_id = %(series_id)s

-- name: lock-series
SELECT series_id, site_id, practitioner_id, appointment_type_id, patient_id, rrule, booked_at, version
FROM series WHERE network_id = %(network_id)s AND series_id = %(series_id)s
FOR UPDATE

-- name: appointments-of-series
SELECT {agreement}
FROM appointments WHERE network_id = %(network_id)s AND series_id = %(series_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
ORDER BY start_at, appointment_id
