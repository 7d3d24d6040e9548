-- When sites are open, and what deviates from working time and opening hours.

-- name: opening-hours
SELECT weeks, version FROM opening_hours WHERE network_id = %(network_id)s AND site_id = %(site_id)s

-- name: keep-opening-hours
INSERT INTO opening_hours (network_id, site_id, weeks, version)
VALUES (%(network_id)s, %(site_id)s, %(weeks)s, %(version)s)
ON CONFLICT (network_id, site_id) DO UPDATE SET weeks = excluded.weeks, version = excluded.version

-- part: exception-columns
exception_id, site_id, resource_id, kind, reason, from_on, until_on, starts, ends, start_at, end_at

-- name: add-exception
INSERT INTO time_exceptions (network_id, {exception-columns}, begins_on, ends_on)
VALUES (%(network_id)s, %(exception_id)s, %(site_id)s, %(resource_id)s, %(kind)s, %(reason)s, %(from_on)s, %(until_on)s,
        %(starts)s, %(ends)s, %(start_at)s, %(end_at)s, %(begins_on)s, %(ends_on)s)

-- name: holidays
SELECT DISTINCT day::date AS day
FROM time_exceptions AS x
CROSS JOIN LATERAL generate_series(greatest(x.from_on, %(since)s::date), x.until_on, interval '1 day') AS day
WHERE x.network_id = %(network_id)s AND x.site_id = %(site_id)s AND x.resource_id IS NULL AND x.kind = 'holiday'
  AND x.removed_at IS NULL AND x.starts = 0 AND x.ends = 1440
  AND x.until_on >= %(since)s::date AND x.from_on < %(since)s::date + 730
ORDER BY day

-- name: remove-exception
UPDATE time_exceptions SET removed_at = %(removed_at)s
WHERE network_id = %(network_id)s AND exception_id = %(exception_id)s AND removed_at IS NULL

-- name: exception
-- Also one that was removed.
SELECT {exception-columns} FROM time_exceptions
WHERE network_id = %(network_id)s AND exception_id = %(exception_id)s

-- name: exception-page
-- Of a whole site, or of those who work there: leave at every site is leave here too.
SELECT {exception-columns}, begins_on FROM time_exceptions x
WHERE network_id = %(network_id)s AND (resource_id IS NULL) = %(of_site)s AND removed_at IS NULL
  AND ends_on >= %(from_on)s
  AND (site_id = %(site_id)s::uuid
       OR (site_id IS NULL AND EXISTS (SELECT FROM working_hours w
           WHERE w.network_id = x.network_id AND w.practitioner_id = x.resource_id
             AND w.site_id = %(site_id)s::uuid)))
  AND (%(resource_id)s::uuid IS NULL OR resource_id = %(resource_id)s)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (begins_on, exception_id) < (%(after_on)s::date, %(after_id)s::uuid)
       ELSE (begins_on, exception_id) > (%(after_on)s::date, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN begins_on END DESC, CASE WHEN %(backwards)s THEN exception_id END DESC,
         begins_on, exception_id
LIMIT %(limit)s
