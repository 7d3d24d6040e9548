-- Statements of billing. `sites` NULL means every site of the network.

-- name: set-fees
INSERT INTO fees (network_id, system, code, amount_cents, currency) VALUES %s
ON CONFLICT (network_id, system, code) DO UPDATE SET amount_cents = excluded.amount_cents, currency = excluded.currency

-- name: fees-of-codes
SELECT f.system, f.code, f.amount_cents, f.currency
FROM fees f
JOIN unnest(%(systems)s::text[], %(codes)s::text[]) AS wanted (system, code) USING (system, code)

-- name: fee-page
-- `backwards` is a constant to the planner, here and in the other pages: each of the two orders is its own plan.
SELECT system, code, amount_cents, currency
FROM fees
WHERE (%(system)s::text IS NULL OR system = %(system)s)
  AND (%(after_system)s::text IS NULL OR CASE WHEN %(backwards)s
       THEN (system, code) < (%(after_system)s, %(after_code)s)
       ELSE (system, code) > (%(after_system)s, %(after_code)s) END)
ORDER BY CASE WHEN %(backwards)s THEN system END DESC, CASE WHEN %(backwards)s THEN code END DESC, system, code
LIMIT %(limit)s

-- name: keep-patient-versions
INSERT INTO patient_versions (network_id, patient_id, version, coverages) VALUES %s ON CONFLICT DO NOTHING

-- name: keep-encounters
-- The newest condition wins; an older one changes nothing.
INSERT INTO encounters AS kept
    (network_id, encounter_id, version, appointment_id, arrival_id, patient_id, patient_version, site_id, practitioner_id,
     status, started_at, finished_at, diagnoses, procedures, awaits_bill)
VALUES %s
ON CONFLICT (network_id, encounter_id) DO UPDATE
SET version = excluded.version, status = excluded.status, patient_version = excluded.patient_version,
    finished_at = excluded.finished_at, diagnoses = excluded.diagnoses, procedures = excluded.procedures,
    awaits_bill = excluded.awaits_bill, received_at = excluded.received_at
WHERE kept.version < excluded.version

-- name: billable-encounters
-- Finished, unbilled, and the patient's version is here. One that names no version takes the newest there is.
SELECT e.encounter_id, e.version, e.appointment_id, e.arrival_id, e.patient_id, e.patient_version, e.site_id,
       e.practitioner_id, e.status, e.started_at, e.finished_at, e.diagnoses, e.procedures, p.coverages
FROM encounters e
CROSS JOIN LATERAL (
    SELECT v.coverages
    FROM patient_versions v
    WHERE v.patient_id = e.patient_id AND (e.patient_version IS NULL OR v.version = e.patient_version)
    ORDER BY v.version DESC
    LIMIT 1) p
WHERE e.awaits_bill AND e.patient_id = ANY (%(patient_ids)s::uuid[])
ORDER BY e.encounter_id
FOR UPDATE OF e

-- name: encounters-billed
UPDATE encounters SET awaits_bill = false WHERE encounter_id = ANY (%(encounter_ids)s::uuid[])

-- name: waiting-encounters
-- Those without a task yet. Locked, so that a bill made at this moment closes the task and does not miss it.
SELECT e.encounter_id, e.patient_id, e.site_id
FROM encounters e
WHERE e.awaits_bill AND e.received_at < clock_timestamp() - make_interval(secs => %(seconds)s)
  AND NOT EXISTS (SELECT FROM tasks t WHERE t.encounter_id = e.encounter_id AND t.cause = %(cause)s)
ORDER BY e.encounter_id
LIMIT %(limit)s
FOR UPDATE OF e SKIP LOCKED

-- name: add-charges
INSERT INTO charges
    (network_id, charge_id, version, encounter_id, line, patient_id, site_id, payer, system, code, units, amount_cents,
     currency, captured_at)
VALUES %s

-- name: add-claims
INSERT INTO claims
    (network_id, claim_id, version, encounter_id, patient_id, site_id, coverage_id, payer_id, payer_name, status,
     held_reason, diagnoses, total_cents, currency, created_at)
VALUES %s

-- name: add-claim-lines
INSERT INTO claim_lines (network_id, claim_id, line, system, code, units, amount_cents, diagnosis_pointers) VALUES %s

