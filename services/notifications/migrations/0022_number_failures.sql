-- Numbers of which a carrier has said that no text will ever reach them: none goes there until somebody answers from it
-- or says that it is right. `reason` is the one for which texts there are not sent.
CREATE TABLE number_failures (
    network_id uuid NOT NULL,
    number text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('number-invalid', 'number-not-for-texts')),
    failed_at timestamptz NOT NULL,
    PRIMARY KEY (network_id, number)
);
SELECT frontdesk_tenant_table('number_failures', 'SELECT, INSERT, UPDATE, DELETE');
