-- Offers of the waitlist, what the job has to look at, and the policy.

-- name: add-waitlist-offer
INSERT INTO waitlist_offers
    (network_id, offer_id, group_id, entry_id, patient_id, site_id, practitioner_id, appointment_type_id,
     appointment_id, earlier_than, start_at, end_at, zone, hold_id, offered_at, expires_at, state, closed_at, booked_id,
     resource_ids, set_up_minutes, clean_up_minutes, version)
VALUES
    (%(network_id)s, %(offer_id)s, %(group_id)s, %(entry_id)s, %(patient_id)s, %(site_id)s, %(practitioner_id)s,
     %(appointment_type_id)s, %(appointment_id)s, %(earlier_than)s, %(start_at)s, %(end_at)s, %(zone)s, %(hold_id)s,
     %(offered_at)s, %(expires_at)s, %(state)s, %(closed_at)s, %(booked_id)s,
     %(resource_ids)s::uuid[], %(set_up_minutes)s, %(clean_up_minutes)s, %(version)s)

-- name: change-waitlist-offer
UPDATE waitlist_offers SET state = %(state)s, closed_at = %(closed_at)s, booked_id = %(booked_id)s,
    version = %(version)s
WHERE network_id = %(network_id)s AND offer_id = %(offer_id)s

