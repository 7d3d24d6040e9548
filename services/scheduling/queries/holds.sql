-- Holds.

-- part: hold
hold_id, site_id, practitioner_id, appointment_type_id, resource_ids, start_at, end_at, taken_from_at, taken_until_at,
       zone, held_at, expires_at, status

-- name: add-hold
INSERT INTO holds (network_id, {hold})
VALUES
    (%(network_id)s, %(hold_id)s, %(site_id)s, %(practitioner_id)s, %(appointment_type_id)s, %(resource_ids)s::uuid[],
     %(start_at)s, %(end_at)s, %(taken_from_at)s, %(taken_until_at)s, %(zone)s, %(held_at)s, %(expires_at)s, %(status)s)

-- name: lock-hold
SELECT {hold} FROM holds WHERE network_id = %(network_id)s AND hold_id = %(hold_id)s FOR UPDATE

-- name: end-hold
UPDATE holds SET status = %(status)s WHERE network_id = %(network_id)s AND hold_id = %(hold_id)s

-- name: networks-with-expired-holds
SELECT networks_with_expired_holds(%(now)s) AS network_id

-- name: expired-holds
SELECT hold_id FROM holds WHERE network_id = %(network_id)s AND status = 'held' AND expires_at <= %(now)s
ORDER BY expires_at LIMIT 500

-- name: forget-holds
DELETE FROM holds
WHERE network_id = %(network_id)s AND status IN ('booked', 'released', 'expired') AND expires_at < %(before_at)s
