-- One text may remind of several visits: their rows share its attempt.
ALTER TABLE texts DROP CONSTRAINT texts_attempt_id_key;
CREATE INDEX texts_attempt_idx ON texts (network_id, attempt_id) WHERE attempt_id IS NOT NULL;
