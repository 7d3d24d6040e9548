-- The books of bench/day_sheet.py: years of a network, and one day of a busy site in every state that a day has.

CREATE TEMP TABLE given ON COMMIT DROP AS
SELECT %(network_id)s::uuid AS network_id, %(site_id)s::uuid AS site_id, %(type_id)s::uuid AS type_id,
       %(people)s::uuid[] AS people, %(patients)s::uuid[] AS patients, %(noon)s::timestamptz AS noon;

INSERT INTO sites (network_id, site_id, name, zone, version)
SELECT network_id, gen_random_uuid(), 'Other ' || n, 'America/New_York', 1 FROM given, generate_series(1, 50) n;

INSERT INTO resources (network_id, resource_id, site_id, kind, type, name, capacity, active, version)
SELECT network_id, gen_random_uuid(), site_id, 'room', 'exam room', 'Exam ' || n, 1, true, 1
FROM given, generate_series(1, 10) n;

INSERT INTO appointments
    (network_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone,
     lane, booked_at, arrived_at, version)
SELECT g.network_id, gen_random_uuid(), s.site_id, g.people[1 + n %% cardinality(g.people)], g.type_id,
       g.patients[1 + n %% cardinality(g.patients)], 'fulfilled', g.noon - make_interval(mins => n * 5),
       g.noon - make_interval(mins => n * 5 - 15), 'America/New_York', 1, g.noon - interval '2 years',
       g.noon - make_interval(mins => n * 5), 4
FROM given g
CROSS JOIN generate_series(1, %(others)s) n
JOIN (SELECT site_id, row_number() OVER () AS place FROM sites WHERE name LIKE 'Other %%') s ON s.place = 1 + n %% 50;

-- One fifth expected, one waiting, one in a room, one finished, one cancelled.
INSERT INTO appointments
    (network_id, appointment_id, site_id, practitioner_id, appointment_type_id, patient_id, status, start_at, end_at, zone,
     lane, booked_at, arrived_at, in_room_at, room_id, version)
SELECT g.network_id, gen_random_uuid(), g.site_id, g.people[1 + n %% cardinality(g.people)], g.type_id,
       g.patients[1 + n %% cardinality(g.patients)],
       (ARRAY['booked', 'arrived', 'arrived', 'fulfilled', 'cancelled'])[1 + n %% 5],
       g.noon + make_interval(mins => n / 50 * 15), g.noon + make_interval(mins => n / 50 * 15 + 15),
       'America/New_York', 1, g.noon - interval '30 days', CASE WHEN n %% 5 IN (1, 2, 3) THEN g.noon END,
       CASE WHEN n %% 5 IN (2, 3) THEN g.noon END, CASE WHEN n %% 5 IN (2, 3) THEN r.resource_id END, 3
FROM given g
CROSS JOIN generate_series(0, %(visits)s - 1) n
JOIN (SELECT resource_id, row_number() OVER () AS place FROM resources WHERE kind = 'room') r ON r.place = 1 + n %% 10;

INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)
SELECT a.network_id, a.practitioner_id, 1, a.appointment_id, a.site_id, a.start_at, a.end_at
FROM appointments a JOIN given g ON a.network_id = g.network_id AND a.site_id = g.site_id AND a.start_at >= g.noon
WHERE a.status <> 'cancelled';

INSERT INTO texts (network_id, text_id, version, appointment_id, kind, status, told_at)
SELECT a.network_id, gen_random_uuid(), 1, a.appointment_id, 'booked', 'delivered', a.booked_at
FROM appointments a JOIN given g ON g.network_id = a.network_id
WHERE NOT EXISTS (SELECT FROM texts x WHERE x.network_id = a.network_id AND x.appointment_id = a.appointment_id);

ANALYZE appointments, texts, bookings, resources, sites;
