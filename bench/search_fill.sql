-- The books of bench/search.py: appointments number `first` to `last`, each with the time that it takes. The number says
-- whose one is and when: people take turns, then the times of a day, then the days, of which the coming ones are first.

SET LOCAL statement_timeout = 0;
SET LOCAL synchronous_commit = off;
-- By the million: nobody is told of a change, and what a row refers to was just made.
SET LOCAL session_replication_role = replica;

CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT ('0193b500-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS appointment_id, h.practitioner_id, h.site_id, h.zone,
       CASE WHEN n < %(ahead)s THEN 'booked' ELSE 'fulfilled' END AS status,
       (day + time '09:00' + make_interval(mins => 20 * (m / %(people)s %% %(a_day)s)::integer)) AT TIME ZONE h.zone AS start_at
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
CROSS JOIN LATERAL (SELECT CASE WHEN n < %(ahead)s THEN n ELSE n - %(ahead)s END AS m) number
CROSS JOIN LATERAL (
    SELECT (CASE WHEN n < %(ahead)s THEN %(coming)s::date[] ELSE %(past)s::date[] END)[1 + m / (%(people)s * %(a_day)s)] AS day
) days
JOIN (
    SELECT practitioner_id, site_id, zone, row_number() OVER (ORDER BY practitioner_id) - 1 AS place
    FROM working_hours JOIN sites USING (network_id, site_id) WHERE network_id = %(network_id)s
) h ON h.place = m %% %(people)s;

INSERT INTO appointments
    (network_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone,
     lane, booked_at, version, changed_xid)
SELECT %(network_id)s, appointment_id, site_id, practitioner_id, %(type_id)s, gen_random_uuid(), status, start_at,
       start_at + interval '20 minutes', zone, 1, start_at - interval '30 days', 1, 1
FROM made;

INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)
SELECT %(network_id)s, practitioner_id, 1, appointment_id, site_id, start_at, start_at + interval '20 minutes' FROM made;
