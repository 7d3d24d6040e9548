-- Calendars out.

-- name: find-calendar-link
-- Before a network is known: by a SECURITY DEFINER function (migrations/0005_calendars.sql).
SELECT network_id, calendar_link_id FROM find_calendar_link(%(secret_hash)s)

-- name: add-calendar-link
INSERT INTO calendar_links (network_id, calendar_link_id, practitioner_id, site_ids, secret_hash, made_at, version)
VALUES (%(network_id)s, %(calendar_link_id)s, %(practitioner_id)s, %(site_ids)s::uuid[], %(secret_hash)s, %(made_at)s,
        %(version)s)
ON CONFLICT DO NOTHING

-- name: change-calendar-link
UPDATE calendar_links SET renewed_at = %(renewed_at)s, revoked_at = %(revoked_at)s, version = %(version)s,
    secret_hash = coalesce(%(secret_hash)s, secret_hash)
WHERE network_id = %(network_id)s AND calendar_link_id = %(calendar_link_id)s

-- name: calendar-link
SELECT calendar_link_id, practitioner_id, site_ids, made_at, renewed_at, revoked_at, version
FROM calendar_links WHERE network_id = %(network_id)s AND calendar_link_id = %(calendar_link_id)s

-- name: lock-calendar-link
SELECT calendar_link_id, practitioner_id, site_ids, made_at, renewed_at, revoked_at, version
FROM calendar_links WHERE network_id = %(network_id)s AND calendar_link_id = %(calendar_link_id)s
FOR UPDATE

-- name: calendar-links
SELECT calendar_link_id, practitioner_id, site_ids, made_at, renewed_at, revoked_at, version
FROM calendar_links WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s
ORDER BY made_at, calendar_link_id

-- name: calendar-settings
SELECT patients, version FROM calendar_settings WHERE network_id = %(network_id)s

-- name: lock-calendar-settings
SELECT patients, version FROM calendar_settings WHERE network_id = %(network_id)s FOR UPDATE

-- name: keep-calendar-settings
INSERT INTO calendar_settings (network_id, patients, version) VALUES (%(network_id)s, %(patients)s, %(version)s)
ON CONFLICT (network_id) DO UPDATE SET patients = excluded.patients, version = excluded.version

-- name: calendar-items
-- What was cancelled is shown as such until `cancelled_from`, so that every program that reads the calendar has seen it.
-- What was written before there was a history changed when one of its instants says so.
SELECT a.appointment_id, a.version, a.status, a.start_at, a.end_at, a.zone, a.booked_at,
       coalesce(c.changed_at, greatest(a.booked_at, a.arrived_at, a.cancelled_at)) AS changed_at,
       s.name AS site_name, t.name AS type_name, p.given, p.family
FROM appointments a
JOIN sites s ON s.network_id = a.network_id AND s.site_id = a.site_id
JOIN appointment_types t ON t.network_id = a.network_id AND t.appointment_type_id = a.appointment_type_id
LEFT JOIN appointment_changes c
    ON c.network_id = a.network_id AND c.appointment_id = a.appointment_id AND c.version = a.version
LEFT JOIN patients p ON p.network_id = a.network_id AND p.patient_id = a.patient_id
WHERE a.network_id = %(network_id)s AND a.practitioner_id = %(practitioner_id)s
  AND a.start_at >= %(from_at)s AND a.start_at < %(until_at)s
  AND (%(site_ids)s::uuid[] IS NULL OR a.site_id = ANY (%(site_ids)s::uuid[]))
  AND (a.status NOT IN ('cancelled', 'entered-in-error')
       OR coalesce(c.changed_at, a.cancelled_at) >= %(cancelled_from)s)
ORDER BY a.start_at, a.appointment_id
