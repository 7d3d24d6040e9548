"""What an appointment's condition means for encounters, in whatever order its conditions come.

An encounter belongs to one check-in (`arrival_id`). Any condition that says "arrived" shows that the check-in took
place, even an old one that comes late; only the newest condition says whether it still holds. A finished encounter is
its appointment's only one: a check-in that came while it was being finished opens nothing that could be billed again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.records.domain.encounters import FINISHED, Encounter, opened_by
from shared.events.base import Condition
from shared.events.records import EncounterCondition, EncounterOpened
from shared.events.records import EncounterVoided as EncounterVoidedEvent
from shared.events.scheduling import AppointmentCondition

_ARRIVED = "arrived"
_HOLDS = frozenset({_ARRIVED, "fulfilled"})


@dataclass(frozen=True, kw_only=True)
class KnownAppointment:
    """The newest that is known of an appointment: its version and the check-in that holds, if one does."""

    appointment_id: UUID
    version: int
    arrival_id: UUID | None


@dataclass(frozen=True)
class Outcome:
    """An appointment's newest state, the encounters to write, and what is to be told, in order."""

    appointment: KnownAppointment
    opened: tuple[Encounter, ...]
    changed: tuple[Encounter, ...]
    told: tuple[EncounterCondition, ...]


def follow(
    known: KnownAppointment | None, encounters: Sequence[Encounter], seen: Sequence[AppointmentCondition]
) -> Outcome:
    """Effects of the conditions seen now of one appointment, given what is known of it already."""
    appointment = _newest(known, seen)
    opened = tuple(_missing(encounters, seen))
    all_of_them = {encounter.encounter_id: encounter for encounter in (*encounters, *opened)}
    is_over = any(encounter.status == FINISHED for encounter in encounters)
    settled = {key: _settled(one, appointment, is_over=is_over) for key, one in all_of_them.items()}
    changed = tuple(new for key, new in settled.items() if new != all_of_them[key])
    told = (*_facts(opened, EncounterOpened), *_facts(changed, EncounterVoidedEvent))
    return Outcome(appointment, opened, changed, told)


def known_of(condition: AppointmentCondition) -> KnownAppointment:
    """What one condition says."""
    holds = condition.arrival_id if condition.status in _HOLDS else None
    return KnownAppointment(appointment_id=condition.appointment_id, version=condition.version, arrival_id=holds)


def by_appointment(seen: Iterable[AppointmentCondition]) -> Mapping[UUID, list[AppointmentCondition]]:
    """The conditions of each appointment, oldest first."""
    groups: dict[UUID, list[AppointmentCondition]] = {}
    for condition in sorted(seen, key=_version):
        groups.setdefault(condition.appointment_id, []).append(condition)
    return groups


def _newest(known: KnownAppointment | None, seen: Sequence[AppointmentCondition]) -> KnownAppointment:
    newest = known_of(max(seen, key=_version))
    return newest if known is None or newest.version > known.version else known


def _missing(encounters: Sequence[Encounter], seen: Sequence[AppointmentCondition]) -> Iterator[Encounter]:
    there = {encounter.arrival_id for encounter in encounters}
    for condition in seen:
        if condition.status == _ARRIVED and condition.arrival_id not in there:
            opened = opened_by(condition)
            there.add(opened.arrival_id)
            yield opened


def _settled(encounter: Encounter, appointment: KnownAppointment, *, is_over: bool) -> Encounter:
    holds = encounter.arrival_id == appointment.arrival_id and not is_over
    return encounter if holds else encounter.voided()


def _facts(encounters: Iterable[Encounter], event: type[EncounterCondition]) -> Iterator[EncounterCondition]:
    return (encounter.told_as(event) for encounter in encounters)


def _version(condition: Condition) -> int:
    return condition.version
