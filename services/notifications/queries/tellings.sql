-- What was told about each appointment.

-- name: tellings-of
SELECT appointment_id, decided, told_status, told_start_at, passed_kind, passed_start_at, told_by, before_status,
       before_start_at, told_site_id, passed_site_id, before_site_id
FROM tellings
WHERE network_id = %(network_id)s AND appointment_id = ANY(%(appointment_ids)s)

-- name: keep-tellings
INSERT INTO tellings
    (network_id, appointment_id, decided, told_status, told_start_at, passed_kind, passed_start_at, told_by,
     before_status, before_start_at, told_site_id, passed_site_id, before_site_id)
SELECT %(network_id)s::uuid, kept.*
FROM unnest(
    %(appointment_id)s::uuid[], %(decided)s::integer[], %(told_status)s::text[], %(told_start_at)s::timestamptz[],
    %(passed_kind)s::text[], %(passed_start_at)s::timestamptz[], %(told_by)s::uuid[], %(before_status)s::text[],
    %(before_start_at)s::timestamptz[], %(told_site_id)s::uuid[], %(passed_site_id)s::uuid[],
    %(before_site_id)s::uuid[]) AS kept
ON CONFLICT (network_id, appointment_id) DO UPDATE
SET decided = excluded.decided, told_status = excluded.told_status, told_start_at = excluded.told_start_at,
    passed_kind = excluded.passed_kind, passed_start_at = excluded.passed_start_at, told_by = excluded.told_by,
    before_status = excluded.before_status, before_start_at = excluded.before_start_at,
    told_site_id = excluded.told_site_id, passed_site_id = excluded.passed_site_id,
    before_site_id = excluded.before_site_id
