-- A reply is matched to the message that it answers, and more of what it can mean is told apart.

ALTER TABLE replies
    ADD COLUMN text_id uuid,
    DROP CONSTRAINT replies_meaning_check,
    ADD CONSTRAINT replies_meaning_check CHECK (meaning IN (
        'stop', 'start', 'help', 'cancel', 'confirm', 'decline', 'reschedule', 'wrong-number', 'doubt', 'other'));
CREATE INDEX replies_text_idx ON replies (network_id, text_id) WHERE text_id IS NOT NULL;
