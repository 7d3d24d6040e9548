-- The waitlist.

-- part: waitlist-entry-columns
e.entry_id, e.patient_id, e.appointment_type_id, e.appointment_id, e.appointment_site_id,
e.earlier_than, e.site_ids, e.practitioner_ids,
e.weekdays, e.starts, e.ends, e.from_on, e.until_on, e.notice_minutes, e.priority, e.active_until, e.state,
e.waiting_since, e.open_offer_id, e.version

-- part: waitlist-offer-columns
o.offer_id, o.group_id, o.entry_id, o.patient_id, o.site_id, o.practitioner_id, o.appointment_type_id, o.appointment_id,
o.earlier_than, o.start_at, o.end_at, o.zone, o.hold_id, o.offered_at, o.expires_at, o.state, o.closed_at, o.booked_id,
o.resource_ids, o.set_up_minutes, o.clean_up_minutes, o.version

-- name: add-waitlist-entry
INSERT INTO waitlist_entries
    (network_id, entry_id, patient_id, appointment_type_id, appointment_id, appointment_site_id, earlier_than,
     site_ids, practitioner_ids,
     weekdays, starts, ends, from_on, until_on, notice_minutes, priority, active_until, state, waiting_since,
     open_offer_id, looked_on, version)
VALUES
    (%(network_id)s, %(entry_id)s, %(patient_id)s, %(appointment_type_id)s, %(appointment_id)s,
     %(appointment_site_id)s, %(earlier_than)s,
     %(site_ids)s::uuid[], %(practitioner_ids)s::uuid[], %(weekdays)s::smallint[], %(starts)s, %(ends)s, %(from_on)s,
     %(until_on)s, %(notice_minutes)s, %(priority)s, %(active_until)s, %(state)s, %(waiting_since)s,
     %(open_offer_id)s, %(looked_on)s, %(version)s)

-- name: change-waitlist-entry
UPDATE waitlist_entries SET
    earlier_than = %(earlier_than)s, site_ids = %(site_ids)s::uuid[], practitioner_ids = %(practitioner_ids)s::uuid[],
    weekdays = %(weekdays)s::smallint[], starts = %(starts)s, ends = %(ends)s, from_on = %(from_on)s,
    until_on = %(until_on)s, notice_minutes = %(notice_minutes)s, priority = %(priority)s,
    active_until = %(active_until)s, state = %(state)s, open_offer_id = %(open_offer_id)s, version = %(version)s
WHERE network_id = %(network_id)s AND entry_id = %(entry_id)s

-- name: lock-waitlist-entries
SELECT {waitlist-entry-columns} FROM waitlist_entries e
WHERE e.network_id = %(network_id)s AND e.entry_id = ANY (%(entry_ids)s::uuid[])
ORDER BY e.entry_id
FOR UPDATE

-- name: waitlist-entry
SELECT {waitlist-entry-columns} FROM waitlist_entries e
WHERE e.network_id = %(network_id)s AND e.entry_id = %(entry_id)s

-- name: lock-entries-in-line
-- Those of them who still wait and have nothing to answer; locked in the order of their ids.
SELECT {waitlist-entry-columns} FROM waitlist_entries e
WHERE e.network_id = %(network_id)s AND e.entry_id = ANY (%(entry_ids)s::uuid[])
  AND e.state = 'waiting' AND e.open_offer_id IS NULL
ORDER BY e.entry_id
FOR UPDATE

-- part: in-line
-- With what decides beside the entry. A visit that is to be moved stays as long as it is.
{waitlist-entry-columns}, p.mode, p.hold_minutes, p.group_size, a.start_at AS visit_start_at, a.end_at AS visit_end_at,
a.set_up_minutes, a.clean_up_minutes, a.previous_start_at, r.refused
FROM waitlist_entries e
LEFT JOIN appointments a ON a.network_id = e.network_id AND a.appointment_id = e.appointment_id
LEFT JOIN LATERAL (
    SELECT q.mode, q.hold_minutes, q.group_size FROM waitlist_policies q
    WHERE q.network_id = e.network_id
      AND (q.appointment_type_id = e.appointment_type_id OR q.appointment_type_id IS NULL)
    ORDER BY q.appointment_type_id NULLS LAST LIMIT 1
) p ON true
LEFT JOIN LATERAL (
    SELECT array_agg(tstzrange(o.start_at, o.end_at)) AS refused
    FROM waitlist_offers o
    WHERE o.network_id = e.network_id AND o.entry_id = e.entry_id AND o.state IN ('declined', 'expired')
      AND o.end_at > %(now)s
) r ON true
WHERE e.network_id = %(network_id)s AND e.state = 'waiting' AND e.open_offer_id IS NULL
  AND (e.active_until IS NULL OR e.active_until > %(now)s) AND (a.status IS NULL OR a.status IN ('proposed', 'booked'))

-- name: types-in-line
SELECT {appointment-type-columns} FROM appointment_types
WHERE network_id = %(network_id)s AND appointment_type_id = ANY (%(type_ids)s::uuid[])

-- name: line-of-place
-- Who could be offered anything of the practitioner at the site, in their order.
SELECT {in-line}
  AND (e.site_ids IS NULL OR %(site_id)s::uuid = ANY (e.site_ids))
  AND (e.practitioner_ids IS NULL OR %(practitioner_id)s::uuid = ANY (e.practitioner_ids))
ORDER BY e.priority DESC, e.waiting_since, e.entry_id

-- name: one-in-line
SELECT {in-line} AND e.entry_id = %(entry_id)s

