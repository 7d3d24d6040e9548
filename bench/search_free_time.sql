-- Free time of everybody in bench/search.py: what the product made for a few places, copied to the others of their kind.

CREATE TEMP TABLE copies ON COMMIT DROP AS
WITH places AS (
    SELECT h.practitioner_id AS resource_id, h.site_id, s.zone, 'practitioner' AS kind
    FROM working_hours h JOIN sites s USING (network_id, site_id) WHERE h.network_id = %(network_id)s
    UNION ALL
    SELECT r.resource_id, r.site_id, s.zone, 'room or device'
    FROM resources r JOIN sites s USING (network_id, site_id) WHERE r.network_id = %(network_id)s
)
SELECT p.resource_id, p.site_id, m.resource_id AS made_id
FROM places p
JOIN (
    SELECT DISTINCT ON (p.zone, p.kind) p.* FROM places p
    JOIN free_time_kept k ON k.network_id = %(network_id)s AND k.resource_id = p.resource_id
) m USING (zone, kind)
WHERE p.resource_id <> m.resource_id;

INSERT INTO free_days (network_id, resource_id, on_day, site_id, lane, lanes, working, since_at, from_at, until_at, taken)
SELECT f.network_id, c.resource_id, f.on_day, c.site_id, f.lane, f.lanes, f.working, f.since_at, f.from_at, f.until_at, f.taken
FROM copies c JOIN free_days f ON f.network_id = %(network_id)s AND f.resource_id = c.made_id;

INSERT INTO free_time_kept (network_id, resource_id, site_id, from_on, until_on)
SELECT k.network_id, c.resource_id, c.site_id, k.from_on, k.until_on
FROM copies c JOIN free_time_kept k ON k.network_id = %(network_id)s AND k.resource_id = c.made_id;
