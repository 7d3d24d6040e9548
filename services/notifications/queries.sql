-- Every statement of notifications, by name. Row-level security limits each to the network of the transaction.

-- name: keep-network
INSERT INTO networks (network_id, name, opened_at) VALUES (%(network_id)s, %(called)s, %(opened_at)s)
ON CONFLICT (network_id) DO NOTHING

-- name: keep-sender
INSERT INTO senders (network_id, number) VALUES (%(network_id)s, %(number)s)
ON CONFLICT (network_id) DO UPDATE SET number = excluded.number

-- name: sender
SELECT number FROM senders WHERE network_id = %(network_id)s

-- name: network-of-sender
SELECT network_of_sender(%(number)s) AS network_id

-- name: keep-sites
-- The newest condition wins; an older one changes nothing.
INSERT INTO sites AS kept (network_id, site_id, version, name, zone) VALUES %s
ON CONFLICT (network_id, site_id) DO UPDATE SET version = excluded.version, name = excluded.name, zone = excluded.zone
WHERE kept.version < excluded.version

-- name: keep-patients
-- Gives the patients of whom this was news: only their numbers are written anew.
INSERT INTO patients AS kept (network_id, patient_id, version) VALUES %s
ON CONFLICT (network_id, patient_id) DO UPDATE SET version = excluded.version
WHERE kept.version < excluded.version
RETURNING patient_id

-- name: forget-numbers
DELETE FROM patient_numbers WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s)

-- name: keep-numbers
INSERT INTO patient_numbers (network_id, patient_id, place, number, use, consented) VALUES %s

-- name: hold-patients
-- Shared: a consent withdrawn at this moment is either known by its version or waits until the claim is committed.
-- Whom an event has in hand is passed by, so that no text waits for another's patient.
SELECT patient_id, version FROM patients
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s)
FOR SHARE SKIP LOCKED

-- name: numbers-of
SELECT patient_id, number, use, consented
FROM patient_numbers
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s)
ORDER BY patient_id, place

-- name: patients-with-number
SELECT DISTINCT patient_id FROM patient_numbers WHERE network_id = %(network_id)s AND number = %(number)s

-- name: keep-appointments
-- Sorted by the caller. The rows written stay locked, and a claim waits for them.
INSERT INTO appointments AS kept
    (network_id, appointment_id, version, site_id, patient_id, status, start_at, changed_at)
SELECT %(network_id)s::uuid, visit.*
FROM unnest(
    %(appointment_id)s::uuid[], %(version)s::bigint[], %(site_id)s::uuid[], %(patient_id)s::uuid[], %(status)s::text[],
    %(start_at)s::timestamptz[], %(changed_at)s::timestamptz[]) AS visit
ON CONFLICT (network_id, appointment_id) DO UPDATE
SET version = excluded.version, site_id = excluded.site_id, patient_id = excluded.patient_id,
    status = excluded.status, start_at = excluded.start_at, changed_at = excluded.changed_at
WHERE kept.version < excluded.version
RETURNING appointment_id

-- name: lock-appointments
SELECT appointment_id, version, site_id, patient_id, status, start_at, changed_at
FROM appointments
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)
ORDER BY appointment_id
FOR UPDATE

-- name: try-appointments
-- A worker passes by what another worker, or an event, has in hand.
SELECT appointment_id, version, site_id, patient_id, status, start_at, changed_at
FROM appointments
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)
FOR UPDATE SKIP LOCKED

-- name: tellings-of
SELECT appointment_id, decided, told_status, told_start_at, passed_kind, passed_start_at, told_by, before_status,
       before_start_at
FROM tellings
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)

-- name: keep-tellings
INSERT INTO tellings
    (network_id, appointment_id, decided, told_status, told_start_at, passed_kind, passed_start_at, told_by,
     before_status, before_start_at)
SELECT %(network_id)s::uuid, kept.*
FROM unnest(
    %(appointment_id)s::uuid[], %(decided)s::integer[], %(told_status)s::text[], %(told_start_at)s::timestamptz[],
    %(passed_kind)s::text[], %(passed_start_at)s::timestamptz[], %(told_by)s::uuid[], %(before_status)s::text[],
    %(before_start_at)s::timestamptz[]) AS kept
