-- Appointments: the agreements, and what became of them.

-- part: agreement
appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone, lane,
       booked_at, previous_start_at, previous_end_at, previous_practitioner_id, previous_site_id, arrival_id, arrived_at, cancelled_at,
       cancelled_reason, cancelled_by, cancelled_notice_minutes, confirmed_at, confirmed_by, noshow_at, walk_in,
       in_room_at, done_at, room_id, delay_minutes, series_id, resource_ids, set_up_minutes, clean_up_minutes, overbooked_reason,
       version

-- part: shown
appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone, arrival_id,
       encounter_id, arrived_at, cancelled_reason, cancelled_by, cancelled_notice_minutes, confirmed_at, confirmed_by,
       walk_in, in_room_at, done_at, room_id, delay_minutes, series_id, resource_ids, set_up_minutes, clean_up_minutes,
       overbooked_reason, version

-- name: add-appointment
INSERT INTO appointments
    (network_id, encounter_id, {agreement})
VALUES
    (%(network_id)s, %(encounter_id)s, %(appointment_id)s, %(site_id)s, %(practitioner_id)s, %(appointment_type_id)s,
     %(patient_id)s, %(status)s, %(start_at)s, %(end_at)s, %(zone)s, %(lane)s, %(booked_at)s, %(previous_start_at)s,
     %(previous_end_at)s, %(previous_practitioner_id)s, %(previous_site_id)s, %(arrival_id)s, %(arrived_at)s, %(cancelled_at)s,
     %(cancelled_reason)s, %(cancelled_by)s, %(cancelled_notice_minutes)s, %(confirmed_at)s, %(confirmed_by)s,
     %(noshow_at)s, %(walk_in)s, %(in_room_at)s, %(done_at)s, %(room_id)s, %(delay_minutes)s,
     %(series_id)s, %(resource_ids)s::uuid[], %(set_up_minutes)s, %(clean_up_minutes)s, %(overbooked_reason)s, %(version)s)

-- name: change-appointment
UPDATE appointments SET
    site_id = %(site_id)s, practitioner_id = %(practitioner_id)s, status = %(status)s, zone = %(zone)s, start_at = %(start_at)s, end_at = %(end_at)s,
    lane = %(lane)s, booked_at = %(booked_at)s, previous_start_at = %(previous_start_at)s,
    previous_end_at = %(previous_end_at)s, previous_practitioner_id = %(previous_practitioner_id)s,
    previous_site_id = %(previous_site_id)s,
    arrival_id = %(arrival_id)s, arrived_at = %(arrived_at)s, encounter_id = %(encounter_id)s,
    cancelled_at = %(cancelled_at)s, cancelled_reason = %(cancelled_reason)s, cancelled_by = %(cancelled_by)s,
    cancelled_notice_minutes = %(cancelled_notice_minutes)s, confirmed_at = %(confirmed_at)s,
    confirmed_by = %(confirmed_by)s, noshow_at = %(noshow_at)s, in_room_at = %(in_room_at)s, done_at = %(done_at)s,
    room_id = %(room_id)s, delay_minutes = %(delay_minutes)s, resource_ids = %(resource_ids)s::uuid[],
    overbooked_reason = %(overbooked_reason)s, version = %(version)s
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: appointment
SELECT {agreement}
FROM appointments WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s

-- name: lock-appointments
SELECT {agreement}
FROM appointments WHERE network_id = %(network_id)s AND appointment_id = ANY (%(appointment_ids)s::uuid[])
ORDER BY appointment_id
FOR UPDATE

-- name: add-change
INSERT INTO appointment_changes
    (network_id, appointment_id, version, step, changed_at, actor_kind, actor_id, on_behalf_of, reason,
     from_stage, from_start_at, from_site_id, from_practitioner_id, from_room_id, from_delay_minutes,
     to_stage, to_start_at, to_site_id, to_practitioner_id, to_room_id, to_delay_minutes, left_xid)
VALUES
    (%(network_id)s, %(appointment_id)s, %(version)s, %(step)s, %(changed_at)s, %(actor_kind)s, %(actor_id)s,
     %(on_behalf_of)s, %(reason)s, %(from_stage)s, %(from_start_at)s, %(from_site_id)s, %(from_practitioner_id)s,
     %(from_room_id)s, %(from_delay_minutes)s, %(to_stage)s, %(to_start_at)s, %(to_site_id)s, %(to_practitioner_id)s,
     %(to_room_id)s, %(to_delay_minutes)s,
     CASE WHEN %(from_site_id)s::uuid <> %(to_site_id)s::uuid THEN pg_current_xact_id()::text::bigint END)

-- name: changes-of-appointment
SELECT version, step, changed_at, actor_kind, actor_id, on_behalf_of, reason, from_stage, from_start_at, from_site_id,
       from_practitioner_id, from_room_id, from_delay_minutes, to_stage, to_start_at, to_site_id, to_practitioner_id,
       to_room_id, to_delay_minutes
FROM appointment_changes
WHERE network_id = %(network_id)s AND appointment_id = %(appointment_id)s
ORDER BY version
