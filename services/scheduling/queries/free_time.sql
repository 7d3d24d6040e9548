-- Free time by day.

-- part: taken-now
-- A booking in a lane that the site has given up (or that overbooks) counts in its last one; one at another site in all.
coalesce((
    SELECT range_agg(b.during) FROM bookings b
    WHERE b.network_id = f.network_id AND b.resource_id = f.resource_id
      AND b.start_at >= f.since_at AND b.start_at < f.until_at AND b.end_at > f.from_at
      AND (b.site_id <> f.site_id OR b.lane = f.lane OR (f.lane = f.lanes AND b.lane > f.lanes))
), '{}')

-- name: keep-taken
-- After bookings around that time have changed; under the locks of their resources.
UPDATE free_days f SET taken = {taken-now}
WHERE f.network_id = %(network_id)s AND f.resource_id = ANY (%(resource_ids)s::uuid[])
  AND f.on_day >= (%(start_at)s::timestamptz - interval '3 days')::date
  AND f.on_day <= (%(end_at)s::timestamptz + interval '3 days')::date
  AND f.from_at < %(end_at)s AND f.until_at > %(start_at)s

-- name: keep-taken-from
-- After rows of resources at a site were made anew, from a day to a day.
UPDATE free_days f SET taken = {taken-now}
WHERE f.network_id = %(network_id)s AND f.resource_id = ANY (%(resource_ids)s::uuid[]) AND f.site_id = %(site_id)s
  AND f.on_day >= %(from_on)s AND f.on_day <= %(until_on)s
  AND EXISTS (SELECT FROM bookings b WHERE b.network_id = f.network_id AND b.resource_id = f.resource_id
              AND b.start_at >= f.since_at AND b.start_at < f.until_at)

-- name: forget-free-days
DELETE FROM free_days
WHERE network_id = %(network_id)s AND resource_id = ANY (%(resource_ids)s::uuid[]) AND site_id = %(site_id)s
  AND on_day >= %(from_on)s AND on_day <= %(until_on)s

-- name: add-free-days
-- Each day is sent once and written for each resource and lane that works on it.
INSERT INTO free_days
    (network_id, resource_id, site_id, on_day, lane, lanes, working, since_at, from_at, until_at, taken)
SELECT %(network_id)s::uuid, one.resource_id, %(site_id)s::uuid, day.on_day, lane, %(lanes)s::integer,
       day.working::tstzmultirange, day.since_at, day.from_at, day.until_at, '{}'
FROM unnest(%(resource_ids)s::uuid[]) AS one (resource_id)
CROSS JOIN unnest(%(on_days)s::date[], %(working)s::text[], %(since_ats)s::timestamptz[],
                  %(from_ats)s::timestamptz[], %(until_ats)s::timestamptz[])
    AS day (on_day, working, since_at, from_at, until_at)
CROSS JOIN generate_series(1, %(lanes)s::integer) AS lane

-- name: keep-kept
INSERT INTO free_time_kept AS known (network_id, resource_id, site_id, from_on, until_on)
SELECT %(network_id)s::uuid, one.resource_id, %(site_id)s::uuid, %(from_on)s::date, %(until_on)s::date
FROM unnest(%(resource_ids)s::uuid[]) AS one (resource_id)
ON CONFLICT (network_id, resource_id, site_id) DO UPDATE
    SET from_on = excluded.from_on, until_on = excluded.until_on

-- name: kept
SELECT resource_id, from_on, until_on FROM free_time_kept
WHERE network_id = %(network_id)s AND resource_id = ANY (%(resource_ids)s::uuid[]) AND site_id = %(site_id)s

-- name: free-places
-- Every resource with a site where it may be booked: of all or of one; with `until_on` only those kept for fewer days.
SELECT p.resource_id, p.site_id
FROM (SELECT practitioner_id AS resource_id, site_id FROM working_hours WHERE network_id = %(network_id)s
      UNION ALL
      SELECT resource_id, site_id FROM resources WHERE network_id = %(network_id)s) p
LEFT JOIN free_time_kept k
    ON k.network_id = %(network_id)s AND k.resource_id = p.resource_id AND k.site_id = p.site_id
WHERE (%(resource_id)s::uuid IS NULL OR p.resource_id = %(resource_id)s::uuid)
  AND (%(until_on)s::date IS NULL OR k.until_on IS NULL OR k.until_on < %(until_on)s::date
       OR k.from_on > %(from_on)s::date)
ORDER BY p.resource_id, p.site_id

-- name: forget-past-free-days
DELETE FROM free_days WHERE network_id = %(network_id)s AND on_day < %(before_on)s

-- name: forget-past-kept
UPDATE free_time_kept SET from_on = %(before_on)s WHERE network_id = %(network_id)s AND from_on < %(before_on)s

-- name: free-days-of
SELECT on_day, lane, lanes, working::text, taken::text, free::text, longest_minutes FROM free_days
WHERE network_id = %(network_id)s AND resource_id = %(resource_id)s AND site_id = %(site_id)s
ORDER BY on_day, lane

-- name: bookings-of
SELECT taken_by, site_id AS taken_at, lane AS taken_lane, start_at, end_at, expires_at FROM bookings
WHERE network_id = %(network_id)s AND resource_id = %(resource_id)s AND end_at > %(from_at)s
  AND start_at >= %(from_at)s::timestamptz - interval '1 day' AND start_at < %(until_at)s
ORDER BY start_at

-- name: zone-of-site
SELECT zone FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s