ON CONFLICT (network_id, appointment_id) DO UPDATE
SET decided = excluded.decided, told_status = excluded.told_status, told_start_at = excluded.told_start_at,
    passed_kind = excluded.passed_kind, passed_start_at = excluded.passed_start_at, told_by = excluded.told_by,
    before_status = excluded.before_status, before_start_at = excluded.before_start_at

-- name: drop-due
-- What was due and was not claimed dies without a trace, but for what is due still.
DELETE FROM texts
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s) AND status = 'due'
  AND NOT text_id = ANY(%(still_due)s)
RETURNING text_id

-- name: keep-due
INSERT INTO texts AS kept
    (network_id, text_id, appointment_id, patient_id, site_id, kind, start_at, due_at, status)
SELECT %(network_id)s::uuid, due.*, 'due'
FROM unnest(
    %(text_id)s::uuid[], %(appointment_id)s::uuid[], %(patient_id)s::uuid[], %(site_id)s::uuid[], %(kind)s::text[],
    %(start_at)s::timestamptz[], %(changed_at)s::timestamptz[]) AS due
ON CONFLICT (network_id, text_id) DO UPDATE
SET due_at = excluded.due_at, patient_id = excluded.patient_id, site_id = excluded.site_id
WHERE kept.status = 'due'

-- name: ready-texts
-- Due, with every copy that sending needs. The copies of a text that still waits keep nobody else.
-- `real_now` is real time: a carrier that did not take a text is left alone for so long.
SELECT t.text_id, t.appointment_id, t.patient_id, p.version AS patient_version, t.site_id, s.name, s.zone,
       n.number AS sender, t.waiting_since IS NOT NULL AS waited
FROM texts AS t
JOIN patients AS p ON p.network_id = t.network_id AND p.patient_id = t.patient_id
JOIN sites AS s ON s.network_id = t.network_id AND s.site_id = t.site_id
JOIN senders AS n ON n.network_id = t.network_id
WHERE t.network_id = %(network_id)s AND t.status = 'due' AND t.due_at <= %(now)s
  AND (t.next_try_at IS NULL OR t.next_try_at <= %(real_now)s) AND t.text_id <> ALL(%(passed_by)s::uuid[])
  AND NOT EXISTS (
    SELECT FROM texts AS h
    WHERE h.network_id = t.network_id AND h.appointment_id = t.appointment_id AND h.status = 'claimed')
ORDER BY t.due_at, t.text_id
LIMIT %(limit)s

-- name: mark-waiting
-- `real_now` is real time: how long a copy may take has nothing to do with the clinic's clock.
-- Rows that an event has in hand are passed by: nothing here may wait while it holds others.
UPDATE texts SET waiting_since = %(real_now)s
WHERE network_id = %(network_id)s AND text_id IN (
    SELECT w.text_id FROM texts AS w
    WHERE w.network_id = %(network_id)s AND w.status = 'due' AND w.waiting_since IS NULL
      AND NOT (
        EXISTS (SELECT FROM patients AS p WHERE p.network_id = w.network_id AND p.patient_id = w.patient_id)
        AND EXISTS (SELECT FROM sites AS s WHERE s.network_id = w.network_id AND s.site_id = w.site_id)
        AND EXISTS (SELECT FROM senders AS n WHERE n.network_id = w.network_id))
    FOR UPDATE SKIP LOCKED)

-- part: whole-text
text_id, appointment_id, patient_id, site_id, kind, start_at, status, due_at, version, reason, number,
       attempt_id, claimed_at, claim_ends_at, sid, changed_at, tries, first_tried_at, next_try_at,
       body_hash, looks, next_look_at, gateway, from_number

-- name: waiting-too-long
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND status = 'due' AND waiting_since <= %(since)s
  AND NOT (
    EXISTS (SELECT FROM patients AS p WHERE p.network_id = texts.network_id AND p.patient_id = texts.patient_id)
    AND EXISTS (SELECT FROM sites AS s WHERE s.network_id = texts.network_id AND s.site_id = texts.site_id)
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
FOR UPDATE SKIP LOCKED

-- name: due-of-patients
SELECT appointment_id FROM texts
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s) AND status = 'due'

-- name: lock-due-of-appointments
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s) AND status = 'due'
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
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND attempt_id = %(attempt_id)s

