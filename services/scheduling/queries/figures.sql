-- Figures of a site.

-- name: figures
-- Appointments by their start, in the periods whose first days are given. Refilled: what has time on the same lane of the
-- same practitioner has come after the cancellation (bookings_excl), so booking and moving count. A missed one has given
-- its time back; it has come after where it was booked after. `since_at`: under a tenant's policy an index is searched by
-- columns and constants, and no booking is longer than a day.
WITH wanted AS MATERIALIZED (
    SELECT a.appointment_id, a.practitioner_id, a.appointment_type_id, a.status, a.start_at, a.end_at, a.lane, a.cancelled_at,
           a.start_at - interval '1 day' AS since_at,
           extract(epoch FROM a.end_at - a.start_at) / 60 AS minutes,
           greatest(extract(epoch FROM a.start_at - a.booked_at), 0) / 86400 AS lead_days,
           width_bucket(a.start_at, %(starts)s::timestamptz[]) AS period
    FROM appointments a
    WHERE a.network_id = %(network_id)s AND a.site_id = %(site_id)s
      AND a.start_at >= %(from_at)s AND a.start_at < %(until_at)s AND a.status <> 'entered-in-error'
), judged AS (
    SELECT w.*, w.status = 'cancelled' AND EXISTS (
        SELECT FROM appointments b
        WHERE b.network_id = %(network_id)s AND b.site_id = %(site_id)s AND b.practitioner_id = w.practitioner_id
          AND b.lane = w.lane AND (b.status IN ('proposed', 'booked', 'arrived', 'fulfilled')
                                   OR b.status = 'noshow' AND b.booked_at >= w.cancelled_at)
          AND b.start_at >= w.since_at AND b.start_at < w.end_at AND b.end_at > w.start_at
    ) AS refilled
    FROM wanted w
)
SELECT CASE WHEN %(by)s = 'practitioner' THEN practitioner_id END AS practitioner_id,
       CASE WHEN %(by)s = 'appointment_type' THEN appointment_type_id END AS appointment_type_id,
       (%(firsts)s::date[])[period] AS from_on,
       count(*) AS appointments,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE refilled) AS refilled,
       count(*) FILTER (WHERE status = 'noshow') AS noshow,
       count(*) FILTER (WHERE status IN ('arrived', 'fulfilled')) AS seen,
       coalesce(round(sum(minutes) FILTER (WHERE status <> 'cancelled')), 0)::bigint AS filled_minutes,
       round(avg(lead_days) FILTER (WHERE status <> 'cancelled'), 4)::float8 AS lead_days_mean,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_days::float8)
              FILTER (WHERE status <> 'cancelled'))::numeric, 4)::float8 AS lead_days_median
FROM judged
GROUP BY 1, 2, 3

-- name: practitioners-of-site
SELECT practitioner_id FROM working_hours
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
ORDER BY practitioner_id
