-- Within which limits a network texts. No row: the defaults of domain/limits.py hold.

-- Wall-clock times, wherever the site and the patient are; NULL: texts go at all hours.
CREATE TABLE texting_limits (
    network_id uuid PRIMARY KEY REFERENCES networks (network_id),
    quiet_starts time,
    quiet_ends time,
    quiet_sundays boolean,
    quiet_holidays boolean,
    quiet_answers_wait boolean,
    version bigint NOT NULL,
    CONSTRAINT texting_limits_quiet_check CHECK (
        num_nulls(quiet_starts, quiet_ends, quiet_sundays, quiet_holidays, quiet_answers_wait) IN (0, 5))
);
SELECT frontdesk_tenant_table('texting_limits', 'SELECT, INSERT, UPDATE');
