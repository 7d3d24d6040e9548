-- Within which limits a network texts.

-- name: texting-limits
SELECT quiet_starts, quiet_ends, quiet_sundays, quiet_holidays, quiet_answers_wait, most_a_day, most_a_week, version
FROM texting_limits
WHERE network_id = %(network_id)s

-- name: keep-texting-limits
INSERT INTO texting_limits
    (network_id, quiet_starts, quiet_ends, quiet_sundays, quiet_holidays, quiet_answers_wait, most_a_day, most_a_week,
     version)
VALUES
    (%(network_id)s, %(quiet_starts)s, %(quiet_ends)s, %(quiet_sundays)s, %(quiet_holidays)s, %(quiet_answers_wait)s,
     %(most_a_day)s, %(most_a_week)s, %(version)s)
ON CONFLICT (network_id) DO UPDATE
SET quiet_starts = excluded.quiet_starts, quiet_ends = excluded.quiet_ends, quiet_sundays = excluded.quiet_sundays,
    quiet_holidays = excluded.quiet_holidays, quiet_answers_wait = excluded.quiet_answers_wait,
    most_a_day = excluded.most_a_day, most_a_week = excluded.most_a_week, version = excluded.version
