-- Runs of many texts.

-- name: begin-runs
INSERT INTO text_runs (network_id, run_id, site_id, kind, begun_at)
SELECT %(network_id)s::uuid, * FROM unnest(
    %(run_id)s::uuid[], %(site_id)s::uuid[], %(kind)s::text[], %(begun_at)s::timestamptz[])
ON CONFLICT (network_id, run_id) DO NOTHING

-- name: lock-run
SELECT run_id, site_id, kind, begun_at, stopped_at, stopped_by
FROM text_runs
WHERE network_id = %(network_id)s AND run_id = %(run_id)s
FOR UPDATE

-- name: hold-runs
-- Shared, and the last lock of a claim: whoever stops one of them waits until what is claimed has committed.
SELECT run_id, stopped_at FROM text_runs
WHERE network_id = %(network_id)s AND run_id = ANY(%(run_ids)s::uuid[])
ORDER BY run_id
FOR SHARE

-- name: stop-run
UPDATE text_runs SET stopped_at = %(stopped_at)s, stopped_by = %(stopped_by)s
WHERE network_id = %(network_id)s AND run_id = %(run_id)s

-- part: counted
SELECT jsonb_object_agg(status, texts) AS texts
FROM (
    SELECT t.status, count(*) AS texts FROM texts AS t
    WHERE t.network_id = r.network_id AND t.run_id = r.run_id
    GROUP BY t.status) AS by_status

-- name: runs-of-site
-- Those of the page alone are counted: a site has a run a day, for years.
SELECT r.run_id, r.site_id, r.kind, r.begun_at, r.stopped_at, c.texts
FROM (
SELECT r.network_id, r.run_id, r.site_id, r.kind, r.begun_at, r.stopped_at
FROM text_runs AS r
WHERE r.network_id = %(network_id)s AND r.site_id = %(site_id)s
  AND EXISTS (SELECT FROM texts AS t WHERE t.network_id = r.network_id AND t.run_id = r.run_id)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (r.begun_at, r.run_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (r.begun_at, r.run_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN r.begun_at END DESC, CASE WHEN %(backwards)s THEN r.run_id END DESC,
         r.begun_at, r.run_id
LIMIT %(limit)s) AS r
CROSS JOIN LATERAL ({counted}) AS c
ORDER BY CASE WHEN %(backwards)s THEN r.begun_at END DESC, CASE WHEN %(backwards)s THEN r.run_id END DESC,
         r.begun_at, r.run_id

-- name: text-run
SELECT r.run_id, r.site_id, r.kind, r.begun_at, r.stopped_at, c.texts
FROM text_runs AS r
CROSS JOIN LATERAL ({counted}) AS c
WHERE r.network_id = %(network_id)s AND r.run_id = %(run_id)s