-- name: waitlist-offer
SELECT {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.offer_id = %(offer_id)s

-- name: offer-group
SELECT {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.group_id = %(group_id)s
ORDER BY o.offer_id

-- name: lock-offer-group
SELECT {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.group_id = %(group_id)s
ORDER BY o.offer_id
FOR UPDATE

-- name: open-offers-of-entry
SELECT {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.entry_id = %(entry_id)s AND o.state = 'offered'

-- name: unheld-offers
-- One of each group whose time is held for nobody: those who wait are not offered it once more.
SELECT DISTINCT ON (o.group_id) {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.state = 'offered' AND o.hold_id IS NULL
ORDER BY o.group_id, o.offer_id

-- name: overdue-offers
SELECT o.offer_id FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.state = 'offered' AND o.expires_at <= %(now)s
ORDER BY o.expires_at, o.offer_id LIMIT %(limit)s

-- name: touched-offers
-- Of which offers (a row for each thing that one takes) somebody else has taken anything. Only plain comparisons: others
-- are not looked up in an index under a tenant's policy.
SELECT DISTINCT t.offer_id
FROM unnest(%(offer_ids)s::uuid[], %(resource_ids)s::uuid[], %(reaches)s::timestamptz[], %(from_ats)s::timestamptz[],
            %(until_ats)s::timestamptz[]) AS t (offer_id, resource_id, reach_at, from_at, until_at)
JOIN bookings b ON b.network_id = %(network_id)s AND b.resource_id = t.resource_id AND b.start_at >= t.reach_at
    AND b.start_at < t.until_at AND b.end_at > t.from_at

-- name: waitlist-offer-page
SELECT {waitlist-offer-columns} FROM waitlist_offers o
WHERE o.network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR o.site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(site_id)s::uuid IS NULL OR o.site_id = %(site_id)s::uuid)
  AND (%(entry_id)s::uuid IS NULL OR o.entry_id = %(entry_id)s::uuid)
  AND (%(state)s::text IS NULL OR o.state = %(state)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (o.offered_at, o.offer_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (o.offered_at, o.offer_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN o.offered_at END DESC, CASE WHEN %(backwards)s THEN o.offer_id END DESC,
         o.offered_at, o.offer_id
LIMIT %(limit)s

-- name: look-at-entry
INSERT INTO freed_times (network_id, entry_id) VALUES (%(network_id)s, %(entry_id)s)

-- name: look-at-time
INSERT INTO freed_times (network_id, resource_id, practitioner_id, site_id, start_at, end_at)
VALUES (%(network_id)s, %(resource_id)s, %(practitioner_id)s, %(site_id)s, %(start_at)s, %(end_at)s)

-- name: look-at-working-time
INSERT INTO freed_times (network_id, resource_id, site_id)
SELECT %(network_id)s::uuid, one.resource_id, %(site_id)s::uuid
FROM unnest(%(resource_ids)s::uuid[]) AS one (resource_id)

-- name: look-at-who-was-offered
INSERT INTO freed_times (network_id, entry_id)
SELECT o.network_id, o.entry_id FROM waitlist_offers o
WHERE o.network_id = %(network_id)s AND o.state = 'offered'
  AND (o.practitioner_id = ANY (%(resource_ids)s::uuid[]) OR o.resource_ids && %(resource_ids)s::uuid[])
  AND (%(site_id)s::uuid IS NULL OR o.site_id = %(site_id)s::uuid)
  AND (%(start_at)s::timestamptz IS NULL
       OR o.start_at < %(end_at)s::timestamptz AND o.end_at > %(start_at)s::timestamptz)

-- name: look-at-who-needs-it
-- A room, a device or a further practitioner has become free: of each practitioner who could use it then a look of his
-- own. Only where somebody waits for a type that needs such a thing (or is planned to) beside its practitioner.
INSERT INTO freed_times (network_id, resource_id, practitioner_id, site_id, start_at, end_at)
SELECT %(network_id)s, %(resource_id)s, h.practitioner_id, h.site_id, %(start_at)s, %(end_at)s
FROM (
    SELECT r.kind, r.type, ARRAY[r.site_id] AS site_ids FROM resources r
    WHERE r.network_id = %(network_id)s AND r.resource_id = %(resource_id)s
    UNION ALL
    SELECT 'practitioner', p.kind, ARRAY(SELECT w.site_id FROM working_hours w WHERE w.network_id = %(network_id)s
                                         AND w.practitioner_id = %(resource_id)s)
    FROM practitioners p WHERE p.network_id = %(network_id)s AND p.practitioner_id = %(resource_id)s
) it
JOIN working_hours h ON h.network_id = %(network_id)s AND h.site_id = ANY (it.site_ids)
    AND h.practitioner_id <> %(resource_id)s
WHERE EXISTS (
    SELECT FROM waitlist_entries e
    JOIN appointment_types t ON t.network_id = e.network_id AND t.appointment_type_id = e.appointment_type_id
    WHERE e.network_id = %(network_id)s AND e.state = 'waiting' AND e.open_offer_id IS NULL
      AND (e.site_ids IS NULL OR h.site_id = ANY (e.site_ids))
      AND (e.practitioner_ids IS NULL OR h.practitioner_id = ANY (e.practitioner_ids))
      AND EXISTS (SELECT FROM jsonb_to_recordset({all-needs}) AS need (kind text, type text)
                  WHERE need.kind = it.kind AND (need.type IS NULL OR need.type = it.type))
      AND (it.kind <> 'practitioner'
           OR jsonb_array_length(jsonb_path_query_array({all-needs}, '$[*] ? (@.kind == "practitioner")')) > 1)
)
AND EXISTS (
    SELECT FROM free_days f
    WHERE f.network_id = %(network_id)s AND f.resource_id = h.practitioner_id AND f.site_id = h.site_id
      AND f.longest_minutes > 0
      AND f.on_day >= (%(start_at)s::timestamptz - interval '3 days')::date
      AND (%(end_at)s::timestamptz IS NULL
           OR f.on_day <= (%(end_at)s::timestamptz + interval '3 days')::date AND f.from_at < %(end_at)s)
      AND f.until_at > %(start_at)s
)

-- name: networks-with-freed-times
-- As the worker, whom no network's policy binds here.
SELECT DISTINCT network_id FROM freed_times

-- name: take-freed-time
-- Another process takes another.
DELETE FROM freed_times WHERE network_id = %(network_id)s AND freed_id = (
    SELECT f.freed_id FROM freed_times f WHERE f.network_id = %(network_id)s AND f.freed_id > %(after)s
    ORDER BY f.freed_id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING freed_id, resource_id, practitioner_id, site_id, start_at, end_at, entry_id

-- name: keep-waitlist-policy
INSERT INTO waitlist_policies AS known (network_id, appointment_type_id, mode, hold_minutes, group_size, version)
VALUES (%(network_id)s, %(appointment_type_id)s, %(mode)s, %(hold_minutes)s, %(group_size)s, %(version)s)
ON CONFLICT (network_id, appointment_type_id) DO UPDATE
    SET mode = excluded.mode, hold_minutes = excluded.hold_minutes, group_size = excluded.group_size,
        version = excluded.version

-- name: waitlist-policy
-- Of exactly this: of the network where no type is named.
SELECT mode, hold_minutes, group_size, version FROM waitlist_policies
WHERE network_id = %(network_id)s AND appointment_type_id IS NOT DISTINCT FROM %(appointment_type_id)s::uuid
