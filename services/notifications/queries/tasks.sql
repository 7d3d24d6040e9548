-- Tasks for people.

-- name: open-task
-- One about a visit for each reason, as long as that one is open; opened again after it was done it is as new.
INSERT INTO tasks
    (network_id, task_id, site_id, reason, text_id, appointment_id, patient_id, message_id, opened_at, due_at)
SELECT %(network_id)s::uuid, %(task_id)s::uuid, %(site_id)s::uuid, %(reason)s::text, %(text_id)s::uuid,
       %(appointment_id)s::uuid, %(patient_id)s::uuid, %(message_id)s::text, %(opened_at)s::timestamptz,
       %(due_by)s::timestamptz
WHERE NOT EXISTS (
    SELECT FROM tasks AS o
    WHERE o.network_id = %(network_id)s::uuid AND o.appointment_id = %(appointment_id)s::uuid
      AND o.reason = %(reason)s::text AND o.reason = ANY(%(untold)s) AND o.task_id <> %(task_id)s::uuid
      AND o.done_at IS NULL
      -- What is asked beside the visit is a cause of its own, and so is the visit at another time.
      AND (SELECT x.start_at FROM texts AS x WHERE x.network_id = o.network_id AND x.text_id = o.text_id)
          IS NOT DISTINCT FROM %(start_at)s::timestamptz
      AND (SELECT x.asked_id FROM texts AS x WHERE x.network_id = o.network_id AND x.text_id = o.text_id)
          IS NOT DISTINCT FROM
          (SELECT x.asked_id FROM texts AS x WHERE x.network_id = o.network_id AND x.text_id = %(text_id)s::uuid))
ON CONFLICT (network_id, task_id) DO UPDATE
SET done_at = NULL, closed_by = NULL, outcome = NULL, tries = 0, taken_by = NULL, taken_at = NULL,
    due_at = excluded.due_at
WHERE tasks.done_at IS NOT NULL

-- name: close-tasks
UPDATE tasks SET done_at = %(now)s, closed_by = %(closed_by)s
WHERE network_id = %(network_id)s AND text_id = ANY(%(text_ids)s) AND reason = ANY(%(reasons)s) AND done_at IS NULL

-- part: about-visits
JOIN texts AS own ON own.network_id = t.network_id AND own.text_id = t.text_id AND own.asked_id IS NULL
    JOIN appointments AS a ON a.network_id = t.network_id AND a.appointment_id = t.appointment_id

-- part: cause-is-gone
(t.reason = ANY(%(with_its_status)s)
           AND (own.kind = ANY(%(of_a_booked)s) AND a.status <> 'booked'
                OR own.kind = 'cancelled' AND a.status <> 'cancelled' OR own.kind = 'missed' AND a.status <> 'noshow')
        OR t.reason = ANY(%(with_the_visit)s) AND (a.start_at, a.site_id) <> (own.start_at, own.site_id)
        OR t.reason = ANY(%(untold)s) AND EXISTS (
             SELECT FROM texts AS x
             WHERE x.network_id = t.network_id AND x.appointment_id = t.appointment_id AND x.text_id <> t.text_id
               AND x.status IN ('accepted', 'delivered') AND x.start_at = own.start_at
               AND (x.kind = 'cancelled') = (own.kind = 'cancelled')
               AND x.claimed_at >= coalesce(own.claimed_at, own.changed_at)))

-- name: end-tasks-of
-- Of these appointments, what has no cause any more: the visit is not what the patient should have been told or was
-- asked about, or a later text of it has reached her. What somebody has in hand is passed by: the next look finds it.
UPDATE tasks SET done_at = %(now)s
WHERE network_id = %(network_id)s AND task_id IN (
    SELECT t.task_id
    FROM tasks AS t
    {about-visits}
    WHERE t.network_id = %(network_id)s AND t.appointment_id = ANY(%(appointment_ids)s) AND t.done_at IS NULL
      AND {cause-is-gone}
    FOR UPDATE OF t SKIP LOCKED)

-- name: end-tasks
-- The same of all, for what was settled while its visit changed.
UPDATE tasks SET done_at = %(now)s
WHERE network_id = %(network_id)s AND task_id IN (
    SELECT t.task_id
    FROM tasks AS t
    {about-visits}
    WHERE t.network_id = %(network_id)s AND t.appointment_id IS NOT NULL AND t.done_at IS NULL
      AND {cause-is-gone}
    FOR UPDATE OF t SKIP LOCKED)

