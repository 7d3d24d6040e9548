-- A visit may move to another site: where it came from, and what each site is to see of it.

ALTER TABLE appointments ADD COLUMN previous_site_id uuid;

-- The sites are NULL in lines from before this migration, when every visit stayed at its site. `left_xid`: the
-- transaction in which a visit left a site, so that a page of that site, which asks for all that has changed, drops it.
ALTER TABLE appointment_changes
    ADD COLUMN from_site_id uuid,
    ADD COLUMN to_site_id uuid,
    ADD COLUMN left_xid bigint;
CREATE INDEX appointment_changes_left_idx ON appointment_changes (network_id, from_site_id, left_xid)
    WHERE left_xid IS NOT NULL;

-- A text belongs to the site that the visit had when it was told.
ALTER TABLE texts ADD COLUMN site_id uuid;
