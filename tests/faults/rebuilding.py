"""Read copies made anew: every event of the outboxes, in any order and some twice, through the product's own handlers.

Into the empty databases of `frontdesk replay --rebuild`, of which no process knows. Which rows have to be the same,
and whether they are, is said here anew: the command's own comparison is not asked.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

import psycopg2
from fix_desk import Desk

from cli.rebuilding.databases import Scratch, beside, empty_database
from shared.events.encryption import Keyring
from shared.events.envelope import decode
from shared.events.registry import CONSUMERS, Consumer, aggregate_of
from shared.messaging.door import Door
from shared.messaging.inbox import Fact
from shared.messaging.outbox_rows import COLUMNS

# So many at once at most, or of a long history so small a part that an aggregate hardly meets itself.
A_FEW, SMALL_PART = 5, 400
_ENCOUNTER = (
    "encounter_id, version, appointment_id, arrival_id, patient_id, patient_version, site_id, practitioner_id, status,"
    " started_at, finished_at, diagnoses::text, procedures::text"
)


@dataclass(frozen=True, kw_only=True)
class Rebuildable:
    """A service's read copies: who fills them, and the queries that show them."""

    service: str
    handlers: tuple[str, ...]
    copies: Mapping[str, str]


# As the services' READMEs say ("can be rebuilt from events").
REBUILDABLE = (
    Rebuildable(
        service="scheduling",
        handlers=("on_patient", "on_text"),
        copies={
            "patients": "SELECT patient_id, version, given, family, birth_on FROM patients",
            # Made anew by this release, which calls told_at what the next one calls settled_at (next_release.py).
            "texts": (
                "SELECT text_id, version, appointment_id, site_id, kind, status, reason,"
                " coalesce(to_jsonb(texts) ->> 'told_at', to_jsonb(texts) ->> 'settled_at')::timestamptz FROM texts"
            ),
        },
    ),
    Rebuildable(
        service="records",
        handlers=("on_appointment",),
        copies={
            "appointments": "SELECT appointment_id, version, arrival_id FROM appointments",
            # What was finished is known here alone: there it is as it was opened.
            "encounters": f"SELECT {_ENCOUNTER} FROM encounters WHERE NOT encounter_id = ANY(%(finished)s::uuid[])",
        },
    ),
    Rebuildable(
        service="billing",
        handlers=("on_patient", "on_encounter"),
        copies={
            "patient_versions": "SELECT patient_id, version, coverages::text FROM patient_versions",
            "encounters": f"SELECT {_ENCOUNTER} FROM encounters",
        },
    ),
    Rebuildable(
        service="notifications",
        handlers=("on_appointment", "on_patient", "on_reschedule", "on_site", "on_waitlist_offer"),
        copies={
            "sites": "SELECT site_id, version, name, zone, phone FROM sites",
            "patients": "SELECT patient_id, version, given, language FROM patients",
            "patient_numbers": "SELECT patient_id, place, number, use, consented, purposes::text FROM patient_numbers",
            "appointments": (
                "SELECT appointment_id, version, site_id, patient_id, status, start_at, changed_at FROM appointments"
            ),
            "waitlist_offers": (
                "SELECT offer_id, version, status, site_id, patient_id, appointment_id, start_at, expires_at,"
                " changed_at FROM waitlist_offers"
            ),
            "reschedules": (
                "SELECT reschedule_id, version, state, site_id, patient_id, appointment_id, start_at, listed_at,"
                " proposed_at, proposed_site_id, changed_at FROM reschedules"
            ),
        },
    ),
)


def unlike_when_rebuilt(desk: Desk, seed: int) -> list[str]:
    """Read copies that are not what their events make of them, in an order that follows from `seed`. All is quiet."""
    found: list[str] = []
    for one in REBUILDABLE:
        with desk.system.as_environment(), empty_database(one.service) as scratch:
            _fill(desk, one, scratch, random.Random(seed))
            found += _unlike(desk, one, scratch.name)
    return found


def _fill(desk: Desk, one: Rebuildable, scratch: Scratch, chance: random.Random) -> None:
    keyring = Keyring.parse(desk.system.secret("event_keys"))
    for consumer in CONSUMERS:
        if consumer.service == one.service and consumer.name.partition(".")[2] in one.handlers:
            _admit(scratch.doors[consumer.name], _told(desk, consumer, keyring), chance)


def _admit(door: Door, facts: list[Fact], chance: random.Random) -> None:
    """All of them, in any order, every tenth twice; a few at once, since in one batch the newest hides the others."""
    mixed = facts + chance.sample(facts, len(facts) // 10)
    chance.shuffle(mixed)
    most, begin = max(A_FEW, len(mixed) // SMALL_PART), 0
    while begin < len(mixed):
        size = chance.randint(1, most)
        door.admit(mixed[begin : begin + size])
        begin += size


def _told(desk: Desk, consumer: Consumer, keyring: Keyring) -> list[Fact]:
    aggregate = aggregate_of(consumer.shape)
    statement = f"SELECT {COLUMNS} FROM outbox WHERE aggregate_type = %(name)s"
    rows = desk.rows(aggregate.source, statement, name=aggregate.name)
    return [decode(json.loads(row["body"]), keyring) for row in rows]


def _unlike(desk: Desk, one: Rebuildable, name: str) -> Iterator[str]:
    real = desk.system.admin_url(one.service)
    finished = desk.rows("records", "SELECT encounter_id::text AS id FROM encounters WHERE status = 'finished'")
    params = {"finished": [row["id"] for row in finished]}
    for table, query in one.copies.items():
        there, rebuilt = (Counter(_rows(url, query, params)) for url in (real, beside(real, name)))
        if there != rebuilt:
            only = (next(iter(rows), ("nothing",))[0] for rows in (there - rebuilt, rebuilt - there))
            yield f"{table} of {one.service} rebuilt: only as it was {next(only)}; only rebuilt {next(only)}"


def _rows(url: str, query: str, params: Mapping[str, object]) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
