-- What is over is forgotten by whoever comes next: failed sign-ins after their time, sessions a month after their end.

CREATE INDEX login_attempts_last_at_idx ON login_attempts (last_at);

CREATE OR REPLACE FUNCTION count_login_failure(failed bytea, at timestamptz, forget_before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
DELETE FROM login_attempts WHERE last_at < forget_before AND login_hash <> failed;
INSERT INTO login_attempts AS l (login_hash, failures, last_at) VALUES (failed, 1, at)
ON CONFLICT (login_hash) DO UPDATE
SET failures = CASE WHEN l.last_at < forget_before THEN 1 ELSE l.failures + 1 END, last_at = at
$$;

CREATE INDEX sessions_expires_at_idx ON sessions (network_id, expires_at);
SELECT frontdesk_grant('DELETE', 'sessions', 'app');
