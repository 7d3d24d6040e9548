-- One database for all three processes. Times are the database's own, for the benchmark to read.
CREATE EXTENSION btree_gist;

CREATE TABLE appointments (
    appointment_id uuid PRIMARY KEY,
    site_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    during tstzrange NOT NULL,
    booked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    EXCLUDE USING gist (practitioner_id WITH =, during WITH &&)
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    type text NOT NULL,
    body text NOT NULL,
    published_at timestamptz
);
CREATE INDEX ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (consumer, event_id)
);

CREATE TABLE texts (
    text_id uuid PRIMARY KEY,
    appointment_id uuid NOT NULL UNIQUE,
    patient_id uuid NOT NULL,
    body text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
