-- Texts on their way: due, claimed, and what became of them.

-- name: drop-due
-- What was due and was not claimed dies without a trace, but for what is due still.
DELETE FROM texts
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s) AND status = 'due' AND lead IS NULL
  AND asked_id IS NULL
  AND NOT text_id = ANY(%(still_due)s)
RETURNING text_id

-- name: reminders-waiting
SELECT t.text_id FROM texts AS t
JOIN appointments AS a ON a.network_id = t.network_id AND a.appointment_id = t.appointment_id
WHERE t.network_id = %(network_id)s AND t.appointment_id = ANY(%(appointment_ids)s) AND t.status = 'due'
  AND t.lead IS NOT NULL AND t.site_id = a.site_id

-- name: drop-reminders
DELETE FROM texts
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s) AND status = 'due'
  AND lead IS NOT NULL AND NOT text_id = ANY(%(still_due)s)
RETURNING text_id

-- name: keep-due
-- A text of another site has other words: an attempt that was put back and is with the carrier after all is none of it.
INSERT INTO texts AS kept
    (network_id, text_id, appointment_id, patient_id, site_id, kind, start_at, due_at, lead, run_id,
     status)
SELECT %(network_id)s::uuid, due.*, 'due'
FROM unnest(
    %(text_id)s::uuid[], %(appointment_id)s::uuid[], %(patient_id)s::uuid[], %(site_id)s::uuid[], %(kind)s::text[],
    %(start_at)s::timestamptz[], %(due_at)s::timestamptz[], %(lead)s::text[],
    %(run_id)s::uuid[]) AS due
ON CONFLICT (network_id, text_id) DO UPDATE
SET due_at = excluded.due_at, patient_id = excluded.patient_id, site_id = excluded.site_id,
    run_id = excluded.run_id, attempt_id = CASE WHEN kept.site_id = excluded.site_id THEN kept.attempt_id END
WHERE kept.status = 'due'

-- part: ready
-- Due, now or later, with every copy that sending needs. The copies of a text that still waits keep nobody else. What says when a visit
-- is to take place waits while it cannot: while it is where it was listed. One that has been moved since can.
-- `real_now` is real time: a carrier that did not take a text is left alone for so long.
SELECT t.text_id, t.kind, t.lead, t.start_at, t.appointment_id, t.asked_id, t.run_id, t.patient_id,
       p.version AS patient_version, t.site_id, s.name, s.zone, s.phone, s.holidays, w.name AS network_name, p.given, p.language, n.number AS sender,
       t.waiting_since IS NOT NULL AS waited
FROM texts AS t
JOIN patients AS p ON p.network_id = t.network_id AND p.patient_id = t.patient_id
JOIN sites AS s ON s.network_id = t.network_id AND s.site_id = t.site_id
JOIN senders AS n ON n.network_id = t.network_id
JOIN networks AS w ON w.network_id = t.network_id
WHERE t.network_id = %(network_id)s AND t.status = 'due'
  AND (t.next_try_at IS NULL OR t.next_try_at <= %(real_now)s) AND t.text_id <> ALL(%(passed_by)s::uuid[])
  AND (%(only)s::uuid[] IS NULL OR t.text_id = ANY(%(only)s::uuid[]))
  AND NOT EXISTS (
    SELECT FROM texts AS h
    WHERE h.network_id = t.network_id AND h.appointment_id = t.appointment_id AND h.status = 'claimed')
  AND NOT EXISTS (
    SELECT FROM texts AS h
    WHERE h.network_id = t.network_id AND h.asked_id = t.asked_id AND h.status = 'claimed')
  AND (t.place_id IS NULL OR EXISTS (
    SELECT FROM sites AS o WHERE o.network_id = t.network_id AND o.site_id = t.place_id))
  AND NOT (t.asked_id IS NULL AND t.kind <> ALL(%(tell_that_it_is_off)s) AND EXISTS (
    SELECT FROM reschedules AS l
    JOIN appointments AS a ON a.network_id = l.network_id AND a.appointment_id = l.appointment_id
    WHERE l.network_id = t.network_id AND l.appointment_id = t.appointment_id
      AND l.state IN ('offered', 'declined', 'to-call') AND l.start_at > %(now)s
      AND (l.start_at, l.site_id) = (a.start_at, a.site_id)))

