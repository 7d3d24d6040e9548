-- Figures of a site's texts. domain/figures.py says what each of them counts.

-- name: figures
-- A visit counts where it still has the start and the site that the text named: what became of it elsewhere is another's.
SELECT t.kind, t.lead, t.template_id, t.template_version, t.language, t.status,
       CASE WHEN t.status = 'skipped' THEN t.reason END AS reason,
       count(*) AS texts,
       count(*) FILTER (WHERE EXISTS (
         SELECT FROM replies AS r
         WHERE r.network_id = t.network_id AND r.text_id = t.text_id AND r.meaning = 'confirm'
       UNION ALL
         SELECT FROM reply_texts AS x
         JOIN replies AS r ON r.network_id = x.network_id AND r.message_id = x.message_id AND r.meaning = 'confirm'
         WHERE x.network_id = t.network_id AND x.text_id = t.text_id)) AS confirmed,
       count(*) FILTER (WHERE a.status = 'cancelled' AND a.changed_at > t.claimed_at
                          AND a.changed_at < t.start_at) AS cancelled_in_time,
       count(*) FILTER (WHERE a.status = 'noshow') AS missed
FROM texts AS t
LEFT JOIN appointments AS a
  ON a.network_id = t.network_id AND a.appointment_id = t.appointment_id
 AND a.site_id = t.site_id AND a.start_at = t.start_at
WHERE t.network_id = %(network_id)s AND t.site_id = %(site_id)s
  AND t.due_at >= %(from_at)s AND t.due_at < %(until_at)s
GROUP BY 1, 2, 3, 4, 5, 6, 7

-- name: zone-of-site
SELECT zone FROM sites WHERE network_id = %(network_id)s AND site_id = %(site_id)s
