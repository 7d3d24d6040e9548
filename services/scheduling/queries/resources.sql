-- Rooms and devices.

-- part: resource-columns
resource_id, site_id, kind, type, name, capacity, active, from_on, until_on, version

-- name: add-resource
INSERT INTO resources (network_id, {resource-columns})
VALUES (%(network_id)s, %(resource_id)s, %(site_id)s, %(kind)s, %(type)s, %(name)s, %(capacity)s, %(active)s,
        %(from_on)s, %(until_on)s, %(version)s)

-- name: change-resource
UPDATE resources SET type = %(type)s, name = %(name)s, capacity = %(capacity)s, active = %(active)s,
    from_on = %(from_on)s, until_on = %(until_on)s, version = %(version)s
WHERE network_id = %(network_id)s AND resource_id = %(resource_id)s

-- name: resource
SELECT {resource-columns} FROM resources WHERE network_id = %(network_id)s AND resource_id = %(resource_id)s

-- name: lock-resource
SELECT {resource-columns} FROM resources WHERE network_id = %(network_id)s AND resource_id = %(resource_id)s
FOR UPDATE

-- name: resource-page
SELECT {resource-columns} FROM resources
WHERE network_id = %(network_id)s AND site_id = %(site_id)s
  AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(active)s::boolean IS NULL OR active = %(active)s)
  AND (%(after_id)s::uuid IS NULL OR CASE WHEN %(backwards)s
       THEN (name, resource_id) < (SELECT a.name, a.resource_id FROM resources a
              WHERE a.network_id = %(network_id)s AND a.resource_id = %(after_id)s::uuid)
       ELSE (name, resource_id) > (SELECT a.name, a.resource_id FROM resources a
              WHERE a.network_id = %(network_id)s AND a.resource_id = %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN name END DESC, CASE WHEN %(backwards)s THEN resource_id END DESC,
         name, resource_id
LIMIT %(limit)s
