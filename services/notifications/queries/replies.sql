-- What numbers said: replies, and the opt-outs that rest on them.

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
INSERT INTO replies (network_id, message_id, from_number, body, meaning, text_id, site_id, received_at)
VALUES (%(network_id)s, %(message_id)s, %(from_number)s, %(body)s, %(meaning)s, %(text_id)s, %(site_id)s,
        %(received_at)s)
ON CONFLICT (network_id, message_id) DO NOTHING

-- name: keep-reply-texts
INSERT INTO reply_texts (network_id, text_id, message_id)
SELECT %(network_id)s::uuid, text_id, %(message_id)s::text FROM unnest(%(text_ids)s::uuid[]) AS text_id

-- name: answerable
-- What went, or may have gone, to the number; the newest first. A text that was claimed may be answered before we know.
-- Whether an offer can still be had its owner says, so until we hear that it ended it holds. A visit that cannot take
-- place is no question any more, whatever was said of it before.
SELECT t.text_id, t.kind, coalesce(t.appointment_id, o.appointment_id) AS appointment_id, t.patient_id, t.site_id,
       t.start_at, t.body_hash, t.asked_id, t.place_id, t.attempt_id, t.status IN ('accepted', 'delivered') AS went,
       coalesce(
         CASE WHEN o.offer_id IS NOT NULL THEN o.status = 'offered'
              WHEN l.reschedule_id IS NOT NULL THEN l.state IN ('offered', 'to-call')
                AND (l.proposed_at, l.proposed_site_id) = (t.start_at, t.place_id)
              ELSE a.status = 'booked' AND (a.start_at, a.site_id) = (t.start_at, t.site_id) AND NOT EXISTS (
                SELECT FROM reschedules AS v
                WHERE v.network_id = a.network_id AND v.appointment_id = a.appointment_id
                  AND v.state IN ('offered', 'declined', 'to-call')) END
         AND t.start_at > %(now)s, false) AS holds,
       coalesce(o.status IN ('expired', 'lost'), false) AS gone,
       EXISTS (
         SELECT FROM replies AS r
         WHERE r.network_id = t.network_id AND r.text_id = t.text_id AND r.meaning = 'confirm'
       UNION ALL
         SELECT FROM reply_texts AS x
         JOIN replies AS r ON r.network_id = x.network_id AND r.message_id = x.message_id AND r.meaning = 'confirm'
         WHERE x.network_id = t.network_id AND x.text_id = t.text_id) AS confirmed
FROM texts AS t
LEFT JOIN appointments AS a ON a.network_id = t.network_id AND a.appointment_id = t.appointment_id
LEFT JOIN waitlist_offers AS o ON o.network_id = t.network_id AND o.offer_id = t.asked_id
LEFT JOIN reschedules AS l ON l.network_id = t.network_id AND l.reschedule_id = t.asked_id
WHERE t.network_id = %(network_id)s AND t.number = %(number)s AND t.claimed_at >= %(since)s
  AND t.status IN ('claimed', 'accepted', 'delivered', 'unknown')
ORDER BY t.claimed_at DESC, t.text_id DESC
LIMIT 50

-- name: site-of-reply
SELECT site_id FROM replies WHERE network_id = %(network_id)s AND message_id = %(message_id)s
