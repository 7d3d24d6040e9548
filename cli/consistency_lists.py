"""Rules of scheduling's holds, reschedule lists and waitlist, in the form of consistency_rules.py."""

OF_LISTS: tuple[tuple[str, str, str], ...] = (
    (
        "scheduling",
        "time that is held for nobody",
        (
            "SELECT b.hold_id FROM bookings b LEFT JOIN holds h ON (h.network_id, h.hold_id) = (b.network_id,"
            " b.hold_id) LEFT JOIN waitlist_offers o ON (o.network_id, o.hold_id) = (b.network_id, b.hold_id)"
            " WHERE b.hold_id IS NOT NULL AND h.status IS DISTINCT FROM 'held' AND o.state IS DISTINCT FROM 'offered'"
        ),
    ),
    (
        "scheduling",
        "an offer that does not hold its time",
        (
            "SELECT offer_id FROM waitlist_offers o WHERE state = 'offered' AND hold_id IS NOT NULL AND"
            " 1 + cardinality(resource_ids) <> (SELECT count(*) FROM bookings b WHERE (b.network_id, b.taken_by) ="
            " (o.network_id, o.hold_id) AND (b.resource_id = o.practitioner_id OR b.resource_id = ANY (o.resource_ids))"
            " AND b.start_at = o.start_at - make_interval(mins => set_up_minutes)"
            " AND b.end_at = o.end_at + make_interval(mins => clean_up_minutes))"
        ),
    ),
    (
        "scheduling",
        "somebody who waits and has other offers to answer than it is said",
        (
            "SELECT entry_id FROM waitlist_entries e LEFT JOIN waitlist_offers o USING (network_id, entry_id)"
            " GROUP BY network_id, entry_id, e.open_offer_id HAVING array_agg(o.offer_id) FILTER (WHERE o.state ="
            " 'offered') IS DISTINCT FROM CASE WHEN e.open_offer_id IS NOT NULL THEN ARRAY[e.open_offer_id] END"
        ),
    ),
    (
        "scheduling",
        "a wish that was granted twice, or was granted and still waits",
        (
            "SELECT entry_id FROM waitlist_entries e JOIN waitlist_offers o USING (network_id, entry_id)"
            " WHERE o.state = 'accepted' GROUP BY network_id, entry_id, e.state HAVING count(*) > 1"
            " OR e.state <> 'booked'"
        ),
    ),
    (
        "scheduling",
        "an accepted offer without its visit",
        (
            "SELECT offer_id FROM waitlist_offers o LEFT JOIN appointments a ON (a.network_id, a.appointment_id) ="
            " (o.network_id, o.booked_id) WHERE o.state = 'accepted' AND a.patient_id IS DISTINCT FROM o.patient_id"
        ),
    ),
    (
        "scheduling",
        "a visit of who is absent that stands on no list",
        (
            "SELECT a.appointment_id FROM absences x JOIN appointments a ON a.network_id = x.network_id"
            " AND (a.practitioner_id = x.practitioner_id OR a.site_id = x.site_id)"
            " AND a.start_at < x.until_at AND a.end_at > x.from_at LEFT JOIN reschedules r ON (r.network_id,"
            " r.appointment_id) = (a.network_id, a.appointment_id) AND r.state IN ('offered', 'declined', 'to-call')"
            " WHERE x.undone_at IS NULL AND a.status IN ('proposed', 'booked') AND r.reschedule_id IS NULL"
        ),
    ),
    (
        "scheduling",
        "a place on a list that is open for a visit that is not where it was listed",
        (
            "SELECT reschedule_id FROM reschedules r LEFT JOIN appointments a USING (network_id, appointment_id)"
            " WHERE r.state IN ('offered', 'declined', 'to-call') AND NOT coalesce(a.status IN ('proposed', 'booked')"
            " AND (a.practitioner_id, a.start_at, a.end_at) = (r.practitioner_id, r.start_at, r.end_at), false)"
        ),
    ),
)
