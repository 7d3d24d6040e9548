"""Compares the databases of a system with each other: nothing lost, nothing repeated, copies equal their source.

`waiting` says what is still on its way (empty = settled); `faults` what no waiting will mend. Both are plain SQL
as the superuser and comparisons in Python, so that no code under test judges itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cached_property
from typing import Any

import psycopg2

from shared.events.registry import CONSUMERS, aggregate_of

SERVICES = ("scheduling", "records", "billing", "notifications")
Rows = list[tuple[Any, ...]]

# What keeps a service from being settled: a count that has to be 0.
_WAITING = {
    "outbox rows to publish": (SERVICES, "SELECT count(*) FROM outbox WHERE published_at IS NULL"),
    "texts to send": (("notifications",), "SELECT count(*) FROM texts WHERE status IN ('due', 'claimed')"),
    "encounters to bill": (("billing",), "SELECT count(*) FROM encounters WHERE awaits_bill"),
}

# What must never be found, whatever happened: (service, what, query that gives no row).
_NEVER = (
    (
        "scheduling",
        "two bookings at one time",
        (
            "SELECT a.appointment_id, b.appointment_id FROM bookings a JOIN bookings b ON a.network_id = b.network_id"
            " AND a.resource_id = b.resource_id AND a.lane = b.lane AND a.during && b.during"
            " AND a.appointment_id < b.appointment_id"
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
            " WHERE coalesce(texts.status, 'none') NOT IN ('accepted', 'unknown')"
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
        "a feed with a gap, or that does not end where its counter stands",
        (
            "SELECT network_id FROM claim_feeds LEFT JOIN claim_feed_rows rows USING (network_id)"
            " GROUP BY network_id, claim_feeds.sequence HAVING count(rows.sequence) <> claim_feeds.sequence"
            " OR coalesce(max(rows.sequence), 0) <> claim_feeds.sequence"
        ),
    ),
    *(
        (
            service,
            "an aggregate whose events have a gap",
            (
                "SELECT aggregate_type, aggregate_id FROM outbox GROUP BY network_id, aggregate_type, aggregate_id"
                " HAVING count(*) <> max(version) OR min(version) <> 1"
            ),
        )
        for service in SERVICES
    ),
    *(
        (
            service,
            "a command half remembered",
            "SELECT operation, key FROM idempotency_keys WHERE status IS NULL",
        )
        for service in SERVICES
    ),
)

_VERSIONS = "SELECT aggregate_id, max(version) FROM outbox WHERE aggregate_type = '{}' GROUP BY aggregate_id"

# What has to hold the same rows: what, (service, query), (service, query).
_EQUAL = (
    *(
        (
            f"{aggregate}s and their events",
            (service, f"SELECT {aggregate}_id, version FROM {aggregate}s"),
            (service, _VERSIONS.format(aggregate)),
        )
        for service, aggregate in (
            ("scheduling", "appointment"),
            ("scheduling", "site"),
            ("scheduling", "practitioner"),
            ("records", "patient"),
            ("records", "encounter"),
            ("billing", "claim"),
            ("billing", "charge"),
        )
    ),
    (
        "texts and their events",
        ("notifications", "SELECT text_id, version FROM texts WHERE version > 0"),
        ("notifications", _VERSIONS.format("text")),
    ),
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
        ("scheduling", "SELECT appointment_id, version FROM appointments"),
        ("records", "SELECT appointment_id, version FROM appointments"),
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
        "versions of patients in billing",
        ("records", "SELECT aggregate_id, version FROM outbox WHERE aggregate_type = 'patient'"),
        ("billing", "SELECT patient_id, version FROM patient_versions"),
    ),
    (
        "encounters in billing",
        ("records", "SELECT encounter_id, version, status, patient_id, patient_version FROM encounters"),
        ("billing", "SELECT encounter_id, version, status, patient_id, patient_version FROM encounters"),
    ),
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
        "claims told and rows of the feed",
        ("billing", "SELECT aggregate_id, version FROM outbox WHERE aggregate_type = 'claim'"),
        ("billing", "SELECT claim_id, claim_version FROM claim_feed_rows"),
    ),
    (
        "rows of the feed and what was published of them",
        ("billing", "SELECT network_id, sequence FROM claim_feed_rows"),
        ("billing", "SELECT aggregate_id, version FROM outbox WHERE aggregate_type = 'claim-feed'"),
    ),
)


class Checker:
    """One look at the databases; `url_of("scheduling")` is a superuser's URL. Make a new one for another look."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self._url_of = url_of

    def waiting(self) -> list[str]:
        """What is still on its way. A parked event waits until it is settled or discarded."""
        counted = [
            f"{service}: {count} {what}"
            for what, (services, query) in _WAITING.items()
            for service in services
            if (count := self._ask(service, query)[0][0])
        ]
        return counted + [f"{name}: {len(ids)} events to take" for name, ids in self._untaken().items() if ids]

    def faults(self) -> list[str]:
        """What is wrong in a settled system, a sentence each; empty is the proof."""
        return [*self._taken_from_nowhere(), *self._found(), *self._unequal()]

    def _untaken(self) -> Mapping[str, set[Any]]:
        return {name: self._told[name] - self._taken[name] for name in self._told}

    def _taken_from_nowhere(self) -> Iterator[str]:
        for name, taken in self._taken.items():
            if stray := taken - self._told[name] - self._discarded:
                yield f"{name} took {len(stray)} events that nobody told: {_some(stray)}"

    def _found(self) -> Iterator[str]:
        for service, what, query in _NEVER:
            if rows := self._ask(service, query):
                yield f"{service}: {what}: {len(rows)}, {_some(rows)}"

    def _unequal(self) -> Iterator[str]:
        for what, (source, wanted), (holder, held) in _EQUAL:
            # Counters, not sets: a row that stands twice is a fault too.
            here, there = Counter(self._ask(source, wanted)), Counter(self._ask(holder, held))
            if here != there:
                yield f"{what}: only in {source} {_some(here - there)}; only in {holder} {_some(there - here)}"

    @cached_property
    def _told(self) -> dict[str, set[Any]]:
        by_aggregate = {
            (source, aggregate): {event_id for (event_id,) in self._ask(source, _TOLD.format(aggregate))}
            for source, aggregate in {(consumer.shape.source, consumer.shape.aggregate) for consumer in CONSUMERS}
        }
        return {one.name: by_aggregate[one.shape.source, aggregate_of(one.shape).name] for one in CONSUMERS}

    @cached_property
    def _taken(self) -> dict[str, set[Any]]:
        return {
            one.name: {event_id for (event_id,) in self._ask(one.service, _TAKEN.format(one.name))} for one in CONSUMERS
        }

    @cached_property
    def _discarded(self) -> set[Any]:
        return {event_id for service in SERVICES for (event_id,) in self._ask(service, _DISCARDED)}

    def _ask(self, service: str, query: str) -> Rows:
        with closing(psycopg2.connect(self._url_of(service))) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


_TOLD = "SELECT event_id FROM outbox WHERE aggregate_type = '{}'"
_TAKEN = "SELECT event_id FROM inbox WHERE consumer = '{}'"
_DISCARDED = "SELECT event_id FROM inbox WHERE outcome = 'discarded'"


def _some(rows: Any) -> str:
    return ", ".join(map(str, list(rows)[:3])) or "nothing"