-- name: ready-texts
{ready} AND t.due_at <= %(now)s AND t.run_id IS NULL
ORDER BY t.due_at, t.text_id
LIMIT %(limit)s

-- name: ready-texts-of-runs
{ready} AND t.due_at <= %(now)s AND t.run_id IS NOT NULL
ORDER BY t.due_at, t.text_id
LIMIT %(limit)s

-- name: ready-companions
{ready} AND t.text_id = ANY(%(text_ids)s::uuid[])
ORDER BY t.due_at, t.text_id

-- name: reminders-of-numbers
-- Due, now or later, by whoever has one of these numbers, for visits that begin between. Each number and each patient is
-- looked up by itself (OFFSET 0): whoever plans this while a bulk has just been made thinks that nothing is due.
SELECT one.number, t.text_id, t.site_id, t.lead, t.start_at, t.due_at
FROM unnest(%(numbers)s::text[]) AS one (number)
CROSS JOIN LATERAL (
    SELECT n.patient_id FROM patient_numbers AS n
    WHERE n.network_id = %(network_id)s AND n.number = one.number
    OFFSET 0) AS p
CROSS JOIN LATERAL (
    SELECT d.text_id, d.site_id, d.lead, d.start_at, d.due_at FROM texts AS d
    WHERE d.network_id = %(network_id)s AND d.patient_id = p.patient_id AND d.status = 'due' AND d.kind = %(kind)s
      AND d.start_at BETWEEN %(from_at)s AND %(until_at)s
    OFFSET 0) AS t
ORDER BY t.due_at, t.text_id

-- name: mark-waiting
-- `real_now` is real time: how long a copy may take has nothing to do with the clinic's clock.
-- Rows that an event has in hand are passed by: nothing here may wait while it holds others.
UPDATE texts SET waiting_since = %(real_now)s
WHERE network_id = %(network_id)s AND text_id IN (
    SELECT w.text_id FROM texts AS w
    WHERE w.network_id = %(network_id)s AND w.status = 'due' AND w.waiting_since IS NULL AND w.due_at <= %(now)s
      AND NOT (
        EXISTS (SELECT FROM patients AS p WHERE p.network_id = w.network_id AND p.patient_id = w.patient_id)
        AND EXISTS (SELECT FROM sites AS s WHERE s.network_id = w.network_id AND s.site_id = w.site_id)
        AND (w.place_id IS NULL OR EXISTS (
          SELECT FROM sites AS o WHERE o.network_id = w.network_id AND o.site_id = w.place_id))
        AND EXISTS (SELECT FROM senders AS n WHERE n.network_id = w.network_id))
    FOR UPDATE SKIP LOCKED)

-- part: whole-text
text_id, appointment_id, patient_id, site_id, kind, start_at, status, due_at, version, reason, number,
       attempt_id, claimed_at, claim_ends_at, sid, changed_at, tries, first_tried_at, next_try_at,
       body_hash, looks, next_look_at, gateway, from_number,
       template_id, template_version, language, lead, counted, asked_id, place_id, run_id

-- name: waiting-too-long
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND status = 'due' AND waiting_since <= %(since)s
  AND NOT (
    EXISTS (SELECT FROM patients AS p WHERE p.network_id = texts.network_id AND p.patient_id = texts.patient_id)
    AND EXISTS (SELECT FROM sites AS s WHERE s.network_id = texts.network_id AND s.site_id = texts.site_id)
    AND (texts.place_id IS NULL OR EXISTS (
      SELECT FROM sites AS o WHERE o.network_id = texts.network_id AND o.site_id = texts.place_id))
    AND EXISTS (SELECT FROM senders AS n WHERE n.network_id = texts.network_id))
  AND NOT EXISTS (
    SELECT FROM tasks AS t
    WHERE t.network_id = texts.network_id AND t.text_id = texts.text_id AND t.reason = 'copy-missing'
      AND t.done_at IS NULL)
