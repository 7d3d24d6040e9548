-- What is known of patients' numbers beside the copies of others' facts.

-- name: wrong-number
SELECT patient_id, number, report_id, wrong, evidence, reported_at, reported_by
FROM wrong_numbers
WHERE network_id = %(network_id)s AND patient_id = %(patient_id)s AND number = %(number)s

-- name: keep-wrong-number
INSERT INTO wrong_numbers (network_id, patient_id, number, report_id, wrong, evidence, reported_at, reported_by)
VALUES (%(network_id)s, %(patient_id)s, %(number)s, %(report_id)s, %(wrong)s, %(evidence)s, %(reported_at)s,
        %(reported_by)s)
ON CONFLICT (network_id, patient_id, number) DO UPDATE
SET report_id = excluded.report_id, wrong = excluded.wrong, evidence = excluded.evidence,
    reported_at = excluded.reported_at, reported_by = excluded.reported_by

-- name: keep-number-failures
-- Sorted by the caller. A number that answered since the text went there, or of which somebody has said since that it is
-- right, is no such number.
INSERT INTO number_failures AS kept (network_id, number, reason, failed_at)
SELECT %(network_id)s::uuid, failed.number, failed.reason, failed.failed_at
FROM unnest(
    %(number)s::text[], %(reason)s::text[], %(failed_at)s::timestamptz[], %(sent_at)s::timestamptz[])
    AS failed (number, reason, failed_at, sent_at)
WHERE NOT EXISTS (
    SELECT FROM replies AS r
    WHERE r.network_id = %(network_id)s::uuid AND r.from_number = failed.number AND r.received_at >= failed.sent_at)
  AND NOT EXISTS (
    SELECT FROM wrong_numbers AS w
    WHERE w.network_id = %(network_id)s::uuid AND w.number = failed.number AND NOT w.wrong
      AND w.reported_at >= failed.sent_at)
ON CONFLICT (network_id, number) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at

-- name: forget-number-failures
DELETE FROM number_failures WHERE network_id = %(network_id)s AND number = ANY(%(numbers)s)

-- name: site-of-patient
-- Whose patient it is, for a task about nothing that was texted: the site of the visit that begins last.
SELECT site_id FROM appointments
WHERE network_id = %(network_id)s AND patient_id = %(patient_id)s
ORDER BY start_at DESC, appointment_id
LIMIT 1

-- name: texting-of-patient
-- A patient's numbers in her own order, with all that decides whether they are texted; `shared_with`: how many others
-- have the number too.
SELECT n.number, n.use, n.consented, n.purposes, w.wrong IS TRUE AS wrong,
       CASE WHEN w.wrong THEN w.reported_at END AS wrong_since,
       f.reason AS failure, f.failed_at, o.opted_out IS TRUE AS opted_out,
       CASE WHEN o.opted_out THEN o.changed_at END AS opted_out_at,
       (SELECT count(DISTINCT s.patient_id) FROM patient_numbers AS s
        WHERE s.network_id = n.network_id AND s.number = n.number AND s.patient_id <> n.patient_id) AS shared_with
FROM patient_numbers AS n
LEFT JOIN wrong_numbers AS w
  ON w.network_id = n.network_id AND w.patient_id = n.patient_id AND w.number = n.number
LEFT JOIN number_failures AS f ON f.network_id = n.network_id AND f.number = n.number
LEFT JOIN opt_outs AS o ON o.network_id = n.network_id AND o.number = n.number
WHERE n.network_id = %(network_id)s AND n.patient_id = %(patient_id)s
ORDER BY n.place
