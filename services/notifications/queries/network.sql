-- The network and the number that it texts from.

-- name: keep-network
INSERT INTO networks (network_id, name, opened_at) VALUES (%(network_id)s, %(called)s, %(opened_at)s)
ON CONFLICT (network_id) DO NOTHING

-- name: keep-sender
INSERT INTO senders (network_id, number) VALUES (%(network_id)s, %(number)s)
ON CONFLICT (network_id) DO UPDATE SET number = excluded.number

-- name: sender
SELECT number FROM senders WHERE network_id = %(network_id)s

-- name: lock-pace
SELECT free_at FROM senders WHERE network_id = %(network_id)s FOR UPDATE

-- name: keep-pace
UPDATE senders SET free_at = %(free_at)s WHERE network_id = %(network_id)s

-- name: network-of-sender
SELECT network_of_sender(%(number)s) AS network_id
