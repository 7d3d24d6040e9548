-- What nobody knows is looked up at the carrier, by number, time and a digest of the words; then a person decides.

-- `next_look_at` is real time. The digest (SHA-256) is of words that are kept nowhere.
ALTER TABLE texts
    ADD COLUMN body_hash text,
    ADD COLUMN looks integer NOT NULL DEFAULT 0,
    ADD COLUMN next_look_at timestamptz;
CREATE INDEX texts_unknown_idx ON texts (network_id, next_look_at) WHERE status = 'unknown';
CREATE INDEX texts_sid_idx ON texts (network_id, sid) WHERE sid IS NOT NULL;

-- Who closed a task by hand; NULL where it ended by itself.
ALTER TABLE tasks ADD COLUMN closed_by text;
