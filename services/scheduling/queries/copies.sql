-- Copies of other services' facts.

-- name: keep-patients
INSERT INTO patients AS known (network_id, patient_id, version, given, family, birth_on) VALUES %s
ON CONFLICT (network_id, patient_id) DO UPDATE
    SET version = excluded.version, given = excluded.given, family = excluded.family, birth_on = excluded.birth_on
    WHERE known.version < excluded.version

-- name: keep-texts
INSERT INTO texts AS known (network_id, text_id, version, appointment_id, site_id, kind, status, reason, told_at)
VALUES %s
ON CONFLICT (network_id, text_id) DO UPDATE
    SET version = excluded.version, site_id = excluded.site_id, status = excluded.status, reason = excluded.reason,
        told_at = excluded.told_at
    WHERE known.version < excluded.version
