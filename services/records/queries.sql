-- Statements of records. `sites` NULL means every site of the network.

-- name: lock-visible-patients
-- Locked before their lists are read: a statement that waits for a lock reads other tables as they were before.
SELECT p.patient_id
FROM patients p
WHERE p.patient_id = ANY (%(patient_ids)s::uuid[])
  AND (%(sites)s::uuid[] IS NULL OR EXISTS (
        SELECT FROM patient_sites s WHERE s.patient_id = p.patient_id AND s.site_id = ANY (%(sites)s::uuid[])))
ORDER BY p.patient_id
FOR NO KEY UPDATE OF p

-- name: share-patient-versions
-- The version that a finished encounter names stands until it is committed.
SELECT patient_id, version FROM patients WHERE patient_id = ANY (%(patient_ids)s::uuid[]) ORDER BY patient_id FOR SHARE

-- name: patients-by-ids
SELECT p.patient_id, p.version, p.given, p.family, p.birth_on, p.language,
       (SELECT coalesce(json_agg(json_build_object('number', n.number, 'use', n.use) ORDER BY n.place), '[]')
        FROM patient_phones n WHERE n.patient_id = p.patient_id) AS phones,
       (SELECT coalesce(json_agg(json_build_object('number', c.number, 'purpose', c.purpose, 'given', c.given,
                                                   'at', c.at, 'evidence', c.evidence, 'channel', c.channel,
                                                   'method', c.method, 'recorded_by', c.recorded_by) ORDER BY c.place), '[]')
        FROM patient_consents c WHERE c.patient_id = p.patient_id) AS consents,
       (SELECT coalesce(json_agg(json_build_object('coverage_id', v.coverage_id, 'payer_id', v.payer_id,
                                                   'payer_name', v.payer_name, 'member_id', v.member_id)
                                 ORDER BY v.place), '[]')
        FROM coverages v WHERE v.patient_id = p.patient_id) AS coverages,
       (SELECT coalesce(json_agg(s.site_id ORDER BY s.site_id), '[]')
        FROM patient_sites s
        WHERE s.patient_id = p.patient_id
          AND (%(sites)s::uuid[] IS NULL OR s.site_id = ANY (%(sites)s::uuid[]))) AS site_ids
FROM patients p
WHERE p.patient_id = ANY (%(patient_ids)s::uuid[])
ORDER BY p.family_key, p.patient_id

-- name: visible-patient-ids
SELECT DISTINCT s.patient_id
FROM patient_sites s
WHERE s.patient_id = ANY (%(patient_ids)s::uuid[])
  AND (%(sites)s::uuid[] IS NULL OR s.site_id = ANY (%(sites)s::uuid[]))

-- name: ids-with-number
SELECT patient_id FROM patient_phones WHERE number = %(number)s

-- name: ids-with-member-id
SELECT patient_id FROM coverages WHERE member_id = %(member_id)s

-- name: ids-with-family-and-birth
SELECT patient_id FROM patients WHERE birth_on = %(birth_on)s AND family_key = %(family_key)s

-- name: patient-page
-- By family name; `after_id` is the last patient of the page before. A prefix is a range: LIKE would reach no index here.
-- `backwards` is a constant to the planner: each of the two orders is its own plan.
SELECT p.patient_id
FROM patients p
WHERE (%(family_from)s::text IS NULL OR p.family_key >= %(family_from)s AND p.family_key < %(family_to)s)
  AND (%(birth_on)s::date IS NULL OR p.birth_on = %(birth_on)s)
  AND (%(number)s::text IS NULL OR EXISTS (
        SELECT FROM patient_phones f WHERE f.patient_id = p.patient_id AND f.number = %(number)s))
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (p.family_key, p.patient_id) < (SELECT a.family_key, a.patient_id FROM patients a
                                            WHERE a.patient_id = %(after_id)s::uuid)
       ELSE (p.family_key, p.patient_id) > (SELECT a.family_key, a.patient_id FROM patients a
                                            WHERE a.patient_id = %(after_id)s::uuid) END)
  AND (%(sites)s::uuid[] IS NULL OR EXISTS (
        SELECT FROM patient_sites s WHERE s.patient_id = p.patient_id AND s.site_id = ANY (%(sites)s::uuid[])))