-- name: open-tasks
-- One task a cause and encounter, however often it is found.
INSERT INTO tasks (network_id, task_id, site_id, encounter_id, patient_id, cause, opened_at) VALUES %s
ON CONFLICT DO NOTHING

-- name: close-tasks
UPDATE tasks SET done_at = %(now)s
WHERE task_id = ANY (%(task_ids)s::uuid[]) AND done_at IS NULL

-- name: open-task-page
SELECT task_id, site_id, encounter_id, patient_id, cause, opened_at
FROM tasks
WHERE done_at IS NULL AND site_id = %(site_id)s
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (opened_at, task_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (opened_at, task_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN opened_at END DESC, CASE WHEN %(backwards)s THEN task_id END DESC,
         opened_at, task_id
LIMIT %(limit)s

-- name: lock-feed
-- Writers of one network's feed come one after the other, so that its sequence has no gap.
INSERT INTO claim_feeds (network_id, sequence) VALUES (%(network_id)s, 0)
ON CONFLICT (network_id) DO UPDATE SET sequence = claim_feeds.sequence
RETURNING sequence

-- name: move-feed
UPDATE claim_feeds SET sequence = %(sequence)s WHERE network_id = %(network_id)s

-- name: feed-rows-of-claims
SELECT claim_id, claim_version FROM claim_feed_rows WHERE claim_id = ANY (%(claim_ids)s::uuid[])

-- name: add-feed-rows
INSERT INTO claim_feed_rows
    (network_id, sequence, event_type, claim_id, claim_version, encounter_id, site_id, status, held_reason, payer_id,
     total_cents, currency, occurred_at)
VALUES %s

-- name: feed-page
SELECT sequence, event_type, claim_id, claim_version, encounter_id, site_id, status, held_reason, payer_id, total_cents,
       currency, occurred_at
FROM claim_feed_rows
WHERE sequence > %(after)s AND (%(sites)s::uuid[] IS NULL OR site_id = ANY (%(sites)s::uuid[]))
ORDER BY sequence
LIMIT %(limit)s

-- name: charge-page
SELECT c.charge_id, c.version, c.encounter_id, c.line, c.patient_id, c.site_id, c.payer, c.system, c.code, c.units,
       c.amount_cents, c.currency, c.captured_at,
       (SELECT k.claim_id FROM claims k WHERE k.encounter_id = c.encounter_id) AS claim_id
FROM charges c
WHERE (%(sites)s::uuid[] IS NULL OR c.site_id = ANY (%(sites)s::uuid[]))
  AND (%(site_id)s::uuid IS NULL OR c.site_id = %(site_id)s::uuid)
  AND (%(encounter_id)s::uuid IS NULL OR c.encounter_id = %(encounter_id)s::uuid)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (c.captured_at, c.charge_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (c.captured_at, c.charge_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN c.captured_at END DESC, CASE WHEN %(backwards)s THEN c.charge_id END DESC,
         c.captured_at, c.charge_id
LIMIT %(limit)s

-- name: claim-page
SELECT c.claim_id, c.version, c.encounter_id, c.patient_id, c.site_id, c.payer_id, c.payer_name, c.status,
       c.held_reason, c.diagnoses, c.total_cents, c.currency, c.created_at,
       (SELECT coalesce(json_agg(json_build_object('line', l.line, 'system', l.system, 'code', l.code, 'units', l.units,
                                                   'amount_cents', l.amount_cents,
                                                   'diagnosis_pointers', l.diagnosis_pointers) ORDER BY l.line), '[]')
        FROM claim_lines l WHERE l.claim_id = c.claim_id) AS lines
FROM claims c
WHERE (%(sites)s::uuid[] IS NULL OR c.site_id = ANY (%(sites)s::uuid[]))
  AND (%(claim_id)s::uuid IS NULL OR c.claim_id = %(claim_id)s::uuid)
  AND (%(site_id)s::uuid IS NULL OR c.site_id = %(site_id)s::uuid)
  AND (%(encounter_id)s::uuid IS NULL OR c.encounter_id = %(encounter_id)s::uuid)
  AND (%(status)s::text IS NULL OR c.status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (c.created_at, c.claim_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (c.created_at, c.claim_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN c.created_at END DESC, CASE WHEN %(backwards)s THEN c.claim_id END DESC,
         c.created_at, c.claim_id
LIMIT %(limit)s
