-- What patients are asked beside their visits: offers of the waitlist, other times for a visit that cannot take place,
-- and the texts about them.

-- name: keep-offers
-- Sorted by the caller. The rows written stay locked, and a claim waits for them.
INSERT INTO waitlist_offers AS kept
    (network_id, offer_id, version, status, site_id, patient_id, appointment_id, start_at, expires_at, changed_at)
SELECT %(network_id)s::uuid, offer.*
FROM unnest(
    %(offer_id)s::uuid[], %(version)s::bigint[], %(status)s::text[], %(site_id)s::uuid[], %(patient_id)s::uuid[],
    %(appointment_id)s::uuid[], %(start_at)s::timestamptz[], %(expires_at)s::timestamptz[],
    %(changed_at)s::timestamptz[]) AS offer
ON CONFLICT (network_id, offer_id) DO UPDATE
SET version = excluded.version, status = excluded.status, site_id = excluded.site_id, patient_id = excluded.patient_id,
    appointment_id = excluded.appointment_id, start_at = excluded.start_at, expires_at = excluded.expires_at,
    changed_at = excluded.changed_at
WHERE kept.version < excluded.version
RETURNING offer_id

-- part: whole-offer
offer_id, version, status, site_id, patient_id, appointment_id, start_at, expires_at, changed_at

-- name: lock-offers
SELECT {whole-offer}
FROM waitlist_offers
WHERE network_id = %(network_id)s AND offer_id = ANY(%(asked_ids)s)
ORDER BY offer_id
FOR UPDATE

-- name: try-offers
-- A worker passes by what another worker, or an event, has in hand.
SELECT {whole-offer}
FROM waitlist_offers
WHERE network_id = %(network_id)s AND offer_id = ANY(%(asked_ids)s)
FOR UPDATE SKIP LOCKED

-- name: keep-reschedules
-- The same for places on reschedule lists.
INSERT INTO reschedules AS kept
    (network_id, reschedule_id, version, state, site_id, patient_id, appointment_id, start_at, listed_at, proposed_at,
     proposed_site_id, changed_at)
SELECT %(network_id)s::uuid, listed.*
FROM unnest(
    %(reschedule_id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(site_id)s::uuid[], %(patient_id)s::uuid[],
    %(appointment_id)s::uuid[], %(start_at)s::timestamptz[], %(listed_at)s::timestamptz[],
    %(proposed_at)s::timestamptz[], %(proposed_site_id)s::uuid[], %(changed_at)s::timestamptz[]) AS listed
ON CONFLICT (network_id, reschedule_id) DO UPDATE
SET version = excluded.version, state = excluded.state, site_id = excluded.site_id, patient_id = excluded.patient_id,
    appointment_id = excluded.appointment_id, start_at = excluded.start_at, listed_at = excluded.listed_at,
    proposed_at = excluded.proposed_at, proposed_site_id = excluded.proposed_site_id, changed_at = excluded.changed_at
WHERE kept.version < excluded.version
RETURNING reschedule_id

-- part: whole-place-on-a-list
reschedule_id, version, state, site_id, patient_id, appointment_id, start_at, listed_at, proposed_at,
       proposed_site_id, changed_at

-- name: lock-reschedules
SELECT {whole-place-on-a-list}
FROM reschedules
WHERE network_id = %(network_id)s AND reschedule_id = ANY(%(asked_ids)s)
ORDER BY reschedule_id
FOR UPDATE

-- name: try-reschedules
SELECT {whole-place-on-a-list}
FROM reschedules
WHERE network_id = %(network_id)s AND reschedule_id = ANY(%(asked_ids)s)
FOR UPDATE SKIP LOCKED

-- name: listed-visits
-- Where they were listed: one that has been moved since can take place.
SELECT l.appointment_id FROM reschedules AS l
JOIN appointments AS a ON a.network_id = l.network_id AND a.appointment_id = l.appointment_id
WHERE l.network_id = %(network_id)s AND l.appointment_id = ANY(%(appointment_ids)s)
  AND l.state IN ('offered', 'declined', 'to-call') AND l.start_at > %(now)s
  AND (l.start_at, l.site_id) = (a.start_at, a.site_id)

-- name: places-asked-about
SELECT site_id, name, zone, phone FROM sites WHERE network_id = %(network_id)s AND site_id = ANY(%(site_ids)s)

-- name: questions-about
-- The question that went, or may have gone, last about each, and whether a reply said yes to it. A visit that stands on
-- a list again has not been asked yet: what was asked before was due before (by the clock of who lists it).
SELECT DISTINCT ON (t.asked_id) t.asked_id,
       EXISTS (
         SELECT FROM replies AS r
         WHERE r.network_id = t.network_id AND r.text_id = t.text_id AND r.meaning = 'confirm') AS said_yes,
       EXISTS (
         SELECT FROM reschedules AS l
         JOIN appointments AS a ON a.network_id = l.network_id AND a.appointment_id = l.appointment_id
         WHERE l.network_id = t.network_id AND l.reschedule_id = t.asked_id AND a.status = 'booked'
           AND a.start_at = l.start_at) AS stands
FROM texts AS t
WHERE t.network_id = %(network_id)s AND t.asked_id = ANY(%(asked_ids)s) AND t.kind = ANY(%(questions)s)
  AND t.status IN ('claimed', 'accepted', 'delivered', 'unknown')
  AND NOT EXISTS (
    SELECT FROM reschedules AS l
    WHERE l.network_id = t.network_id AND l.reschedule_id = t.asked_id AND l.listed_at > t.due_at)
ORDER BY t.asked_id, t.claimed_at DESC

-- name: drop-due-asks
DELETE FROM texts
WHERE network_id = %(network_id)s AND asked_id = ANY(%(asked_ids)s) AND status = 'due'
  AND NOT text_id = ANY(%(still_due)s)
RETURNING text_id

-- name: keep-due-asks
INSERT INTO texts AS kept
    (network_id, text_id, asked_id, appointment_id, patient_id, site_id, kind, start_at, due_at, place_id, run_id,
     status)
SELECT %(network_id)s::uuid, due.*, 'due'
FROM unnest(
    %(text_id)s::uuid[], %(asked_id)s::uuid[], %(appointment_id)s::uuid[], %(patient_id)s::uuid[], %(site_id)s::uuid[],
    %(kind)s::text[], %(start_at)s::timestamptz[], %(due_at)s::timestamptz[], %(place_id)s::uuid[],
    %(run_id)s::uuid[]) AS due
ON CONFLICT (network_id, text_id) DO UPDATE
SET due_at = excluded.due_at, patient_id = excluded.patient_id
WHERE kept.status = 'due'

-- name: due-asks-of-patients
SELECT asked_id FROM texts
WHERE network_id = %(network_id)s AND patient_id = ANY(%(patient_ids)s) AND status = 'due' AND asked_id IS NOT NULL

-- name: lock-due-asks
SELECT {whole-text}
FROM texts
WHERE network_id = %(network_id)s AND asked_id = ANY(%(asked_ids)s) AND status = 'due'
ORDER BY asked_id
FOR UPDATE

-- name: close-tasks-of-asks
UPDATE tasks SET done_at = %(now)s, closed_by = NULL
FROM texts
WHERE tasks.network_id = %(network_id)s AND tasks.reason = ANY(%(reasons)s) AND tasks.done_at IS NULL
  AND texts.network_id = tasks.network_id AND texts.text_id = tasks.text_id AND texts.asked_id = ANY(%(asked_ids)s)
