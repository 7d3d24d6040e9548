-- A network's rules of reminders, and how far they are carried out.

-- name: reminder-rules
SELECT rules, since, version FROM reminder_rules WHERE network_id = %(network_id)s

-- name: keep-reminder-rules
-- All that is to come is planned anew.
INSERT INTO reminder_rules (network_id, rules, since, version)
VALUES (%(network_id)s, %(rules)s, %(since)s, %(version)s)
ON CONFLICT (network_id) DO UPDATE
SET rules = excluded.rules, since = excluded.since, version = excluded.version, planned_version = NULL,
    planned_to_at = NULL, planned_to_id = NULL

-- name: begin-reminder-rules
-- A network that has set none: what was due before notifications knew of reminders is not caught up with.
INSERT INTO reminder_rules (network_id, rules, since, version)
VALUES (%(network_id)s, %(rules)s, %(since)s, %(version)s)
ON CONFLICT (network_id) DO NOTHING

-- name: take-plan
-- One process plans a network at a time, and nobody changes its rules meanwhile.
SELECT rules, since, version, planned_to_at, planned_to_id FROM reminder_rules
WHERE network_id = %(network_id)s AND planned_version IS DISTINCT FROM version
FOR UPDATE SKIP LOCKED

-- name: keep-plan
UPDATE reminder_rules
SET planned_version = CASE WHEN %(done)s THEN version END, planned_to_at = %(planned_to_at)s,
    planned_to_id = %(planned_to_id)s
WHERE network_id = %(network_id)s

-- name: visits-to-plan
SELECT appointment_id, start_at FROM appointments
WHERE network_id = %(network_id)s AND (start_at, appointment_id) > (%(after_at)s, %(after_id)s::uuid)
ORDER BY start_at, appointment_id
LIMIT %(limit)s
