-- Absences.

-- part: absence-columns
absence_id, exception_id, practitioner_id, site_id, from_at, until_at, reason, site_ids, marked_at, within_miles,
undone_at, version

-- name: absence
SELECT {absence-columns} FROM absences WHERE network_id = %(network_id)s AND absence_id = %(absence_id)s

-- name: standing-absences
SELECT {absence-columns} FROM absences
WHERE network_id = %(network_id)s AND until_at >= %(from_at)s AND from_at <= %(until_at)s AND undone_at IS NULL
  AND (practitioner_id = ANY (%(practitioner_ids)s::uuid[]) OR site_id = ANY (%(site_ids)s::uuid[]))
ORDER BY from_at, absence_id

-- name: add-absence
INSERT INTO absences
    (network_id, absence_id, exception_id, practitioner_id, site_id, from_at, until_at, reason, site_ids, marked_at,
     within_miles, undone_at, version)
VALUES
    (%(network_id)s, %(absence_id)s, %(exception_id)s, %(practitioner_id)s, %(site_id)s, %(from_at)s, %(until_at)s, %(reason)s,
     %(site_ids)s::uuid[], %(marked_at)s, %(within_miles)s, %(undone_at)s, %(version)s)

-- name: change-absence
UPDATE absences SET exception_id = %(exception_id)s, from_at = %(from_at)s, until_at = %(until_at)s, site_ids = %(site_ids)s::uuid[],
    within_miles = %(within_miles)s, undone_at = %(undone_at)s, version = %(version)s
WHERE network_id = %(network_id)s AND absence_id = %(absence_id)s

-- name: sites-of-absence
-- Where the practitioner works, or has visits then.
SELECT site_id FROM working_hours WHERE network_id = %(network_id)s AND practitioner_id = %(practitioner_id)s
UNION
SELECT site_id FROM bookings
WHERE network_id = %(network_id)s AND resource_id = %(practitioner_id)s AND end_at > %(from_at)s
  AND start_at >= %(from_at)s::timestamptz - interval '1 day' AND start_at < %(until_at)s
ORDER BY site_id

-- name: resources-to-close
-- Whose time can be booked at the site, or is booked there then.
SELECT practitioner_id AS resource_id FROM working_hours
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
UNION
SELECT practitioner_id FROM appointments
WHERE network_id = %(network_id)s AND site_id = %(site_id)s AND end_at > %(from_at)s
  AND start_at >= %(from_at)s::timestamptz - interval '1 day' AND start_at < %(until_at)s
UNION
SELECT resource_id FROM resources WHERE network_id = %(network_id)s AND site_id = %(site_id)s
ORDER BY resource_id

-- part: tally
-- Of the asker's sites alone (`site_ids` NULL: every site).
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.state = 'offered') AS offered, count(*) FILTER (WHERE r.state = 'moved') AS moved,
           count(*) FILTER (WHERE r.state = 'declined') AS declined,
           count(*) FILTER (WHERE r.state = 'to-call') AS to_call,
           count(*) FILTER (WHERE r.state = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE r.state = 'withdrawn') AS withdrawn
    FROM reschedules r
    WHERE r.network_id = %(network_id)s AND r.absence_id = absences.absence_id
      AND (%(site_ids)s::uuid[] IS NULL OR r.site_id = ANY (%(site_ids)s::uuid[]))
) t ON true

-- name: absence-page
-- Those that concern one of the asker's sites; `site_id`, `practitioner_id`: of that one alone; `until_after`: not undone, nor over.
SELECT {absence-columns}, t.offered, t.moved, t.declined, t.to_call, t.cancelled, t.withdrawn
FROM absences
{tally}
WHERE absences.network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR absences.site_ids && %(site_ids)s::uuid[])
  AND (%(site_id)s::uuid IS NULL OR %(site_id)s::uuid = ANY (absences.site_ids))
  AND (%(practitioner_id)s::uuid IS NULL OR absences.practitioner_id = %(practitioner_id)s::uuid)
  AND (%(until_after)s::timestamptz IS NULL OR (absences.until_at > %(until_after)s::timestamptz
       AND absences.undone_at IS NULL))
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (absences.from_at, absences.absence_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (absences.from_at, absences.absence_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN absences.from_at END DESC,
         CASE WHEN %(backwards)s THEN absences.absence_id END DESC, absences.from_at, absences.absence_id
LIMIT %(limit)s

-- name: absence-tally
SELECT {absence-columns}, t.offered, t.moved, t.declined, t.to_call, t.cancelled, t.withdrawn
FROM absences
{tally}
WHERE absences.network_id = %(network_id)s AND absence_id = %(absence_id)s
