-- The map of bench/search.py: fifty sites in four zones, ten practitioners, two rooms and a device at each.

CREATE TEMP TABLE given ON COMMIT DROP AS SELECT %(network_id)s::uuid AS network_id;

INSERT INTO sites (network_id, site_id, name, zone, version)
SELECT network_id, gen_random_uuid(), 'Site ' || n, (%(zones)s::text[])[1 + n %% cardinality(%(zones)s::text[])], 1
FROM given, generate_series(1, %(sites)s) n;

INSERT INTO practitioners (network_id, practitioner_id, given, family, version)
SELECT network_id, gen_random_uuid(), 'Noor', 'Bench ' || n, 1 FROM given, generate_series(1, %(people)s) n;

INSERT INTO working_hours (network_id, practitioner_id, site_id, lanes, version)
SELECT %(network_id)s, p.practitioner_id, s.site_id, 1, 1
FROM (SELECT practitioner_id, row_number() OVER () AS place FROM practitioners WHERE network_id = %(network_id)s) p
JOIN (SELECT site_id, row_number() OVER () AS place FROM sites WHERE network_id = %(network_id)s) s
    ON s.place = 1 + p.place %% %(sites)s;

INSERT INTO weekly_hours (network_id, practitioner_id, site_id, weekday, starts, ends)
SELECT h.network_id, h.practitioner_id, h.site_id, weekday, 540, 1020
FROM given g JOIN working_hours h USING (network_id), generate_series(1, 5) weekday;

INSERT INTO resources (network_id, resource_id, site_id, kind, type, name, capacity, active, version)
SELECT g.network_id, gen_random_uuid(), s.site_id, CASE n WHEN 0 THEN 'device' ELSE 'room' END,
       CASE n WHEN 0 THEN 'ultrasound' ELSE 'exam room' END, CASE n WHEN 0 THEN 'Ultrasound' ELSE 'Exam ' || n END,
       1, true, 1
FROM given g JOIN sites s USING (network_id), generate_series(0, 2) n;

INSERT INTO resource_lanes (network_id, resource_id, lane)
SELECT p.network_id, p.practitioner_id, 1 FROM given g JOIN practitioners p USING (network_id)
UNION ALL
SELECT r.network_id, r.resource_id, 1 FROM given g JOIN resources r USING (network_id);

INSERT INTO appointment_types (network_id, appointment_type_id, name, minutes, active, version, set_up_minutes, needs)
SELECT network_id, gen_random_uuid(), 'Visit', 20, true, 1, 0, '[]'::jsonb FROM given
UNION ALL
SELECT network_id, gen_random_uuid(), 'Scan', 40, true, 1, 10,
       '[{"kind": "room", "type": "exam room"}, {"kind": "device", "type": "ultrasound"}]'::jsonb FROM given;
