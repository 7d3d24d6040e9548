-- A site's encounters are listed page by page, in the order in which they began.
CREATE INDEX encounters_site_id_idx ON encounters (network_id, site_id, started_at, encounter_id);
