-- What a consumer of `text-*` facts keeps: its inbox, and one row a text, as the product's scheduling does.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (consumer, event_id)
);

CREATE TABLE texts (
    network_id uuid NOT NULL,
    text_id uuid NOT NULL,
    version bigint NOT NULL,
    appointment_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    reason text,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, text_id)
);
CREATE INDEX ON texts (network_id, appointment_id, told_at);
