-- A guess counts before its password is looked at, so that guesses at one moment do not slip past each other's count.

-- Takes one try: 0, and it counts as failed until it is forgotten; else the seconds to wait, and it does not count.
-- The first `free` failures in a row cost nothing; then 1, 2, 4 ... seconds, `longest` at most.
-- In the place of login_failures and count_login_failure, which stay for processes of the release before.
CREATE FUNCTION take_login_attempt(tried bytea, at timestamptz, forget_before timestamptz, free integer, longest integer)
    RETURNS double precision
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
DECLARE
    known login_attempts;
    due double precision;
BEGIN
    DELETE FROM login_attempts WHERE last_at < forget_before AND login_hash <> tried;
    INSERT INTO login_attempts (login_hash, failures, last_at) VALUES (tried, 0, at) ON CONFLICT (login_hash) DO NOTHING;
    SELECT * INTO STRICT known FROM login_attempts WHERE login_hash = tried FOR UPDATE;
    IF known.last_at < forget_before THEN
        known.failures := 0;
    END IF;
    IF known.failures >= free THEN
        due := least(power(2, known.failures - free), longest) - extract(epoch FROM at - known.last_at);
        IF due > 0 THEN
            RETURN due;
        END IF;
    END IF;
    UPDATE login_attempts SET failures = known.failures + 1, last_at = at WHERE login_hash = tried;
    RETURN 0;
END
$$;
REVOKE ALL ON FUNCTION take_login_attempt(bytea, timestamptz, timestamptz, integer, integer) FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format(
        'GRANT EXECUTE ON FUNCTION take_login_attempt(bytea, timestamptz, timestamptz, integer, integer) TO %I',
        frontdesk_role('app'));
END $$;

-- A try that came to no answer counts for nothing.
CREATE FUNCTION give_login_attempt_back(tried bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$ UPDATE login_attempts SET failures = failures - 1 WHERE login_hash = tried AND failures > 0 $$;
REVOKE ALL ON FUNCTION give_login_attempt_back(bytea) FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION give_login_attempt_back(bytea) TO %I', frontdesk_role('app'));
END $$;