ORDER BY waiting_since
LIMIT %(limit)s

-- name: lock-due-texts
-- One text of an appointment at a time is with the carrier: what is told next depends on whether the last one left.
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND text_id = ANY(%(text_ids)s) AND status = 'due'
  AND NOT EXISTS (
    SELECT FROM texts AS h
    WHERE h.network_id = texts.network_id AND h.appointment_id = texts.appointment_id AND h.status = 'claimed')
  AND NOT EXISTS (
    SELECT FROM texts AS h
    WHERE h.network_id = texts.network_id AND h.asked_id = texts.asked_id AND h.status = 'claimed')
FOR UPDATE SKIP LOCKED

-- name: due-of-patients
-- Reminders are judged at their own time: by then a STOP may be taken back.
SELECT appointment_id FROM texts
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s) AND status = 'due' AND lead IS NULL
  AND asked_id IS NULL

-- name: lock-due-of-appointments
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s) AND status = 'due' AND lead IS NULL
  AND asked_id IS NULL
ORDER BY appointment_id
FOR UPDATE

-- name: text
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND text_id = %(text_id)s

-- name: lock-text
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND text_id = %(text_id)s
FOR UPDATE

-- name: attempt
-- A group of reminders has one attempt.
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND attempt_id = %(attempt_id)s
ORDER BY start_at, text_id

-- name: lock-attempts
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND attempt_id = ANY(%(attempt_ids)s)
ORDER BY attempt_id, text_id
FOR UPDATE

-- name: lost-attempts
SELECT DISTINCT attempt_id, claim_ends_at FROM texts
WHERE network_id = %(network_id)s AND status = 'claimed' AND claim_ends_at < %(real_now)s
ORDER BY claim_ends_at, attempt_id
LIMIT %(limit)s

-- name: counted-texts
-- What went, or may have gone, to these patients, and counts towards the caps.
SELECT patient_id, kind, claimed_at FROM texts
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s) AND counted AND claimed_at > %(since)s
  AND status IN ('claimed', 'accepted', 'delivered', 'failed', 'unknown')

-- name: put-off-texts
-- Business time: they may not go before.
UPDATE texts SET due_at = later.due_at
FROM unnest(%(text_ids)s::uuid[], %(due_at)s::timestamptz[]) AS later (text_id, due_at)
WHERE texts.network_id = %(network_id)s AND texts.text_id = later.text_id AND texts.status = 'due'

-- name: change-texts
UPDATE texts
SET status = now.status, version = now.version, reason = now.reason, number = now.number, attempt_id = now.attempt_id,
    claimed_at = now.claimed_at, claim_ends_at = now.claim_ends_at, sid = now.sid, changed_at = now.changed_at,
    tries = now.tries, first_tried_at = now.first_tried_at, next_try_at = now.next_try_at, body_hash = now.body_hash,
    looks = now.looks, next_look_at = now.next_look_at, gateway = now.gateway, from_number = now.from_number,
    template_id = now.template_id, template_version = now.template_version, language = now.language,
    counted = now.counted
FROM unnest(
    %(text_id)s::uuid[], %(status)s::text[], %(version)s::bigint[], %(reason)s::text[], %(number)s::text[],
    %(attempt_id)s::uuid[], %(claimed_at)s::timestamptz[], %(claim_ends_at)s::timestamptz[], %(sid)s::text[],
    %(changed_at)s::timestamptz[], %(tries)s::integer[], %(first_tried_at)s::timestamptz[],
    %(next_try_at)s::timestamptz[], %(body_hash)s::text[], %(looks)s::integer[], %(next_look_at)s::timestamptz[],
    %(gateway)s::text[], %(from_number)s::text[], %(template_id)s::uuid[], %(template_version)s::integer[],
    %(language)s::text[], %(counted)s::boolean[])
    AS now (text_id, status, version, reason, number, attempt_id, claimed_at, claim_ends_at, sid, changed_at, tries,
            first_tried_at, next_try_at, body_hash, looks, next_look_at, gateway, from_number, template_id,
            template_version, language, counted)
WHERE texts.network_id = %(network_id)s AND texts.text_id = now.text_id