-- name: end-tasks-of-numbers
-- Those that ask for a number, where none of the patient's is wrong any more.
UPDATE tasks SET done_at = %(now)s
WHERE network_id = %(network_id)s AND task_id IN (
    SELECT t.task_id
    FROM tasks AS t
    WHERE t.network_id = %(network_id)s AND t.done_at IS NULL AND t.reason = 'wrong-number' AND t.text_id IS NULL
      AND NOT EXISTS (
        SELECT FROM wrong_numbers AS w
        JOIN patient_numbers AS n ON n.network_id = w.network_id AND n.patient_id = w.patient_id AND n.number = w.number
        WHERE w.network_id = t.network_id AND w.patient_id = t.patient_id AND w.wrong)
    FOR UPDATE OF t SKIP LOCKED)

-- part: whole-task
t.task_id, t.site_id, t.reason, t.opened_at, t.text_id, t.appointment_id, t.patient_id, t.message_id, t.due_at,
       t.taken_by, t.taken_at, t.tries, t.outcome, t.done_at

-- name: lock-task
SELECT {whole-task}, x.start_at
FROM tasks AS t
LEFT JOIN texts AS x ON x.network_id = t.network_id AND x.text_id = t.text_id
WHERE t.network_id = %(network_id)s AND t.task_id = %(task_id)s
FOR UPDATE OF t

-- name: change-task
UPDATE tasks
SET due_at = %(due_at)s, taken_by = %(taken_by)s, taken_at = %(taken_at)s, tries = %(tries)s, outcome = %(outcome)s,
    done_at = %(done_at)s, closed_by = %(closed_by)s
WHERE network_id = %(network_id)s AND task_id = %(task_id)s

-- name: add-outcome
INSERT INTO task_outcomes (network_id, outcome_id, task_id, outcome, note, said_at, said_by)
VALUES (%(network_id)s, %(outcome_id)s, %(task_id)s, %(outcome)s, %(note)s, %(said_at)s, %(said_by)s)

-- name: open-tasks
-- A site's own, and those that no site can be told for.
SELECT {whole-task}
FROM tasks AS t
WHERE t.network_id = %(network_id)s AND (t.site_id = %(site_id)s OR t.site_id IS NULL) AND t.done_at IS NULL
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (t.opened_at, t.task_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (t.opened_at, t.task_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN t.opened_at END DESC, CASE WHEN %(backwards)s THEN t.task_id END DESC,
         t.opened_at, t.task_id
LIMIT %(limit)s

-- part: call
{whole-task}, t.due_by, x.kind, x.start_at

-- part: of-the-calls
FROM tasks AS t
    WHERE t.network_id = %(network_id)s AND t.reason = ANY(%(reasons)s)
      AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
           THEN (t.due_by, t.task_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
           ELSE (t.due_by, t.task_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)

-- part: in-their-order
ORDER BY CASE WHEN %(backwards)s THEN t.site_id END DESC, CASE WHEN %(backwards)s THEN t.due_by END DESC,
             CASE WHEN %(backwards)s THEN t.task_id END DESC, t.site_id, t.due_by, t.task_id
    LIMIT %(limit)s

-- part: with-their-texts
LEFT JOIN texts AS x ON x.network_id = t.network_id AND x.text_id = t.text_id
ORDER BY CASE WHEN %(backwards)s THEN t.due_by END DESC, CASE WHEN %(backwards)s THEN t.task_id END DESC, t.due_by,
         t.task_id
LIMIT %(limit)s

-- name: open-calls
-- A site's, and those that no site can be told for; the first due first. Of each of the two a page is read, in the order
-- of its index (which begins with the site, NULL too).
SELECT {call}
FROM (
    (SELECT t.* {of-the-calls} AND t.site_id = %(site_id)s AND t.done_at IS NULL
    {in-their-order})
  UNION ALL
    (SELECT t.* {of-the-calls} AND t.site_id IS NULL AND t.done_at IS NULL
    {in-their-order})
) AS t
{with-their-texts}

-- name: done-calls
-- The same of those that are over, by somebody or by themselves (without an outcome).
SELECT {call}
FROM (
    (SELECT t.* {of-the-calls} AND t.site_id = %(site_id)s AND t.done_at IS NOT NULL
    {in-their-order})
  UNION ALL
    (SELECT t.* {of-the-calls} AND t.site_id IS NULL AND t.done_at IS NOT NULL
    {in-their-order})
) AS t
{with-their-texts}

-- name: call
-- One with the number that it was answered from, where a reply asks for it.
SELECT {call}, r.from_number
FROM tasks AS t
LEFT JOIN texts AS x ON x.network_id = t.network_id AND x.text_id = t.text_id
LEFT JOIN replies AS r ON r.network_id = t.network_id AND r.message_id = t.message_id
WHERE t.network_id = %(network_id)s AND t.task_id = %(task_id)s AND t.reason = ANY(%(reasons)s)

-- name: outcomes-of-task
SELECT outcome, note, said_at, said_by
FROM task_outcomes
WHERE network_id = %(network_id)s AND task_id = %(task_id)s
ORDER BY said_at, outcome_id
