-- Searching free time. What it costs follows the answers: day by day through an index, until there are enough.

-- name: search-candidates
-- Days of practitioners who may have a start, by the earliest instant that comes into question; of sites of one zone.
-- Each day is asked only where those before it have not given enough. `windows`: in which part of each day a visit may
-- lie; it must start before `until_at`, since what begins on the next day stands in that day's row. From a page before
-- (`after_id`, `after_site_id`): whoever was told at that instant comes into question only after it. Set-up is for what
-- is taken until then: without it everybody who gets free at one time would come before the first possible start.
SELECT c.resource_id, c.site_id, c.on_day, c.lane, c.working::text, c.taken::text, c.earliest_at
FROM unnest(%(days)s::date[], %(windows)s::tstzmultirange[], %(untils)s::timestamptz[]) AS d (on_day, within, until_at)
CROSS JOIN LATERAL (
    SELECT f.resource_id, f.site_id, f.on_day, f.lane, f.working, f.taken, e.earliest_at
    FROM free_days f
    CROSS JOIN LATERAL (
        SELECT FROM practitioners p
        WHERE p.network_id = %(network_id)s AND p.practitioner_id = f.resource_id
          AND (%(kind)s::text IS NULL OR p.kind = %(kind)s::text) AND (%(sex)s::text IS NULL OR p.sex = %(sex)s::text)
          AND (%(language)s::text IS NULL OR %(language)s::text = ANY (p.languages))
        OFFSET 0
    ) fitting
    CROSS JOIN LATERAL (
        SELECT min(greatest(piece.starts_at, e.from_at)) AS earliest_at
        FROM (SELECT upper(free) AS ends_at, lower(free)
                     + CASE WHEN f.taken @> (lower(free) - interval '1 microsecond')
                            THEN make_interval(mins => %(set_up_minutes)s::integer) ELSE interval '0' END AS starts_at
              FROM unnest(f.free * d.within) AS free) piece,
             (SELECT %(not_before)s::timestamptz
                     + CASE WHEN (f.resource_id, f.site_id) <= (%(after_id)s::uuid, %(after_site_id)s::uuid)
                            THEN interval '1 second' ELSE interval '0' END AS from_at) e
        WHERE piece.ends_at >= greatest(piece.starts_at, e.from_at) + make_interval(mins => %(minutes)s::integer)
    ) e
    WHERE f.network_id = %(network_id)s AND f.on_day = d.on_day AND f.site_id = ANY (%(site_ids)s::uuid[])
      AND f.longest_minutes >= %(minutes)s::integer
      AND (%(practitioner_ids)s::uuid[] IS NULL OR f.resource_id = ANY (%(practitioner_ids)s::uuid[]))
      AND e.earliest_at < d.until_at AND e.earliest_at <= %(not_after)s::timestamptz
    ORDER BY e.earliest_at, f.resource_id, f.site_id, f.lane
    LIMIT %(most)s
) c
LIMIT %(most)s

-- name: search-others
-- What else a visit needs, on those days and at those sites.
SELECT f.resource_id, f.site_id, f.on_day, f.lane, f.working::text, f.taken::text,
       coalesce(r.kind, 'practitioner') AS kind, CASE WHEN r.kind IS NULL THEN p.kind ELSE r.type END AS type
FROM free_days f
LEFT JOIN resources r ON r.network_id = f.network_id AND r.resource_id = f.resource_id
LEFT JOIN practitioners p ON p.network_id = f.network_id AND p.practitioner_id = f.resource_id
WHERE f.network_id = %(network_id)s AND f.on_day = ANY (%(days)s::date[]) AND f.site_id = ANY (%(site_ids)s::uuid[])
  AND f.longest_minutes >= %(minutes)s::integer
  AND EXISTS (
      SELECT FROM unnest(%(kinds)s::text[], %(types)s::text[]) AS need (kind, type)
      WHERE need.kind = coalesce(r.kind, 'practitioner')
        AND (need.type IS NULL OR need.type = CASE WHEN r.kind IS NULL THEN p.kind ELSE r.type END)
  )

-- name: search-equipped-sites
-- Where there are as many rooms and devices of each kind and type as a visit needs, whenever they are free. Elsewhere
-- every day of everybody would be looked at in vain.
SELECT wanted.site_id FROM unnest(%(site_ids)s::uuid[]) AS wanted (site_id)
WHERE NOT EXISTS (
    SELECT FROM unnest(%(kinds)s::text[], %(types)s::text[], %(counts)s::integer[]) AS need (kind, type, count)
    WHERE need.count > (
        SELECT count(*) FROM resources r
        WHERE r.network_id = %(network_id)s AND r.site_id = wanted.site_id AND r.kind = need.kind
          AND (need.type IS NULL OR r.type = need.type)
    )
)

-- name: search-sites
-- With `practitioner_ids` only where one of them works: elsewhere every day would be looked at in vain.
SELECT site_id, zone, zip FROM sites s
WHERE network_id = %(network_id)s AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(practitioner_ids)s::uuid[] IS NULL OR EXISTS (
      SELECT FROM free_time_kept k
      WHERE k.network_id = %(network_id)s AND k.resource_id = ANY (%(practitioner_ids)s::uuid[]) AND k.site_id = s.site_id))
ORDER BY zone, site_id

-- name: search-practitioners
SELECT practitioner_id FROM practitioners
WHERE network_id = %(network_id)s AND practitioner_id = ANY (%(practitioner_ids)s::uuid[])
