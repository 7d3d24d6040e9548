-- Templates of texts, and how a network words them.

-- part: whole-template
t.template_id, t.site_id, t.occasion, t.language, t.saved, t.in_force, t.version, t.created_at,
       v.body, v.saved_at, v.saved_by

-- name: add-template
INSERT INTO text_templates
    (network_id, template_id, site_id, occasion, language, saved, in_force, version, created_at)
VALUES
    (%(network_id)s, %(template_id)s, %(site_id)s, %(occasion)s, %(language)s, %(saved)s, %(in_force)s, %(version)s,
     %(created_at)s)

-- name: change-template
UPDATE text_templates SET saved = %(saved)s, in_force = %(in_force)s, version = %(version)s
WHERE network_id = %(network_id)s AND template_id = %(template_id)s

-- name: keep-template-version
INSERT INTO text_template_versions
    (network_id, template_id, number, body, encoding, segments, saved_at, saved_by)
VALUES
    (%(network_id)s, %(template_id)s, %(number)s, %(body)s, %(encoding)s, %(segments)s, %(saved_at)s, %(saved_by)s)

-- name: lock-template
SELECT {whole-template}
FROM text_templates AS t
JOIN text_template_versions AS v
  ON v.network_id = t.network_id AND v.template_id = t.template_id AND v.number = t.saved
WHERE t.network_id = %(network_id)s AND t.template_id = %(template_id)s
FOR UPDATE OF t

-- name: template
SELECT {whole-template}, v.encoding, v.segments
FROM text_templates AS t
JOIN text_template_versions AS v
  ON v.network_id = t.network_id AND v.template_id = t.template_id AND v.number = t.saved
WHERE t.network_id = %(network_id)s AND t.template_id = %(template_id)s

-- name: templates
-- Those of the asker's sites (NULL: of every site) and those that hold for all; `site_id` narrows to one site.
SELECT {whole-template}, v.encoding, v.segments
FROM text_templates AS t
JOIN text_template_versions AS v
  ON v.network_id = t.network_id AND v.template_id = t.template_id AND v.number = t.saved
WHERE t.network_id = %(network_id)s
  AND (t.site_id IS NULL OR %(site_ids)s::uuid[] IS NULL OR t.site_id = ANY(%(site_ids)s::uuid[]))
  AND (%(site_id)s::uuid IS NULL OR t.site_id = %(site_id)s::uuid)
  AND (%(occasion)s::text IS NULL OR t.occasion = %(occasion)s)
  AND (%(language)s::text IS NULL OR t.language = %(language)s)
  AND (%(after_at)s::timestamptz IS NULL OR CASE WHEN %(backwards)s
       THEN (t.created_at, t.template_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)
       ELSE (t.created_at, t.template_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid) END)
ORDER BY CASE WHEN %(backwards)s THEN t.created_at END DESC, CASE WHEN %(backwards)s THEN t.template_id END DESC,
         t.created_at, t.template_id
LIMIT %(limit)s

-- name: template-versions
SELECT v.number AS template_version, v.body, v.encoding, v.segments, v.saved_at, v.saved_by, v.number = t.in_force IS TRUE AS in_force
FROM text_template_versions AS v
JOIN text_templates AS t ON t.network_id = v.network_id AND t.template_id = v.template_id
WHERE v.network_id = %(network_id)s AND v.template_id = %(template_id)s
  AND (%(after_number)s::integer IS NULL OR CASE WHEN %(backwards)s
       THEN v.number < %(after_number)s::integer ELSE v.number > %(after_number)s::integer END)
ORDER BY CASE WHEN %(backwards)s THEN v.number END DESC, v.number
LIMIT %(limit)s

-- name: templates-in-force
-- What is sent on these occasions at these sites, the network's own words for all sites included.
SELECT t.template_id, v.number AS template_version, t.site_id, t.occasion, t.language, v.body
FROM text_templates AS t
JOIN text_template_versions AS v
  ON v.network_id = t.network_id AND v.template_id = t.template_id AND v.number = t.in_force
WHERE t.network_id = %(network_id)s AND t.occasion = ANY(%(occasions)s)
  AND (t.site_id IS NULL OR t.site_id = ANY(%(site_ids)s))

-- name: texting-policy
SELECT default_language, most_segments, first_names, version FROM texting_policies WHERE network_id = %(network_id)s

-- name: keep-texting-policy
INSERT INTO texting_policies (network_id, default_language, most_segments, first_names, version)
VALUES (%(network_id)s, %(default_language)s, %(most_segments)s, %(first_names)s, %(version)s)
ON CONFLICT (network_id) DO UPDATE
SET default_language = excluded.default_language, most_segments = excluded.most_segments,
    first_names = excluded.first_names, version = excluded.version

-- name: sample-site
-- The site that is named, or the one with the longest name, since a template for all has to hold it.
SELECT s.name, s.zone, s.phone, s.holidays
FROM sites AS s
WHERE s.network_id = %(network_id)s AND (%(site_id)s::uuid IS NULL OR s.site_id = %(site_id)s::uuid)
ORDER BY length(s.name) DESC, s.site_id
LIMIT 1

-- name: network-name
SELECT name FROM networks WHERE network_id = %(network_id)s
