-- What a service needs to tell and to hear facts: outbox, inbox, parked events.

-- `data` and `headers` together are the envelope as it goes on the wire (patient data sealed): each republish is the same bytes.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL,
    network_id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    headers json NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    last_error text,
    CONSTRAINT outbox_event_id_key UNIQUE (event_id),
    CONSTRAINT outbox_aggregate_version_key UNIQUE (network_id, aggregate_type, aggregate_id, version)
);
CREATE INDEX outbox_unpublished_idx ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_replay_idx ON outbox (aggregate_type, occurred_at);
SELECT frontdesk_exception('outbox', 'INSERT', 'app');
SELECT frontdesk_exception('outbox', 'SELECT', 'relay');
SELECT frontdesk_exception('outbox', 'UPDATE', 'relay');

-- One row an event that a handler has dealt with, in the transaction of its effect.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    network_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('applied', 'stale', 'discarded')),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
);
SELECT frontdesk_exception('inbox', 'INSERT', 'app');
SELECT frontdesk_exception('inbox', 'SELECT', 'app');
SELECT frontdesk_exception('inbox', 'UPDATE', 'app');

-- An event that a handler could not deal with, until it is retried with success or a person decides.
CREATE TABLE parked_events (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    network_id uuid NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    reason text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'dead', 'settled', 'discarded')),
    attempts integer NOT NULL DEFAULT 0,
    dangerous boolean NOT NULL DEFAULT false,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at timestamptz,
    settled_at timestamptz,
    decision text,
    CONSTRAINT parked_events_consumer_event_id_key UNIQUE (consumer, event_id)
);
CREATE INDEX parked_events_due_idx ON parked_events (next_attempt_at) WHERE status = 'open';
SELECT frontdesk_exception('parked_events', 'INSERT', 'app');
SELECT frontdesk_exception('parked_events', 'SELECT', 'app');
SELECT frontdesk_exception('parked_events', 'ALL', 'worker');
