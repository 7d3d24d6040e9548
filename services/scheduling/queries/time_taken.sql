-- The time that appointments take.

-- name: take-time
-- All of it or, where a row is missing, none: the caller compares the count.
INSERT INTO bookings
    (network_id, resource_id, lane, appointment_id, hold_id, expires_at, site_id, start_at, end_at)
SELECT %(network_id)s, r.resource_id, r.lane, %(appointment_id)s, %(hold_id)s, %(expires_at)s, %(site_id)s,
       %(start_at)s, %(end_at)s
FROM unnest(%(resource_ids)s::uuid[], %(lanes)s::integer[]) AS r (resource_id, lane)
ON CONFLICT DO NOTHING

-- name: give-time-back
DELETE FROM bookings WHERE network_id = %(network_id)s AND taken_by = ANY (%(taken_by)s::uuid[])
    AND resource_id = ANY (%(resource_ids)s::uuid[])

-- name: keep-lane
-- A lane beyond those that the resource has, for who may overbook.
INSERT INTO resource_lanes (network_id, resource_id, lane)
SELECT %(network_id)s, r.resource_id, r.lane
FROM unnest(%(resource_ids)s::uuid[], %(lanes)s::integer[]) AS r (resource_id, lane)
ON CONFLICT DO NOTHING

-- part: all-needs
(t.needs || jsonb_path_query_array(t.planned, '$[*].changes.needs[*]'))

-- name: lock-what-is-needed
-- The locks (shared/database/queries.sql has their names) of those that are named and of all who may serve what else the
-- types need (or are planned to) at the sites, in the order in which everybody takes them.
SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM (
    SELECT DISTINCT (%(network_id)s::text || '/resource/' || wanted.resource_id::text) COLLATE "C" AS name FROM (
        SELECT unnest(%(resource_ids)s::uuid[]) AS resource_id
        UNION ALL
        SELECT r.resource_id
        FROM unnest(%(site_ids)s::uuid[], %(type_ids)s::uuid[]) AS w (site_id, type_id)
        JOIN appointment_types t ON t.network_id = %(network_id)s AND t.appointment_type_id = w.type_id
        CROSS JOIN LATERAL jsonb_to_recordset({all-needs}) AS need (kind text, type text)
        JOIN resources r ON r.network_id = %(network_id)s AND r.site_id = w.site_id AND r.kind = need.kind
            AND (need.type IS NULL OR r.type = need.type)
        UNION ALL
        SELECT p.practitioner_id
        FROM unnest(%(site_ids)s::uuid[], %(type_ids)s::uuid[]) AS w (site_id, type_id)
        JOIN appointment_types t ON t.network_id = %(network_id)s AND t.appointment_type_id = w.type_id
            AND jsonb_array_length(jsonb_path_query_array({all-needs}, '$[*] ? (@.kind == "practitioner")')) > 1
        CROSS JOIN LATERAL jsonb_to_recordset({all-needs}) AS need (kind text, type text)
        JOIN working_hours h ON h.network_id = %(network_id)s AND h.site_id = w.site_id
        JOIN practitioners p ON p.network_id = %(network_id)s AND p.practitioner_id = h.practitioner_id
            AND (need.type IS NULL OR p.kind = need.type)
        WHERE need.kind = 'practitioner'
    ) wanted
    ORDER BY 1
) ordered

-- name: others-to-book
-- Who and what may serve what else is needed at a site, a row for each time taken of them (one row where none is).
SELECT c.resource_id, c.kind, c.type, c.lanes, k.resource_id IS NOT NULL AS is_kept, f.working::text,
       b.taken_by, b.site_id AS taken_at, b.lane AS taken_lane, b.start_at, b.end_at, b.expires_at
FROM (
    SELECT r.resource_id, r.kind, r.type, r.capacity AS lanes FROM resources r
    WHERE r.network_id = %(network_id)s AND r.site_id = %(site_id)s AND r.active
    UNION ALL
    SELECT p.practitioner_id, 'practitioner', p.kind, h.lanes FROM working_hours h
    JOIN practitioners p ON p.network_id = %(network_id)s AND p.practitioner_id = h.practitioner_id
    WHERE h.network_id = %(network_id)s AND h.site_id = %(site_id)s
) c
LEFT JOIN free_time_kept k ON k.network_id = %(network_id)s AND k.resource_id = c.resource_id
    AND k.site_id = %(site_id)s AND k.from_on <= %(on_day)s::date AND k.until_on >= %(on_day)s::date
