"""Compares the databases of a system with each other: nothing lost, nothing repeated, copies equal their source.

`waiting` says what is still on its way (empty = settled); `faults` what no waiting will mend. Both are plain SQL
as the superuser and comparisons in Python, so that no code under test judges itself.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from typing import Any

import psycopg2

from cli.consistency_rules import EQUAL, NEVER
from shared.events.registry import CONSUMERS, aggregate_of

SERVICES = ("scheduling", "records", "billing", "notifications")
Rows = list[tuple[Any, ...]]

# What keeps a service from being settled: a count that has to be 0.
_WAITING = {
    "outbox rows to publish": (SERVICES, "SELECT count(*) FROM outbox WHERE published_at IS NULL"),
    # A reminder waits for a time of its own, and what says when a visit is to take place until that is known.
    "texts to send": (
        ("notifications",),
        (
            "SELECT count(*) FROM texts WHERE status = 'claimed' OR status = 'due' AND lead IS NULL"
            " AND (asked_id IS NOT NULL OR kind IN ('cancelled', 'missed') OR NOT EXISTS ("
            "SELECT FROM appointments JOIN reschedules AS listed USING (network_id, appointment_id, start_at, site_id)"
            " WHERE network_id = texts.network_id AND appointment_id = texts.appointment_id"
            " AND state IN ('offered', 'declined', 'to-call')))"
        ),
    ),
    # The carrier's list mostly says at once what became of an unknown text, and that is told.
    "texts to look up": (
        ("notifications",),
        (
            "SELECT count(*) FROM texts WHERE status = 'unknown' AND looks = 0"
            " AND next_look_at < now() + interval '5 seconds'"
        ),
    ),
    "freed times to offer": (("scheduling",), "SELECT count(*) FROM freed_times"),
    "replies to answer": (("notifications",), "SELECT count(*) FROM responses WHERE status IN ('due', 'claimed')"),
    "words to send": (
        ("notifications",),
        "SELECT count(*) FROM free_texts WHERE status IN ('due', 'claimed')",
    ),
    "encounters to bill": (("billing",), "SELECT count(*) FROM encounters WHERE awaits_bill"),
}

# What must never be found besides, where every event is still in an outbox: (service, what, query that gives no row).
_NEVER = (
    *NEVER,
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
    *(
        (
            service,
            "events whose ids do not follow their versions",
            (
                "SELECT aggregate_type, aggregate_id FROM (SELECT *, lag(version) OVER (PARTITION BY network_id,"
                " aggregate_type, aggregate_id ORDER BY id) AS before FROM outbox) told WHERE before > version"
            ),
        )
        for service in SERVICES
    ),
    *(
        (
            service,
            "an aggregate whose newest fact counts as stale",
            (
                "SELECT consumer, aggregate_id FROM inbox WHERE outcome <> 'discarded' GROUP BY consumer, aggregate_id"
                " HAVING max(version) FILTER (WHERE outcome = 'applied') IS DISTINCT FROM max(version)"
            ),
        )
        for service in SERVICES
    ),
    (
        # By the ids that both make under the number's lock, in real time: business time may be set back in between.
        "notifications",
        "a text claimed after its number had opted out",
        (
            "SELECT text_id FROM texts JOIN opt_outs said USING (network_id, number) JOIN outbox"
            " ON aggregate_type = 'opt-out' AND aggregate_id = opt_out_id AND outbox.version = said.version"
            " WHERE opted_out AND attempt_id > event_id"
        ),
    ),
    (
        # The same way. A number that has opted out hears that it has, and no other hears it.
        "notifications",
        "something said back against what its number had said last",
        (
            "SELECT response_id FROM responses LEFT JOIN opt_outs said USING (network_id, number) LEFT JOIN outbox"
            " ON aggregate_type = 'opt-out' AND aggregate_id = opt_out_id AND outbox.version = said.version"
            " WHERE attempt_id IS NOT NULL AND (event_id IS NULL OR attempt_id > event_id)"
            " AND (kind = 'opted-out') <> coalesce(opted_out, false)"
        ),
    ),
    (
        # What is claimed once the cancellation is known is the last that is told, and nothing follows it.
        "notifications",
        "a cancelled visit of which the last that was told is its time",
        (
            "SELECT appointment_id FROM appointments JOIN tellings USING (network_id, appointment_id)"
            " WHERE status = 'cancelled' AND told_status = 'booked' AND passed_kind IS DISTINCT FROM 'cancelled'"
        ),
    ),
)

_VERSIONS = "SELECT aggregate_id, max(version) FROM outbox WHERE aggregate_type = '{}' GROUP BY aggregate_id"

# What has to hold the same rows besides: what, (service, query), (service, query).
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
            ("scheduling", "reschedule"),
            ("records", "patient"),
            ("records", "encounter"),
            ("billing", "claim"),
            ("billing", "charge"),
        )
    ),
    (
        "texts and their events",
        ("notifications", "SELECT text_id, version FROM texts WHERE version > 0 AND appointment_id IS NOT NULL"),
        ("notifications", _VERSIONS.format("text")),
    ),
    (
        "offers of the waitlist and their events",
        ("scheduling", "SELECT offer_id, version FROM waitlist_offers"),
        ("scheduling", _VERSIONS.format("waitlist-offer")),
    ),
    *EQUAL,
    (
        "check-ins and encounters",
        ("scheduling", "SELECT (data ->> 'arrival_id')::uuid FROM outbox WHERE type = 'appointment-arrived'"),
        ("records", "SELECT arrival_id FROM encounters"),
    ),
    (
        "versions of patients in billing",
        ("records", "SELECT aggregate_id, version FROM outbox WHERE aggregate_type = 'patient'"),
        ("billing", "SELECT patient_id, version FROM patient_versions"),
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
    """One look at the databases; `url_of("scheduling")` is a superuser's URL. Make a new one for another look.

    `poison` is what was published beside every outbox, as (consumer, event id): exactly that has to be parked. Without
    it nobody knows what was, and what is parked besides is not judged.
    """

    def __init__(self, url_of: Callable[[str], str], poison: Collection[tuple[str, str]] | None = None) -> None:
        self._url_of = url_of
        self._poison = None if poison is None else set(poison)
        self._connections: dict[str, Any] = {}

    def waiting(self) -> list[str]:
        """What is still on its way. A parked event waits until it is settled or discarded."""
        with self._connected():
            return [*self._counted(), *self._on_their_way()]

    def faults(self) -> list[str]:
        """What is wrong in a settled system, a sentence each; empty is the proof."""
        with self._connected():
            return [
                *self._taken_from_nowhere(),
                *self._neither_taken_nor_parked(),
                *self._parked_for_no_reason(),
                *self._found(),
                *self._unequal(),
            ]

    def _counted(self) -> Iterator[str]:
        for what, (services, query) in _WAITING.items():
            for service in services:
                if count := self._ask(service, query)[0][0]:
                    yield f"{service}: {count} {what}"

    def _on_their_way(self) -> Iterator[str]:
        for name, ids in self._untaken().items():
            if ids:
                yield f"{name}: {len(ids)} events to take"
        for name, ids in self._taken_and_parked().items():
            if ids:  # it came too often and was parked behind its inbox row: the next try settles it
                yield f"{name}: {len(ids)} events taken and parked"

    def _untaken(self) -> Mapping[str, set[Any]]:
        return {name: self._told[name] - self._taken[name] for name in self._told}

    def _taken_and_parked(self) -> Mapping[str, set[Any]]:
        return {name: self._taken[name] & self._parked[name] for name in self._told}

    def _neither_taken_nor_parked(self) -> Iterator[str]:
        for name, untaken in self._untaken().items():
            if lost := untaken - self._parked[name]:
                yield f"{name}: {len(lost)} events neither taken nor parked: {_some(lost)}"

    def _parked_for_no_reason(self) -> Iterator[str]:
        if self._poison is None:
            return
        parked = {(name, str(event_id)) for name, ids in self._parked.items() for event_id in ids}
        if unlike := parked ^ self._poison:
            yield f"parked and no poison, or poison that is not parked: {len(unlike)}, {_some(unlike)}"

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
    def _parked(self) -> dict[str, set[Any]]:
        return {
            one.name: {event_id for (event_id,) in self._ask(one.service, _PARKED.format(one.name))}
            for one in CONSUMERS
        }

    @cached_property
    def _discarded(self) -> set[Any]:
        return {event_id for service in SERVICES for (event_id,) in self._ask(service, _DISCARDED)}

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """One connection a service for all that is asked in the block, and one moment: what a look-up finds out of a
        text between two questions would be a fault that is none."""
        with ExitStack() as stack:
            for service in SERVICES:
                connection = stack.enter_context(closing(psycopg2.connect(self._url_of(service))))
                connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
                self._connections[service] = connection
            for service in SERVICES:
                self._ask(service, "SELECT pg_current_snapshot()")
            yield

    def _ask(self, service: str, query: str) -> Rows:
        with self._connections[service].cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


_TOLD = "SELECT event_id FROM outbox WHERE aggregate_type = '{}'"
_TAKEN = "SELECT event_id FROM inbox WHERE consumer = '{}'"
_PARKED = "SELECT event_id FROM parked_events WHERE consumer = '{}' AND status IN ('open', 'dead')"
_DISCARDED = "SELECT event_id FROM inbox WHERE outcome = 'discarded'"


def _some(rows: Any) -> str:
    return ", ".join(map(str, list(rows)[:3])) or "nothing"