ORDER BY CASE WHEN %(backwards)s THEN p.family_key END DESC, CASE WHEN %(backwards)s THEN p.patient_id END DESC,
         p.family_key, p.patient_id
LIMIT %(limit)s

-- name: add-patient
INSERT INTO patients (network_id, patient_id, version, given, family, family_key, birth_on, language)
VALUES (%(network_id)s, %(patient_id)s, %(version)s, %(given)s, %(family)s, %(family_key)s, %(birth_on)s, %(language)s)

-- name: save-patient
UPDATE patients
SET version = %(version)s, given = %(given)s, family = %(family)s, family_key = %(family_key)s, birth_on = %(birth_on)s,
    language = %(language)s
WHERE patient_id = %(patient_id)s

-- name: clear-consents
DELETE FROM patient_consents WHERE patient_id = %(patient_id)s

-- name: clear-phones
DELETE FROM patient_phones WHERE patient_id = %(patient_id)s

-- name: clear-coverages
DELETE FROM coverages WHERE patient_id = %(patient_id)s

-- name: add-phones
INSERT INTO patient_phones (network_id, patient_id, number, use, place) VALUES %s

-- name: add-consents
INSERT INTO patient_consents
    (network_id, patient_id, number, purpose, given, at, evidence, channel, method, recorded_by, place)
VALUES %s

-- name: add-coverages
INSERT INTO coverages (network_id, patient_id, coverage_id, payer_id, payer_name, member_id, place) VALUES %s

-- name: see-patients-from
INSERT INTO patient_sites (network_id, patient_id, site_id) VALUES %s ON CONFLICT DO NOTHING

-- name: appointments-by-ids
SELECT appointment_id, version, arrival_id FROM appointments WHERE appointment_id = ANY (%(appointment_ids)s::uuid[])

-- name: keep-appointments
INSERT INTO appointments (network_id, appointment_id, version, arrival_id) VALUES %s
ON CONFLICT (network_id, appointment_id) DO UPDATE SET version = excluded.version, arrival_id = excluded.arrival_id
WHERE appointments.version < excluded.version

-- part: whole-encounter
encounter_id, version, appointment_id, arrival_id, patient_id, patient_version, site_id, practitioner_id, status,
       started_at, finished_at, diagnoses, procedures

-- name: encounters-of-appointments
-- Locked in the order of their ids: who finishes one of them comes before or after, never between.
SELECT {whole-encounter}
FROM encounters
WHERE appointment_id = ANY (%(appointment_ids)s::uuid[])
ORDER BY encounter_id
FOR UPDATE

-- name: encounter-by-id
SELECT {whole-encounter}
FROM encounters
WHERE encounter_id = %(encounter_id)s

-- name: encounter-page
SELECT {whole-encounter}
FROM encounters
WHERE site_id = %(site_id)s
  AND (%(status)s::text IS NULL OR status = %(status)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (started_at, encounter_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (started_at, encounter_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN started_at END DESC, CASE WHEN %(backwards)s THEN encounter_id END DESC,
         started_at, encounter_id
LIMIT %(limit)s

-- name: lock-encounter
SELECT {whole-encounter}
FROM encounters
WHERE encounter_id = %(encounter_id)s
FOR UPDATE

-- name: lock-encounters
SELECT {whole-encounter}
FROM encounters
WHERE encounter_id = ANY (%(encounter_ids)s::uuid[])
ORDER BY encounter_id
FOR UPDATE

-- name: add-encounters
INSERT INTO encounters
    (network_id, encounter_id, version, appointment_id, arrival_id, patient_id, patient_version, site_id, practitioner_id,
     status, started_at, finished_at, diagnoses, procedures)
VALUES %s

-- name: save-encounter
UPDATE encounters
SET version = %(version)s, status = %(status)s, patient_version = %(patient_version)s, finished_at = %(finished_at)s,
    diagnoses = %(diagnoses)s, procedures = %(procedures)s
WHERE encounter_id = %(encounter_id)s
