"""Rules that hold between and inside the databases of a settled system: copies equal their source, nothing overlaps.

The queries name no network: whoever runs them sees one network (row-level security) or all. `tests/checker.py` adds
what can be asked only where every event is still in an outbox.
"""

# What must never be found: (service, what, query that gives no row).
NEVER: tuple[tuple[str, str, str], ...] = (
    (
        "scheduling",
        "two bookings at one time",
        # A window, since a range has no operator that may use an index under a tenant's policy.
        (
            "SELECT before, appointment_id FROM (SELECT appointment_id, start_at,"
            " lag(appointment_id) OVER diary AS before, max(end_at) OVER (diary ROWS BETWEEN UNBOUNDED PRECEDING"
            " AND 1 PRECEDING) AS taken_until FROM bookings"
            " WINDOW diary AS (PARTITION BY network_id, resource_id, lane ORDER BY start_at, appointment_id)) b"
            " WHERE taken_until > start_at"
        ),
    ),
    (
        "scheduling",
        "an appointment whose booking is not its time",
        (
            "SELECT appointment_id FROM appointments LEFT JOIN bookings USING (network_id, appointment_id)"
            " WHERE CASE status WHEN 'cancelled' THEN bookings.lane IS NOT NULL WHEN 'fulfilled' THEN false ELSE"
            " (bookings.start_at, bookings.end_at, resource_id, bookings.lane) IS DISTINCT FROM"
            " (appointments.start_at, appointments.end_at, practitioner_id, appointments.lane) END"
        ),
    ),
    (
        "notifications",
        "two texts sent for one reason",
        (
            # A visit that was cancelled, told so, and reinstated is told of again: that is another reason.
            "SELECT appointment_id, kind, start_at FROM (SELECT appointment_id, kind, start_at, lag((kind, start_at))"
            " OVER (PARTITION BY network_id, appointment_id ORDER BY claimed_at, text_id) AS told_before FROM texts"
            " WHERE status NOT IN ('due', 'skipped')) told WHERE (kind, start_at) = told_before"
        ),
    ),
    (
        "notifications",
        "an accepted text that the carrier does not have",
        (
            "SELECT text_id FROM texts LEFT JOIN sandbox_texts USING (network_id, attempt_id)"
            " WHERE texts.status = 'accepted' AND sandbox_texts.attempt_id IS NULL"
        ),
    ),
    (
        "notifications",
        "a text that the carrier has and we know nothing of",
        (
            "SELECT attempt_id FROM sandbox_texts LEFT JOIN texts USING (network_id, attempt_id)"
            " WHERE coalesce(texts.status, 'none') NOT IN ('accepted', 'delivered', 'failed', 'unknown')"
        ),
    ),
    (
        "notifications",
        "a booked visit that nobody was told of, nor why not",
        (
            "SELECT appointment_id FROM appointments LEFT JOIN tellings USING (network_id, appointment_id)"
            " WHERE status = 'booked' AND (told_status, told_start_at) IS DISTINCT FROM ('booked', start_at)"
            " AND passed_start_at IS DISTINCT FROM start_at"
        ),
    ),
    (
        "billing",
        "a bill of an encounter that is not finished",
        "SELECT encounter_id FROM charges JOIN encounters USING (network_id, encounter_id) WHERE status <> 'finished'",
    ),
    (
        "billing",
        "a claim whose total is not that of its lines",
        (
            "SELECT claim_id FROM claims LEFT JOIN claim_lines USING (network_id, claim_id)"
            " GROUP BY network_id, claim_id, total_cents HAVING coalesce(sum(amount_cents), -1) <> total_cents"
        ),
    ),
    (
        "billing",
        "a feed with a gap, or that does not end where its counter stands",
        (
            "SELECT network_id FROM claim_feeds FULL JOIN claim_feed_rows rows USING (network_id)"
            " GROUP BY network_id, claim_feeds.sequence"
            " HAVING count(rows.sequence) <> coalesce(claim_feeds.sequence, 0)"
            " OR coalesce(max(rows.sequence), 0) <> claim_feeds.sequence OR coalesce(min(rows.sequence), 1) <> 1"
        ),
    ),
)

