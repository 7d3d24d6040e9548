"""Patients: each follows from the seed and its own number alone, so that two sites can know the same one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from random import Random
from uuid import UUID

from cli.seed.copying import Batch
from cli.seed.ids import Ids
from cli.seed.names import PAYERS, Names
from cli.seed.size import Size
from services.notifications.domain.reach import Number, number_for
from services.records.domain.patients import CARE, PURPOSES, REMINDERS, Patient, asked_at_registration, search_key
from shared.events.records import Consent, Coverage, Phone
from shared.phones import TEXTABLE, type_of

# Numbers of the exchange 555, which is nobody's, in area codes from 301 on; 202 is for sites and senders.
_AREAS = range(301, 951)
_BY = "user:seed"


@dataclass(frozen=True)
class Person:
    """A patient in each version, the first at registration; the second, if there is one, holds from `changed_at` on."""

    number: int
    versions: tuple[Patient, ...]
    changed_at: datetime | None
    opted_out_at: datetime | None

    @property
    def now(self) -> Patient:
        return self.versions[-1]

    @cached_property
    def key(self) -> str:
        """The id as text."""
        return str(self.now.patient_id)

    @cached_property
    def texted(self) -> Number | None:
        """The number that texts go to, as notifications chooses it."""
        return number_for([_number(phone, self.now.consents) for phone in self.now.phones], REMINDERS)

    def at(self, instant: datetime) -> Patient:
        """The patient as known then."""
        return self.versions[0] if self.changed_at is None or instant < self.changed_at else self.now


class People:
    """Whoever has a number in this network."""

    def __init__(self, size: Size, ids: Ids, names: Names) -> None:
        self._size = size
        self._ids = ids
        self._names = names
        self._began = datetime.combine(size.first_day, time(8), UTC)

    def person(self, number: int) -> Person:
        chance = self._size.chance("patient", number)
        first = self._registered(number, chance)
        changed_at = self._some_time(chance) if chance.random() < 0.1 else None
        versions = (first,) if changed_at is None else (first, self._insured_anew(first, number, chance))
        texted = bool(first.consents) and first.consents[0].given
        opted_out_at = self._some_time(chance) if texted and chance.random() < 0.005 else None
        return Person(number, versions, changed_at, opted_out_at)

    def _registered(self, number: int, chance: Random) -> Patient:
        given, family = self._names.person(chance)
        phones = _phones(number, chance)
        asked = chance.random()
        agreed = asked < 0.86 if phones and asked <= 0.93 else None
        care = agreed and self._size.chance("care", number).random() < 0.85
        said_at = self._began - timedelta(days=chance.randrange(1, 400), minutes=chance.randrange(480))
        return Patient(
            patient_id=self._ids.of("patient", number),
            version=1,
            given=given,
            family=family,
            birth_on=self._birth(chance),
            language=_language(self._size.chance("language", number)),
            phones=phones,
            consents=asked_at_registration(
                {REMINDERS: agreed, CARE: care}, number=phones[0].number if phones else None, at=said_at, by=_BY
            ),
            coverages=self._coverages(number * 2, chance) if chance.random() < 0.88 else (),
        )

    def _insured_anew(self, first: Patient, number: int, chance: Random) -> Patient:
        return replace(first, version=2, coverages=self._coverages(number * 2 + 1, chance))

    def _coverages(self, number: int, chance: Random) -> tuple[Coverage, ...]:
        payer_id, payer_name = chance.choice(PAYERS)
        member = None if chance.random() < 0.015 else f"M{chance.randrange(10**9):09d}"
        coverage_id = self._ids.of("coverage", number)
        return (Coverage(coverage_id=coverage_id, payer_id=payer_id, payer_name=payer_name, member_id=member),)

    def _birth(self, chance: Random) -> date:
        return self._size.first_day - timedelta(days=int(chance.triangular(0, 95 * 365, 45 * 365)))

    def _some_time(self, chance: Random) -> datetime:
        """In the years of the history that are too old for texts, to the second."""
        seconds = int((self._size.texts_since - self._began).total_seconds())
        return self._began + timedelta(seconds=chance.randrange(max(seconds, 1)))


def _number(phone: Phone, consents: Sequence[Consent]) -> Number:
    """As notifications keeps it; each purpose was asked about once."""
    said = {it.purpose: it.given for it in consents if it.number == phone.number}
    purposes = frozenset(purpose for purpose, given in said.items() if given)
    return Number(number=phone.number, use=phone.use, consented=said.get(REMINDERS), purposes=purposes)


def _language(chance: Random) -> str | None:
    """What was asked at the desk. Of dice of its own: with it or without, the rest of a patient is the same."""
    return chance.choices((None, "en", "es", "es-MX", "fr"), (30, 55, 10, 3, 2))[0]


def _area(number: int) -> int:
    areas = _areas_in_use()
    return areas[number // 10_000 % len(areas)]


@lru_cache(maxsize=1)
def _areas_in_use() -> tuple[int, ...]:
    """Those whose numbers can be texted."""
    return tuple(area for area in _AREAS if type_of(f"+1{area}5550100") in TEXTABLE)


def _phones(number: int, chance: Random) -> tuple[Phone, ...]:
    if chance.random() < 0.04:
        return ()
    mobile = Phone(number=f"+1{_area(number)}555{number % 10_000:04d}", use="mobile")
    if chance.random() < 0.8:
        return (mobile,)
    return mobile, Phone(number=f"+1{_area(number)}556{number % 10_000:04d}", use="home")


def write_person(batch: Batch, person: Person, site_id: UUID, ids: Ids) -> None:
    """The patient in every service that knows patients, as seen from the site that registered."""
    now, key = person.now, person.key
    named = (now.given, now.family)
    batch.put("records.patients", key, now.version, *named, search_key(now.family), now.birth_on, now.language)
    batch.put("scheduling.patients", key, now.version, *named, now.birth_on)
    batch.put("notifications.patients", key, now.version, now.given, now.language)
    batch.put("records.patient_sites", key, site_id)
    for place, phone in enumerate(now.phones):
        batch.put("records.patient_phones", key, phone.number, phone.use, place)
        kept = _number(phone, now.consents)
        purposes = f"{{{','.join(it for it in PURPOSES if it in kept.purposes)}}}"
        batch.put("notifications.patient_numbers", key, place, kept.number, kept.use, kept.consented, purposes)
    for lists, table in ((now.consents, "records.patient_consents"), (now.coverages, "records.coverages")):
        batch.put_all(table, ((key, *vars(item).values(), place) for place, item in enumerate(lists)))
    for version in person.versions:
        batch.put("billing.patient_versions", key, version.version, json.dumps([*map(_plain, version.coverages)]))
    if person.opted_out_at:
        _write_opt_out(batch, person, person.opted_out_at, ids)


def _write_opt_out(batch: Batch, person: Person, at: datetime, ids: Ids) -> None:
    opt_out_id, number = ids.of("opt-out", person.number), person.now.phones[0].number
    said = f"SM{opt_out_id.hex}"
    batch.put("notifications.replies", said, number, "STOP", "stop", at)
    batch.put("notifications.opt_outs", opt_out_id, number, "t", 1, at, said)


def _plain(coverage: Coverage) -> dict[str, str | None]:
    return {**vars(coverage), "coverage_id": str(coverage.coverage_id)}
