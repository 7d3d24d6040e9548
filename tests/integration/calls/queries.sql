-- Statements of the small service.

-- name: count-things
SELECT count(*)::int AS things FROM things WHERE site_id = %(site_id)s

-- name: add-thing
INSERT INTO things (network_id, site_id, name) VALUES (%(network_id)s, %(site_id)s, %(name)s)
RETURNING thing_id, site_id, name

-- name: add-wrongly
INSERT INTO things (network_id, site_id, name) VALUES (%(name)s, NULL, %(name)s) RETURNING thing_id

-- name: lock-two
-- Two of these with the names ab and ba lock each other out, until PostgreSQL ends one.
WITH first AS (SELECT pg_advisory_xact_lock(ascii(left(%(name)s, 1))) AS locked),
     waited AS (SELECT pg_sleep(%(seconds)s) AS slept FROM first),
     second AS (SELECT pg_advisory_xact_lock(ascii(right(%(name)s, 1))) AS locked FROM waited)
INSERT INTO things (network_id, site_id, name)
SELECT %(network_id)s, %(network_id)s, %(name)s FROM second
RETURNING thing_id, site_id, name

-- name: sleep
SELECT 1 AS things FROM pg_sleep(%(seconds)s)
