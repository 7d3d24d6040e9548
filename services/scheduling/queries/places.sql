-- The network's map.

-- name: add-site
INSERT INTO sites (network_id, site_id, name, zone, phone, zip, version)
VALUES (%(network_id)s, %(site_id)s, %(name)s, %(zone)s, %(phone)s, %(zip)s, %(version)s)

-- name: change-site
UPDATE sites SET name = %(name)s, zone = %(zone)s, phone = %(phone)s, zip = %(zip)s, version = %(version)s
WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: site
SELECT site_id, name, zone, phone, zip, version FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: lock-site
-- Whoever books there refers to the site's key, and must not wait for a change of anything else.
SELECT site_id, name, zone, phone, zip, version FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s
FOR NO KEY UPDATE

-- name: site-page
-- `backwards` is a constant to the planner: each of the two orders is its own plan, and one of the CASEs is gone.
SELECT site_id, name, zone, phone, zip, version FROM sites
WHERE network_id = %(network_id)s AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (name, site_id) < (SELECT a.name, a.site_id FROM sites a
                               WHERE a.network_id = %(network_id)s AND a.site_id = %(after_id)s::uuid)
       ELSE (name, site_id) > (SELECT a.name, a.site_id FROM sites a
                               WHERE a.network_id = %(network_id)s AND a.site_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN name END DESC, CASE WHEN %(backwards)s THEN site_id END DESC, name, site_id
LIMIT %(limit)s

-- part: practitioner-columns
practitioner_id, given, family, prefix, kind, languages, sex, version

-- name: add-practitioner
INSERT INTO practitioners (network_id, practitioner_id, given, family, prefix, kind, languages, sex, version)
VALUES (%(network_id)s, %(practitioner_id)s, %(given)s, %(family)s, %(prefix)s, %(kind)s, %(languages)s, %(sex)s,
        %(version)s)

-- name: change-practitioner
UPDATE practitioners SET given = %(given)s, family = %(family)s, prefix = %(prefix)s, kind = %(kind)s,
    languages = %(languages)s, sex = %(sex)s, version = %(version)s
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s

-- name: practitioner
SELECT {practitioner-columns} FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s

-- name: lock-practitioner
SELECT {practitioner-columns} FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s
FOR UPDATE

-- name: practitioner-page
-- Those who work at one of the sites; for a whole network (NULL) also those who work nowhere yet.
SELECT {practitioner-columns} FROM practitioners p
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

-- part: appointment-type-rules
set_up_minutes, clean_up_minutes, notice_minutes, horizon_days, self_bookable, overbook_limit,
due_window_days, needs, planned

-- part: appointment-type-columns
appointment_type_id, name, minutes, active, {appointment-type-rules}, version

-- name: add-appointment-type
INSERT INTO appointment_types
    (network_id, appointment_type_id, name, minutes, active, set_up_minutes, clean_up_minutes, notice_minutes,
     horizon_days, self_bookable, overbook_limit, due_window_days, needs, planned, planned_minutes, version)
VALUES
    (%(network_id)s, %(appointment_type_id)s, %(name)s, %(minutes)s, %(active)s, %(set_up_minutes)s,
     %(clean_up_minutes)s, %(notice_minutes)s, %(horizon_days)s, %(self_bookable)s, %(overbook_limit)s,
     %(due_window_days)s, %(needs)s, %(planned)s, %(planned_minutes)s, %(version)s)

-- name: change-appointment-type
UPDATE appointment_types SET name = %(name)s, minutes = %(minutes)s, active = %(active)s,
    set_up_minutes = %(set_up_minutes)s, clean_up_minutes = %(clean_up_minutes)s, notice_minutes = %(notice_minutes)s,
    horizon_days = %(horizon_days)s, self_bookable = %(self_bookable)s, overbook_limit = %(overbook_limit)s,
    due_window_days = %(due_window_days)s, needs = %(needs)s, planned = %(planned)s,
    planned_minutes = %(planned_minutes)s, version = %(version)s
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s

-- name: appointment-type
SELECT {appointment-type-columns} FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s

-- name: lock-appointment-type
SELECT {appointment-type-columns} FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = %(appointment_type_id)s
FOR UPDATE

-- name: appointment-type-page
SELECT {appointment-type-columns} FROM appointment_types
WHERE network_id = %(network_id)s AND (%(active)s::boolean IS NULL OR active = %(active)s)
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (name, appointment_type_id) < (SELECT a.name, a.appointment_type_id FROM appointment_types a
              WHERE a.network_id = %(network_id)s AND a.appointment_type_id = %(after_id)s::uuid)
       ELSE (name, appointment_type_id) > (SELECT a.name, a.appointment_type_id FROM appointment_types a
              WHERE a.network_id = %(network_id)s AND a.appointment_type_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN name END DESC, CASE WHEN %(backwards)s THEN appointment_type_id END DESC,
         name, appointment_type_id
LIMIT %(limit)s
