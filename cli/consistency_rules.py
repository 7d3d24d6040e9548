"""Rules that hold between and inside the databases of a settled system: copies equal their source, nothing overlaps.

The queries name no network: whoever runs them sees one network (row-level security) or all. `tests/checker.py` adds
what can be asked only where every event is still in an outbox.
"""

from cli.consistency_lists import OF_LISTS

# What must never be found: (service, what, query that gives no row).
NEVER: tuple[tuple[str, str, str], ...] = (
    (
        "scheduling",
        "two bookings at one time",
        # A window, since a range has no operator that may use an index under a tenant's policy.
        (
            "SELECT before, taken_by FROM (SELECT taken_by, start_at,"
            " lag(taken_by) OVER diary AS before, max(end_at) OVER (diary ROWS BETWEEN UNBOUNDED PRECEDING"
            " AND 1 PRECEDING) AS taken_until FROM bookings"
            " WINDOW diary AS (PARTITION BY network_id, resource_id, lane ORDER BY start_at, taken_by)) b"
            " WHERE taken_until > start_at"
        ),
    ),
    (
        "scheduling",
        "an appointment whose booking is not its time",
        (
            "SELECT a.appointment_id FROM appointments a LEFT JOIN bookings b ON (b.network_id, b.taken_by) ="
            " (a.network_id, a.appointment_id) AND (b.resource_id = a.practitioner_id OR a.status IN ('cancelled',"
            " 'noshow', 'entered-in-error'))"
            " WHERE CASE WHEN status IN ('cancelled', 'noshow', 'entered-in-error') THEN b.lane IS NOT NULL"
            " WHEN status = 'fulfilled' THEN false ELSE"
            " (b.start_at, b.end_at, b.lane) IS DISTINCT FROM (a.start_at - make_interval(mins => set_up_minutes),"
            " a.end_at + make_interval(mins => clean_up_minutes), a.lane) END"
        ),
    ),
    (
        "scheduling",
        "an appointment that does not take the rooms and devices that it says",
        (
            "SELECT appointment_id FROM appointments a WHERE resource_ids <> '{}' AND status IN ('proposed', 'booked',"
            " 'arrived') AND cardinality(resource_ids) <> (SELECT count(*) FROM bookings b WHERE b.network_id ="
            " a.network_id AND b.taken_by = a.appointment_id AND b.resource_id = ANY (a.resource_ids) AND b.start_at ="
            " a.start_at - make_interval(mins => set_up_minutes)"
            " AND b.end_at = a.end_at + make_interval(mins => clean_up_minutes))"
        ),
    ),
    (
        "scheduling",
        "a history that says otherwise than its appointment",
        (
            "SELECT appointment_id FROM appointment_changes JOIN appointments USING (network_id, appointment_id)"
            " WHERE appointment_changes.version > appointments.version"
            " OR appointment_changes.version = appointments.version AND (to_start_at, to_practitioner_id,"
            " coalesce(to_site_id, site_id), CASE to_stage WHEN 'confirmed' THEN 'booked' WHEN 'in-room' THEN 'arrived'"
            " WHEN 'done' THEN 'arrived' ELSE to_stage END)"
            " IS DISTINCT FROM (start_at, practitioner_id, site_id, status)"
        ),
    ),
    (
        "scheduling",
        "a day whose taken time is not that of the bookings",
        # `frontdesk free-time check` compares working time too.
        (
            "SELECT resource_id FROM free_days f WHERE taken IS DISTINCT FROM coalesce((SELECT range_agg(during)"
            " FROM bookings b WHERE (b.network_id, b.resource_id) = (f.network_id, f.resource_id)"
            " AND b.start_at >= f.since_at AND b.start_at < f.until_at AND b.end_at > f.from_at AND (b.site_id <>"
            " f.site_id OR least(b.lane, f.lanes) = f.lane)), '{}')"
        ),
    ),
    *OF_LISTS,
    (
        "notifications",
        "two texts sent for one reason",
        (
            # A visit that was cancelled, told so, and reinstated is told of again: that is another reason. A reminder
            # is one of its window.
            "SELECT appointment_id, asked_id, kind, start_at FROM (SELECT *, lag((kind, start_at, site_id))"
            " OVER (PARTITION BY network_id, coalesce(asked_id, appointment_id), lead ORDER BY claimed_at, text_id)"
            " AS told_before FROM texts WHERE status NOT IN ('due', 'skipped')) told"
            " WHERE (kind, start_at, site_id) = told_before"
        ),
    ),
    (
        "notifications",
        # Of a carrier over HTTP only the carrier itself can tell.
        "an accepted text that the sandbox does not have",
        (
            "SELECT text_id FROM texts LEFT JOIN sandbox_texts USING (network_id, attempt_id)"
            " WHERE texts.status = 'accepted' AND coalesce(gateway, 'sandbox') = 'sandbox'"
            " AND sandbox_texts.attempt_id IS NULL"
        ),
    ),
    (
        "notifications",
        "a text that the carrier has and we know nothing of",
        (
            "SELECT attempt_id FROM sandbox_texts LEFT JOIN texts USING (network_id, attempt_id)"
            " LEFT JOIN responses USING (network_id, attempt_id) LEFT JOIN free_texts USING (network_id, attempt_id)"
            " WHERE coalesce(texts.status, responses.status, free_texts.status, 'none') NOT IN"
            " ('accepted', 'delivered', 'failed', 'unknown')"
        ),
    ),
    (
        "notifications",
        "something said back that no reply called for",
        (
            "SELECT response_id FROM responses LEFT JOIN replies USING (network_id, message_id)"
            " WHERE from_number IS DISTINCT FROM number OR CASE kind WHEN 'opted-out' THEN meaning NOT IN ('stop',"
            " 'cancel') WHEN 'opted-in' THEN meaning <> 'start' WHEN 'help' THEN meaning <> 'help'"
            " WHEN 'ask' THEN meaning <> 'doubt' ELSE false END"
        ),
    ),
    (
        # What says when a visit is to take place waits while the visit is listed to be moved.
        "notifications",
        "a booked visit that nobody was told of, nor why not",
        (
            "SELECT appointment_id FROM appointments LEFT JOIN tellings USING (network_id, appointment_id)"
            " WHERE status = 'booked' AND (told_status, told_start_at, coalesce(told_site_id, site_id))"
            " IS DISTINCT FROM ('booked', start_at, site_id)"
            " AND (passed_start_at, coalesce(passed_site_id, site_id)) IS DISTINCT FROM (start_at, site_id)"
            " AND NOT EXISTS (SELECT FROM reschedules listed JOIN texts waiting USING (network_id, appointment_id)"
            " WHERE (network_id, appointment_id) = (appointments.network_id, appointments.appointment_id)"
            " AND state IN ('offered', 'declined', 'to-call') AND waiting.status = 'due'"
            " AND (listed.start_at, listed.site_id) = (appointments.start_at, appointments.site_id)"
            " AND waiting.asked_id IS NULL AND waiting.lead IS NULL)"
        ),
    ),
    (
        "notifications",
        "an open offer that nobody was asked about, nor why not",
        (
            "SELECT offer_id FROM waitlist_offers o WHERE status = 'offered' AND NOT EXISTS (SELECT FROM texts t"
            " WHERE (t.network_id, t.asked_id, t.kind) = (o.network_id, o.offer_id, 'waitlist-offer'))"
        ),
    ),
    (
        "notifications",
        "a time proposed that nobody was asked about, nor why not",
        (
            "SELECT reschedule_id FROM reschedules r WHERE state = 'offered' AND NOT EXISTS (SELECT FROM texts t"
            " WHERE (t.network_id, t.asked_id, t.kind, t.start_at, t.place_id) = (r.network_id, r.reschedule_id,"
            " 'reschedule-proposal', r.proposed_at, r.proposed_site_id))"
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

_APPOINTMENT = (
    "SELECT appointment_id, version, site_id, patient_id, status, start_at, appointment_type_id, confirmed_at,"
    " cancelled_by FROM appointments"
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
        (
            "notifications",
            (
                "SELECT text_id, version, appointment_id, kind, status, reason FROM texts WHERE version > 0"
                " AND appointment_id IS NOT NULL"
            ),
        ),
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
        ("scheduling", _APPOINTMENT),
        ("notifications", _APPOINTMENT),
    ),
    (
        "offers in notifications",
        (
            "scheduling",
            (
                "SELECT offer_id, version, state, site_id, patient_id, appointment_id, start_at, expires_at"
                " FROM waitlist_offers"
            ),
        ),
        (
            "notifications",
            (
                "SELECT offer_id, version, status, site_id, patient_id, appointment_id, start_at, expires_at"
                " FROM waitlist_offers"
            ),
        ),
    ),
    (
        "visits on lists in notifications",
        (
            "scheduling",
            (
                "SELECT reschedule_id, version, state, site_id, patient_id, appointment_id, start_at, listed_at,"
                " (proposals->0->>'start_at')::timestamptz, (proposals->0->>'site_id')::uuid FROM reschedules"
            ),
        ),
        (
            "notifications",
            (
                "SELECT reschedule_id, version, state, site_id, patient_id, appointment_id, start_at, listed_at,"
                " proposed_at, proposed_site_id FROM reschedules"
            ),
        ),
    ),
    (
        "sites in notifications",
        ("scheduling", "SELECT site_id, version, name, zone, phone FROM sites"),
        ("notifications", "SELECT site_id, version, name, zone, phone FROM sites"),
    ),
    (
        "patients in notifications",
        ("records", "SELECT patient_id, version, given, language FROM patients"),
        ("notifications", "SELECT patient_id, version, given, language FROM patients"),
    ),
    (
        "numbers in notifications",
        (
            "records",
            (
                "SELECT patient_id, number, use, given FROM patient_phones LEFT JOIN (SELECT * FROM patient_consents"
                " WHERE purpose = 'reminders' AND channel = 'text') AS consents USING (network_id, patient_id, number)"
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
