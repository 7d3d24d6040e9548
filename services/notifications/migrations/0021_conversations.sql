-- Conversations: a thread for each number, what each site has heard of it, and what its people write themselves.

-- The id is random: it travels in the open, and one that followed from a number would tell it.
CREATE TABLE conversations (
    network_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    number text NOT NULL,
    PRIMARY KEY (network_id, conversation_id),
    CONSTRAINT conversations_number_key UNIQUE (network_id, number)
);
SELECT frontdesk_tenant_table('conversations', 'SELECT, INSERT');

-- What one site has heard, how much of it was read, and whose it is; no site knows of another's. `site_id` NULL: no
-- site can be told.
CREATE TABLE conversation_sites (
    network_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    site_id uuid,
    heard integer NOT NULL,
    read integer NOT NULL,
    last_at timestamptz NOT NULL,
    taken_by text,
    taken_at timestamptz,
    CONSTRAINT conversation_sites_site_key UNIQUE NULLS NOT DISTINCT (network_id, conversation_id, site_id),
    CONSTRAINT conversation_sites_read_check CHECK (read BETWEEN 0 AND heard),
    CONSTRAINT conversation_sites_conversation_fkey FOREIGN KEY (network_id, conversation_id)
        REFERENCES conversations (network_id, conversation_id)
);
CREATE INDEX conversation_sites_last_at_idx ON conversation_sites (network_id, site_id, last_at, conversation_id);
CREATE INDEX conversation_sites_unread_idx ON conversation_sites (network_id, site_id, last_at, conversation_id)
    WHERE heard > read;
SELECT frontdesk_tenant_table('conversation_sites', 'SELECT, INSERT, UPDATE');

-- Whom a site knows.
CREATE INDEX appointments_patient_idx ON appointments (network_id, patient_id, start_at);

-- Whose reply it was when it came; NULL: no site could be told.
ALTER TABLE replies ADD COLUMN site_id uuid;
CREATE INDEX replies_number_idx ON replies (network_id, from_number, received_at);

-- What somebody at a site wrote, in her own words; sent at most once.
CREATE TABLE free_texts (
    network_id uuid NOT NULL,
    free_text_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    number text NOT NULL,
    site_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    body text NOT NULL,
    written_by text NOT NULL,
    written_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    claimed_at timestamptz,
    status text NOT NULL CONSTRAINT free_texts_status_check
        CHECK (status IN ('due', 'claimed', 'accepted', 'delivered', 'failed', 'refused', 'unknown', 'skipped')),
    reason text,
    tries integer NOT NULL,
    next_try_at timestamptz,
    attempt_id uuid,
    claim_ends_at timestamptz,
    sid text,
    PRIMARY KEY (network_id, free_text_id),
    CONSTRAINT free_texts_attempt_id_key UNIQUE (network_id, attempt_id),
    CONSTRAINT free_texts_conversation_fkey FOREIGN KEY (network_id, conversation_id)
        REFERENCES conversations (network_id, conversation_id)
);
CREATE INDEX free_texts_due_idx ON free_texts (network_id, due_at, free_text_id) WHERE status = 'due';
CREATE INDEX free_texts_claimed_idx ON free_texts (network_id, claim_ends_at) WHERE status = 'claimed';
CREATE INDEX free_texts_went_idx ON free_texts (network_id, number, claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX free_texts_number_idx ON free_texts (network_id, number, written_at);
SELECT frontdesk_tenant_table('free_texts', 'SELECT, INSERT, UPDATE');

-- Short texts that a network's people send often.
CREATE TABLE quick_replies (
    network_id uuid NOT NULL,
    quick_reply_id uuid NOT NULL,
    name text NOT NULL,
    body text NOT NULL,
    encoding text NOT NULL,
    segments integer NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (network_id, quick_reply_id)
);
CREATE UNIQUE INDEX quick_replies_name_key ON quick_replies (network_id, name) WHERE removed_at IS NULL;
CREATE INDEX quick_replies_created_at_idx ON quick_replies (network_id, created_at, quick_reply_id);
SELECT frontdesk_tenant_table('quick_replies', 'SELECT, INSERT, UPDATE');

-- What was said before: it was read, as far as anybody knows.
UPDATE replies SET site_id = coalesce(
    (SELECT t.site_id FROM texts AS t WHERE t.network_id = replies.network_id AND t.text_id = replies.text_id),
    (SELECT t.site_id FROM texts AS t
     WHERE t.network_id = replies.network_id AND t.number = replies.from_number AND t.claimed_at <= replies.received_at
     ORDER BY t.claimed_at DESC
     LIMIT 1));
INSERT INTO conversations (network_id, conversation_id, number)
SELECT network_id, gen_random_uuid(), from_number FROM replies GROUP BY network_id, from_number;
INSERT INTO conversation_sites (network_id, conversation_id, site_id, heard, read, last_at)
SELECT r.network_id, c.conversation_id, r.site_id, count(*), count(*), max(r.received_at)
FROM replies AS r
JOIN conversations AS c ON c.network_id = r.network_id AND c.number = r.from_number
GROUP BY r.network_id, c.conversation_id, r.site_id;
