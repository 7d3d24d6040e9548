-- One text may remind of several visits: their rows share its attempt.
CREATE INDEX texts_attempt_idx ON texts (network_id, attempt_id) WHERE attempt_id IS NOT NULL;
ALTER TABLE texts DROP CONSTRAINT texts_attempt_id_key;

-- What a reply was said to besides the text that it names: of a text of several visits all that still held.
CREATE TABLE reply_texts (
    network_id uuid NOT NULL,
    text_id uuid NOT NULL,
    message_id text NOT NULL,
    PRIMARY KEY (network_id, text_id, message_id),
    CONSTRAINT reply_texts_message_fkey FOREIGN KEY (network_id, message_id) REFERENCES replies (network_id, message_id)
);
SELECT frontdesk_tenant_table('reply_texts', 'SELECT, INSERT');