_ENCOUNTER = (
    "SELECT encounter_id, version, appointment_id, arrival_id, patient_id, patient_version, site_id, practitioner_id,"
    " status, started_at, finished_at, diagnoses::jsonb::text, procedures::jsonb::text FROM encounters"
)

# What has to hold the same rows: what, (service, query), (service, query). The first column is an id.
EQUAL: tuple[tuple[str, tuple[str, str], tuple[str, str]], ...] = (
    (
        "patients in scheduling",
        ("records", "SELECT patient_id, version, given, family, birth_on FROM patients"),
        ("scheduling", "SELECT patient_id, version, given, family, birth_on FROM patients"),
    ),
    (
        "texts in scheduling",
        ("notifications", "SELECT text_id, version, appointment_id, kind, status, reason FROM texts WHERE version > 0"),
        ("scheduling", "SELECT text_id, version, appointment_id, kind, status, reason FROM texts"),
    ),
    (
        "appointments in records",
        (
            "scheduling",
            (
                "SELECT appointment_id, version, CASE WHEN status IN ('arrived', 'fulfilled') THEN arrival_id END"
                " FROM appointments"
            ),
        ),
        ("records", "SELECT appointment_id, version, arrival_id FROM appointments"),
    ),
    (
        "appointments in notifications",
        ("scheduling", "SELECT appointment_id, version, site_id, patient_id, status, start_at FROM appointments"),
        ("notifications", "SELECT appointment_id, version, site_id, patient_id, status, start_at FROM appointments"),
    ),
    (
        "sites in notifications",
        ("scheduling", "SELECT site_id, version, name, zone FROM sites"),
        ("notifications", "SELECT site_id, version, name, zone FROM sites"),
    ),
    (
        "patients in notifications",
        ("records", "SELECT patient_id, version FROM patients"),
        ("notifications", "SELECT patient_id, version FROM patients"),
    ),
    (
        "numbers in notifications",
        (
            "records",
            (
                "SELECT patient_id, number, use, given FROM patient_phones"
                " LEFT JOIN patient_consents USING (network_id, patient_id, number)"
            ),
        ),
        ("notifications", "SELECT patient_id, number, use, consented FROM patient_numbers"),
    ),
    (
        "the newest versions of patients in billing",
        ("records", "SELECT patient_id, version FROM patients"),
        ("billing", "SELECT patient_id, max(version) FROM patient_versions GROUP BY network_id, patient_id"),
    ),
    ("encounters in billing", ("records", _ENCOUNTER), ("billing", _ENCOUNTER)),
    (
        "visits that are here and encounters that are open or finished",
        ("scheduling", "SELECT arrival_id FROM appointments WHERE status IN ('arrived', 'fulfilled')"),
        ("records", "SELECT arrival_id FROM encounters WHERE status <> 'entered-in-error'"),
    ),
    (
        "fulfilled visits and finished encounters",
        ("scheduling", "SELECT appointment_id FROM appointments WHERE status = 'fulfilled'"),
        ("records", "SELECT appointment_id FROM encounters WHERE status = 'finished'"),
    ),
    (
        "finished encounters that somebody pays, and claims",
        (
            "billing",
            (
                "SELECT encounter_id FROM encounters e JOIN patient_versions p ON (p.network_id, p.patient_id,"
                " p.version) = (e.network_id, e.patient_id, e.patient_version)"
                " WHERE status = 'finished' AND json_array_length(coverages) > 0 AND json_array_length(procedures) > 0"
            ),
        ),
        ("billing", "SELECT encounter_id FROM claims"),
    ),
    (
        "claims and the newest rows of the feed",
        ("billing", "SELECT claim_id, version, status, held_reason, total_cents FROM claims"),
        (
            "billing",
            (
                "SELECT DISTINCT ON (network_id, claim_id) claim_id, claim_version, status, held_reason, total_cents"
                " FROM claim_feed_rows ORDER BY network_id, claim_id, claim_version DESC"
            ),
        ),
    ),
)
