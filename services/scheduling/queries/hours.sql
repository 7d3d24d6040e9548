-- When practitioners work, and rooms and devices can be had.

-- name: keep-working-hours
INSERT INTO working_hours (network_id, practitioner_id, site_id, lanes, patterns, stays, version)
VALUES (%(network_id)s, %(practitioner_id)s, %(site_id)s, %(lanes)s, %(patterns)s, %(stays)s, %(version)s)
ON CONFLICT (network_id, practitioner_id, site_id) DO UPDATE
SET lanes = excluded.lanes, patterns = excluded.patterns, stays = excluded.stays, version = excluded.version

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
-- What is set of a practitioner at a site; what deviates from it is not asked for.
SELECT h.lanes, h.version, h.patterns, h.stays, w.weekly
FROM working_hours h
{week}
WHERE h.network_id = %(network_id)s AND h.practitioner_id = %(practitioner_id)s AND h.site_id = %(site_id)s

-- Everything that says when `who` can be booked at the site `s`, from about `from_at` on: what ended days before is left
-- out, with a margin, since its days are the site's and the date here is UTC's.

-- part: hours-columns
h.lanes, h.version, h.patterns, h.stays, w.weekly, o.weeks AS opening, e.exceptions

-- part: hours
LEFT JOIN working_hours h
    ON h.network_id = s.network_id AND h.site_id = s.site_id AND h.practitioner_id = who.resource_id
{week}
LEFT JOIN opening_hours o ON o.network_id = s.network_id AND o.site_id = s.site_id
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(x.kind, x.from_on, x.until_on, x.starts, x.ends, x.start_at, x.end_at)) AS exceptions
    FROM time_exceptions x
    WHERE x.network_id = s.network_id AND x.removed_at IS NULL
      AND (x.resource_id = who.resource_id OR x.resource_id IS NULL)
      AND (x.site_id = s.site_id OR x.site_id IS NULL)
      AND x.ends_on >= (%(from_at)s::timestamptz - interval '3 days')::date
) e ON true

-- name: hours-at-site
-- Of these resources, or (NULL) of all that stand at the site or work there.
SELECT who.resource_id, who.capacity, who.active, who.from_on, who.until_on, {hours-columns}
FROM sites s
JOIN LATERAL (
    SELECT wh.practitioner_id AS resource_id, NULL::integer AS capacity, true AS active,
           NULL::date AS from_on, NULL::date AS until_on
    FROM working_hours wh WHERE wh.network_id = s.network_id AND wh.site_id = s.site_id
    UNION ALL
    SELECT r.resource_id, r.capacity, r.active, r.from_on, r.until_on
    FROM resources r WHERE r.network_id = s.network_id AND r.site_id = s.site_id
) who ON %(resource_ids)s::uuid[] IS NULL OR who.resource_id = ANY (%(resource_ids)s::uuid[])
{hours}
WHERE s.network_id = %(network_id)s AND s.site_id = %(site_id)s

-- name: resources-at-site
SELECT practitioner_id AS resource_id FROM working_hours
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
UNION ALL
SELECT resource_id FROM resources WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: sites-of-practitioner
SELECT site_id FROM working_hours
WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s ORDER BY site_id

-- name: coming-visits
-- What is still expected at a site, a row for each resource that it takes.
SELECT a.appointment_id, b.resource_id, a.site_id, a.practitioner_id, a.patient_id, a.start_at, a.end_at
FROM appointments a
JOIN bookings b ON b.network_id = a.network_id AND b.appointment_id = a.appointment_id
WHERE a.network_id = %(network_id)s AND a.site_id = %(site_id)s AND a.start_at >= %(from_at)s AND a.status = 'booked'
  AND (%(resource_ids)s::uuid[] IS NULL OR b.resource_id = ANY (%(resource_ids)s::uuid[]))
ORDER BY a.start_at, a.appointment_id
