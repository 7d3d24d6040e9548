-- A visit may move to another site at the same time: that is news too. Until now each stayed at its site.
ALTER TABLE tellings
    ADD COLUMN told_site_id uuid,
    ADD COLUMN passed_site_id uuid,
    ADD COLUMN before_site_id uuid;
UPDATE tellings AS t SET
    told_site_id = CASE WHEN t.told_start_at IS NOT NULL THEN a.site_id END,
    passed_site_id = CASE WHEN t.passed_start_at IS NOT NULL THEN a.site_id END,
    before_site_id = CASE WHEN t.before_start_at IS NOT NULL THEN a.site_id END
FROM appointments AS a
WHERE a.network_id = t.network_id AND a.appointment_id = t.appointment_id;