-- name: desks-of-wish
-- Where somebody could be offered anything: whose time, and at which site.
SELECT w.practitioner_id, p.kind, w.site_id, s.zone FROM working_hours w
JOIN sites s ON s.network_id = w.network_id AND s.site_id = w.site_id
JOIN practitioners p ON p.network_id = w.network_id AND p.practitioner_id = w.practitioner_id
WHERE w.network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR w.site_id = ANY (%(site_ids)s::uuid[]))
  AND (%(practitioner_ids)s::uuid[] IS NULL OR w.practitioner_id = ANY (%(practitioner_ids)s::uuid[]))
ORDER BY w.practitioner_id, w.site_id

-- name: days-of-desks
-- Free time of practitioners as it is kept, with room for a visit of so many minutes.
SELECT f.resource_id, f.site_id, f.on_day, f.lane, f.working::text, f.taken::text FROM free_days f
WHERE f.network_id = %(network_id)s AND f.resource_id = ANY (%(resource_ids)s::uuid[])
  AND f.site_id = ANY (%(site_ids)s::uuid[]) AND f.on_day BETWEEN %(first)s AND %(last)s
  AND f.longest_minutes >= %(minutes)s

-- name: patient-is-known
SELECT FROM appointments
WHERE network_id = %(network_id)s AND patient_id = %(patient_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR site_id = ANY (%(site_ids)s::uuid[]))
LIMIT 1

-- name: waitlist-page
-- Of the asker's sites.
SELECT {waitlist-entry-columns} FROM waitlist_entries e
WHERE e.network_id = %(network_id)s
  AND (%(site_ids)s::uuid[] IS NULL OR e.site_ids IS NULL OR e.site_ids && %(site_ids)s::uuid[])
  AND (%(site_id)s::uuid IS NULL OR e.site_ids IS NULL OR %(site_id)s::uuid = ANY (e.site_ids))
  AND (%(patient_id)s::uuid IS NULL OR e.patient_id = %(patient_id)s::uuid)
  AND (%(state)s::text IS NULL OR e.state = %(state)s)
  AND (%(after_priority)s::integer IS NULL
       OR (-e.priority, e.waiting_since, e.entry_id)
          > (-%(after_priority)s::integer, %(after_since)s::timestamptz, %(after_id)s::uuid))
ORDER BY e.priority DESC, e.waiting_since, e.entry_id
LIMIT %(limit)s

-- name: networks-to-close-in
SELECT networks_to_close_in(%(now)s, %(on_day)s) AS network_id

-- part: entries-over
-- Those whose wish has run out, or whose visit has begun or ended otherwise.
SELECT e.entry_id FROM waitlist_entries e
LEFT JOIN appointments a ON a.network_id = e.network_id AND a.appointment_id = e.appointment_id
WHERE e.network_id = %(network_id)s AND e.state = 'waiting'
  AND (runs_out_at(e.active_until, e.earlier_than, e.until_on) <= %(now)s OR a.status NOT IN ('proposed', 'booked'))

-- name: entries-to-close
{entries-over}
ORDER BY e.entry_id LIMIT %(limit)s

-- name: entry-to-close
{entries-over} AND e.entry_id = %(entry_id)s

-- name: leave-waitlist
-- A patient who is booked otherwise waits no more for any time of that type. What he has to answer is closed by the job.
WITH gone AS (
    UPDATE waitlist_entries SET state = 'booked', open_offer_id = NULL, version = version + 1
    WHERE network_id = %(network_id)s AND patient_id = %(patient_id)s
      AND appointment_type_id = %(appointment_type_id)s AND appointment_id IS NULL AND state = 'waiting'
    RETURNING entry_id
)
INSERT INTO freed_times (network_id, entry_id) SELECT %(network_id)s, entry_id FROM gone

-- name: follow-moved-visit
-- An earlier time was found otherwise; one that was moved to a later time is now to be come before there. The visit may
-- have moved to another site.
WITH followed AS (
    UPDATE waitlist_entries SET
        state = CASE WHEN %(start_at)s < earlier_than THEN 'booked' ELSE state END,
        open_offer_id = CASE WHEN %(start_at)s < earlier_than THEN NULL ELSE open_offer_id END,
        earlier_than = %(start_at)s, appointment_site_id = %(site_id)s, version = version + 1
    WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s AND state = 'waiting'
      AND (earlier_than <> %(start_at)s OR appointment_site_id IS DISTINCT FROM %(site_id)s)
    RETURNING entry_id
)
INSERT INTO freed_times (network_id, entry_id) SELECT %(network_id)s, entry_id FROM followed

-- name: follow-begun-visit
-- Nobody is to be asked about an earlier time of what has begun: the job closes what still waits for one.
INSERT INTO freed_times (network_id, entry_id)
SELECT e.network_id, e.entry_id FROM waitlist_entries e
WHERE e.network_id = %(network_id)s AND e.appointment_id = %(appointment_id)s AND e.state = 'waiting'

-- name: follow-cancelled-visit
WITH gone AS (
    UPDATE waitlist_entries SET state = 'withdrawn', open_offer_id = NULL, version = version + 1
    WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s AND state = 'waiting'
    RETURNING entry_id
)
INSERT INTO freed_times (network_id, entry_id) SELECT %(network_id)s, entry_id FROM gone

-- name: look-at-forgotten-entries
-- Once a day every one that waits is looked at again: days have come into reach, and rules may have changed.
WITH due AS (
    UPDATE waitlist_entries SET looked_on = %(on_day)s
    WHERE network_id = %(network_id)s AND state = 'waiting' AND open_offer_id IS NULL AND looked_on < %(on_day)s
    RETURNING entry_id
)
INSERT INTO freed_times (network_id, entry_id) SELECT %(network_id)s, entry_id FROM due