-- name: lock-attempts
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND attempt_id = ANY(%(attempt_ids)s)
ORDER BY attempt_id
FOR UPDATE

-- name: lock-to-look-up
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND status = 'unknown' AND next_look_at <= %(real_now)s
  AND gateway = %(gateway)s
ORDER BY next_look_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED

-- name: put-off-look
UPDATE texts SET looks = %(looks)s, next_look_at = %(next_look_at)s
WHERE network_id = %(network_id)s AND text_id = %(text_id)s

-- name: sids-of-others
SELECT sid FROM texts
WHERE network_id = %(network_id)s AND sid = ANY(%(sids)s) AND text_id <> %(text_id)s

-- name: twin
SELECT text_id FROM texts
WHERE network_id = %(network_id)s AND number = %(number)s AND text_id <> %(text_id)s
  AND status IN ('claimed', 'unknown') AND body_hash = %(body_hash)s
LIMIT 1

-- name: lost-attempts
SELECT attempt_id FROM texts
WHERE network_id = %(network_id)s AND status = 'claimed' AND claim_ends_at < %(real_now)s
ORDER BY claim_ends_at, attempt_id
LIMIT %(limit)s

-- name: change-texts
UPDATE texts
SET status = now.status, version = now.version, reason = now.reason, number = now.number, attempt_id = now.attempt_id,
    claimed_at = now.claimed_at, claim_ends_at = now.claim_ends_at, sid = now.sid, changed_at = now.changed_at,
    tries = now.tries, first_tried_at = now.first_tried_at, next_try_at = now.next_try_at, body_hash = now.body_hash,
    looks = now.looks, next_look_at = now.next_look_at, gateway = now.gateway, from_number = now.from_number
FROM unnest(
    %(text_id)s::uuid[], %(status)s::text[], %(version)s::bigint[], %(reason)s::text[], %(number)s::text[],
    %(attempt_id)s::uuid[], %(claimed_at)s::timestamptz[], %(claim_ends_at)s::timestamptz[], %(sid)s::text[],
    %(changed_at)s::timestamptz[], %(tries)s::integer[], %(first_tried_at)s::timestamptz[],
    %(next_try_at)s::timestamptz[], %(body_hash)s::text[], %(looks)s::integer[], %(next_look_at)s::timestamptz[],
    %(gateway)s::text[], %(from_number)s::text[])
    AS now (text_id, status, version, reason, number, attempt_id, claimed_at, claim_ends_at, sid, changed_at, tries,
            first_tried_at, next_try_at, body_hash, looks, next_look_at, gateway, from_number)
WHERE texts.network_id = %(network_id)s AND texts.text_id = now.text_id

-- name: opt-out
SELECT opt_out_id, number, opted_out, version, changed_at, evidence
FROM opt_outs
WHERE network_id = %(network_id)s AND number = %(number)s

-- name: opted-out-of
SELECT number FROM opt_outs
WHERE network_id = %(network_id)s AND number = ANY(%(numbers)s) AND opted_out

-- name: keep-opt-out
INSERT INTO opt_outs (network_id, opt_out_id, number, opted_out, version, changed_at, evidence)
VALUES (%(network_id)s, %(opt_out_id)s, %(number)s, %(opted_out)s, %(version)s, %(changed_at)s, %(evidence)s)
ON CONFLICT (network_id, number) DO UPDATE
SET opted_out = excluded.opted_out, version = excluded.version, changed_at = excluded.changed_at,
    evidence = excluded.evidence

-- name: keep-reply
-- A carrier tells the same reply more than once, and its signature bears no time: the first alone counts.
INSERT INTO replies (network_id, message_id, from_number, body, meaning, received_at)
VALUES (%(network_id)s, %(message_id)s, %(from_number)s, %(body)s, %(meaning)s, %(received_at)s)
ON CONFLICT (network_id, message_id) DO NOTHING

-- name: last-texted
-- Whose reply it may be: the text that went to the number last.
SELECT site_id FROM texts
WHERE network_id = %(network_id)s AND number = %(number)s AND claimed_at IS NOT NULL
ORDER BY claimed_at DESC
LIMIT 1

-- name: open-task
INSERT INTO tasks
    (network_id, task_id, site_id, reason, text_id, appointment_id, patient_id, message_id, opened_at)
