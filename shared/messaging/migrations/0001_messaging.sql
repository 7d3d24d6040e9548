-- What a service needs to tell and to hear facts: outbox, inbox, parked events. None is a tenant's table:
-- relay and handlers span networks.

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
    next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
    last_error text,
    CONSTRAINT outbox_event_id_key UNIQUE (event_id),
    CONSTRAINT outbox_aggregate_version_key UNIQUE (network_id, aggregate_type, aggregate_id, version)
);
CREATE INDEX outbox_unpublished_idx ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_replay_idx ON outbox (aggregate_type, occurred_at);
SELECT frontdesk_exception('outbox', 'INSERT', 'app');
SELECT frontdesk_exception('outbox', 'SELECT', 'relay');
SELECT frontdesk_exception('outbox', 'UPDATE', 'relay');

-- One row an event that a handler has dealt with, inserted first in the transaction of its effect. Aggregate and
-- version tell what is stale; they are unknown for a discarded event that nobody could read.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    network_id uuid,
    aggregate_id uuid,
    version bigint,
    outcome text NOT NULL CHECK (outcome IN ('applied', 'stale', 'discarded')),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_aggregate_idx ON inbox (consumer, aggregate_id, version);
SELECT frontdesk_exception('inbox', 'INSERT', 'app');
SELECT frontdesk_exception('inbox', 'SELECT', 'app');

-- An event that a handler could not deal with, until it is retried with success or a person decides. `body` is the
-- message as JSON text, sealed as it came; `dangerous` ones have ended a process and are tried in a child process.
CREATE TABLE parked_events (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    network_id uuid,
    type text NOT NULL,
    body text NOT NULL,
    reason text NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'dead', 'settled', 'discarded')),
    attempts integer NOT NULL DEFAULT 0,
    dangerous boolean NOT NULL DEFAULT false,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at timestamptz NOT NULL,
    settled_at timestamptz,
    decision text,
    CONSTRAINT parked_events_consumer_event_id_key UNIQUE (consumer, event_id)
);
CREATE INDEX parked_events_due_idx ON parked_events (next_attempt_at) WHERE status = 'open';
SELECT frontdesk_exception('parked_events', 'INSERT', 'app');
SELECT frontdesk_exception('parked_events', 'SELECT', 'app');
SELECT frontdesk_exception('parked_events', 'ALL', 'worker');
