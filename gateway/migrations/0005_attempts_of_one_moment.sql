-- A right password forgets the wrong ones by deleting their row: also between two statements of whoever counts the next
-- try. One statement makes the row or takes it as it is, and locks it either way.
CREATE OR REPLACE FUNCTION take_login_attempt(
    tried bytea, at timestamptz, forget_before timestamptz, free integer, longest integer)
    RETURNS double precision
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
    AS $$
DECLARE
    known login_attempts;
    due double precision;
BEGIN
    DELETE FROM login_attempts WHERE last_at < forget_before AND login_hash <> tried;
    INSERT INTO login_attempts AS kept (login_hash, failures, last_at) VALUES (tried, 0, at)
    ON CONFLICT (login_hash) DO UPDATE SET failures = kept.failures
    RETURNING * INTO STRICT known;
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