VALUES
    (%(network_id)s, %(task_id)s, %(site_id)s, %(reason)s, %(text_id)s, %(appointment_id)s, %(patient_id)s,
     %(message_id)s, %(opened_at)s)
ON CONFLICT (network_id, task_id) DO UPDATE SET done_at = NULL, closed_by = NULL

-- name: close-tasks
UPDATE tasks SET done_at = %(now)s, closed_by = %(closed_by)s
WHERE network_id = %(network_id)s AND text_id = ANY(%(text_ids)s) AND reason = ANY(%(reasons)s) AND done_at IS NULL

-- name: task
SELECT task_id, site_id, reason, opened_at, text_id, appointment_id, patient_id, message_id
FROM tasks
WHERE network_id = %(network_id)s AND task_id = %(task_id)s

-- name: close-task
UPDATE tasks SET done_at = %(now)s, closed_by = %(closed_by)s
WHERE network_id = %(network_id)s AND task_id = %(task_id)s AND done_at IS NULL

-- name: keep-sandbox-texts
INSERT INTO sandbox_texts (network_id, attempt_id, sid, from_number, to_number, body, accepted_at)
SELECT %(network_id)s::uuid, one.*, %(accepted_at)s::timestamptz
FROM unnest(%(attempt_id)s::uuid[], %(sid)s::text[], %(from_number)s::text[], %(to_number)s::text[], %(body)s::text[])
    AS one
ON CONFLICT (network_id, attempt_id) DO NOTHING

-- name: texts-of-site
-- `backwards` is a constant to the planner, here and in the other pages: each of the two orders is its own plan.
SELECT text_id, version, appointment_id, patient_id, site_id, kind, status, reason, start_at, due_at, changed_at
FROM texts
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s

-- name: texts-of-appointment
SELECT text_id, version, appointment_id, patient_id, site_id, kind, status, reason, start_at, due_at, changed_at
FROM texts
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s

-- name: unknown-texts
SELECT text_id, version, appointment_id, patient_id, site_id, kind, status, reason, start_at, due_at, changed_at,
       claimed_at, looks, next_look_at
FROM texts
WHERE network_id = %(network_id)s AND status = 'unknown'
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY(%(site_ids)s::uuid[]))
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (due_at, text_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (due_at, text_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN due_at END DESC, CASE WHEN %(backwards)s THEN text_id END DESC, due_at, text_id
LIMIT %(limit)s

-- name: unknown-text
SELECT text_id, version, appointment_id, patient_id, site_id, kind, status, reason, start_at, due_at, changed_at,
       claimed_at, looks, next_look_at, number
FROM texts
WHERE network_id = %(network_id)s AND text_id = %(text_id)s

-- name: site-of-appointment
SELECT site_id FROM appointments WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: sandbox-attempt
SELECT sid, body FROM sandbox_texts WHERE network_id = %(network_id)s AND attempt_id = %(attempt_id)s

-- name: sandbox-texts
-- Only what was sent for the asker's own sites; NULL: every site.
SELECT s.attempt_id, s.sid, s.from_number, s.to_number, s.body, s.accepted_at, t.text_id, t.appointment_id, t.site_id
FROM sandbox_texts AS s
JOIN texts AS t ON t.network_id = s.network_id AND t.attempt_id = s.attempt_id
WHERE s.network_id = %(network_id)s AND (%(site_ids)s::uuid[] IS NULL OR t.site_id = ANY(%(site_ids)s::uuid[]))
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (s.accepted_at, s.attempt_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (s.accepted_at, s.attempt_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN s.accepted_at END DESC, CASE WHEN %(backwards)s THEN s.attempt_id END DESC,
         s.accepted_at, s.attempt_id
LIMIT %(limit)s

-- name: open-tasks
-- A site's own, and those that no site can be told for.
SELECT task_id, site_id, reason, text_id, appointment_id, patient_id, message_id, opened_at
FROM tasks
WHERE network_id = %(network_id)s AND (site_id = %(site_id)s OR site_id IS NULL) AND done_at IS NULL
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (opened_at, task_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (opened_at, task_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN opened_at END DESC, CASE WHEN %(backwards)s THEN task_id END DESC,
         opened_at, task_id
LIMIT %(limit)s