LEFT JOIN free_days f ON f.network_id = %(network_id)s AND f.resource_id = c.resource_id AND f.on_day = %(on_day)s::date
    AND f.site_id = %(site_id)s AND f.lane = 1
LEFT JOIN bookings b ON b.network_id = %(network_id)s AND b.resource_id = c.resource_id AND b.end_at > %(from_at)s
    AND b.start_at >= %(from_at)s::timestamptz - interval '1 day' AND b.start_at < %(until_at)s
WHERE EXISTS (
    SELECT FROM unnest(%(kinds)s::text[], %(types)s::text[]) AS need (kind, type)
    WHERE need.kind = c.kind AND (need.type IS NULL OR need.type = c.type)
)
ORDER BY c.resource_id, b.start_at

-- What a schedule is made of: the site, the practitioner's week there, a row for each time taken (one row where none is).
-- No booking is longer than a day (bookings_during_check), so one that reaches in starts at most a day before.

-- part: schedule
s.site_id, s.name AS site_name, s.zone, s.phone, s.version AS site_version, {hours-columns},
       b.taken_by, b.site_id AS taken_at, b.lane AS taken_lane, b.start_at, b.end_at, b.expires_at,
       p.kind AS practitioner_kind, v.visits, t.appointment_type_id, t.name AS type_name, t.minutes, t.active,
       {appointment-type-rules}, t.version AS type_version

-- part: schedule-from
CROSS JOIN (SELECT %(practitioner_id)s::uuid AS resource_id) who
{hours}
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('appointment_id', a.appointment_id, 'site_id', a.site_id, 'practitioner_id',
                     a.practitioner_id, 'start_at', a.start_at, 'end_at', a.end_at) ORDER BY a.start_at) AS visits
    FROM appointments a
    WHERE a.network_id = %(network_id)s AND a.patient_id = %(patient_id)s::uuid
      AND a.start_at >= %(start_at)s::timestamptz - interval '26 hours'
      AND a.start_at < %(start_at)s::timestamptz + interval '26 hours'
      AND a.status NOT IN ('cancelled', 'noshow', 'entered-in-error')
      AND (%(site_ids)s::uuid[] IS NULL OR a.site_id = ANY (%(site_ids)s::uuid[]))
) v ON true
LEFT JOIN bookings b
    ON b.network_id = %(network_id)s AND b.resource_id = %(practitioner_id)s

-- name: schedule-to-move
-- A practitioner who is not there works nowhere.
SELECT {schedule}
FROM sites s
JOIN appointment_types t ON t.network_id = s.network_id AND t.appointment_type_id = %(appointment_type_id)s
LEFT JOIN practitioners p ON p.network_id = s.network_id AND p.practitioner_id = %(practitioner_id)s
{schedule-from} AND b.end_at > %(from_at)s AND b.start_at < %(until_at)s
    AND b.start_at >= %(from_at)s::timestamptz - interval '1 day'
WHERE s.network_id = %(network_id)s AND s.site_id = %(site_id)s
ORDER BY b.start_at

-- name: schedule-to-book
-- From the type's set-up to its clean-up, and farther where another length is planned. The whole hours
-- (appointment_types_*_check) are there for the index, which under a tenant's policy is searched by constants only.
SELECT {schedule},
       EXISTS (SELECT FROM appointments k WHERE k.network_id = %(network_id)s AND k.patient_id = %(patient_id)s::uuid
               AND (%(site_ids)s::uuid[] IS NULL OR k.site_id = ANY (%(site_ids)s::uuid[]))) AS patient_is_known
FROM sites s
JOIN practitioners p ON p.network_id = s.network_id AND p.practitioner_id = %(practitioner_id)s
JOIN appointment_types t ON t.network_id = s.network_id AND t.appointment_type_id = %(appointment_type_id)s
{schedule-from} AND b.start_at >= %(start_at)s::timestamptz - interval '28 hours'
    AND b.start_at < %(start_at)s::timestamptz + interval '16 hours'
    AND b.end_at > %(start_at)s::timestamptz
        - make_interval(mins => CASE WHEN t.planned = '[]' THEN t.set_up_minutes ELSE 240 END)
    AND b.start_at < %(start_at)s::timestamptz
        + make_interval(mins => CASE WHEN t.planned = '[]' THEN t.minutes + t.clean_up_minutes ELSE 960 END)
WHERE s.network_id = %(network_id)s AND s.site_id = %(site_id)s
ORDER BY b.start_at
