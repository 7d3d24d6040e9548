-- What is said back to a reply, at most once. The words follow from kind and language and are kept nowhere.

CREATE TABLE responses (
    network_id uuid NOT NULL,
    response_id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL
        CONSTRAINT responses_kind_check CHECK (kind IN ('opted-out', 'opted-in', 'help', 'ask', 'received')),
    language text NOT NULL,
    message_id text NOT NULL,
    text_id uuid,
    due_at timestamptz NOT NULL,
    status text NOT NULL CONSTRAINT responses_status_check
        CHECK (status IN ('due', 'claimed', 'accepted', 'refused', 'unknown', 'skipped')),
    reason text,
    tries integer NOT NULL,
    next_try_at timestamptz,
    attempt_id uuid,
    claim_ends_at timestamptz,
    sid text,
    PRIMARY KEY (network_id, response_id),
    -- One reply is answered once.
    CONSTRAINT responses_message_id_key UNIQUE (network_id, message_id),
    CONSTRAINT responses_attempt_id_key UNIQUE (network_id, attempt_id)
);
CREATE INDEX responses_due_idx ON responses (network_id, due_at, response_id) WHERE status = 'due';
CREATE INDEX responses_claimed_idx ON responses (network_id, claim_ends_at) WHERE status = 'claimed';
CREATE INDEX responses_text_idx ON responses (network_id, text_id) WHERE text_id IS NOT NULL;
CREATE INDEX responses_number_idx ON responses (network_id, number, due_at);
SELECT frontdesk_tenant_table('responses');
