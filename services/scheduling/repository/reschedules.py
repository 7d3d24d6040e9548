"""Reschedule lists. Whoever writes a row holds the lock of the resource that its visit is booked with."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.reschedules import Reschedule, numbered
from services.scheduling.domain.resources import NeedKind
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.repository.kinds import type_of
from shared.asker import Asker
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound
from shared.events.rescheduling import Proposal

# In the order in which keep-reschedules has them.
_COLUMNS = [each.name for each in fields(Reschedule) if each.name not in ("sites_seen", "events")]
_IN_JSON = ("proposals", "refused")


class RescheduleRepository(Repository):
    """Every change writes the rows first and then tells their events."""

    def read(self, reschedule_id: UUID, *, lock: bool = False) -> Reschedule:
        """Raises NotFound (also for another's site)."""
        row = self.one("lock-reschedule" if lock else "reschedule", reschedule_id=reschedule_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return self._reschedule(row)

    def open_of(self, appointment_id: UUID, *, lock: bool = True) -> Reschedule | None:
        """The place of that visit on a list that it is not off yet, whichever site's; locked if that is asked for."""
        row = self.one("lock-open-reschedule-of" if lock else "open-reschedule-of", appointment_id=appointment_id)
        return self._reschedule(row) if row else None

    def open_on(self, absence: Absence) -> list[Reschedule]:
        """What of the absence's list is not settled, at every site, locked in the order of ids."""
        return [self._reschedule(row) for row in self.all("open-reschedules", absence_id=absence.absence_id)]

    def networks_with_lapsed(self, now: datetime) -> list[UUID]:
        """Of all networks; only the worker may ask."""
        return [row["network_id"] for row in self.all("networks-with-lapsed-proposals", now=now)]

    def lapsed(self, now: datetime, most: int) -> list[Reschedule]:
        """What is offered and has lapsed, locked, without what somebody else has at hand."""
        return [self._reschedule(row) for row in self.all("lapsed-reschedules", now=now, most=most)]

    def known(self, absence: Absence, appointment_ids: Sequence[UUID]) -> dict[UUID, Reschedule]:
        """The places that these visits have, or once had, on the absence's list, by the appointment."""
        rows = self.all("reschedules-of-absence", absence_id=absence.absence_id, appointment_ids=list(appointment_ids))
        return {row["appointment_id"]: self._reschedule(row) for row in rows}

    def touched(self, absence: Absence) -> list[Row]:
        """The visits that are expected while it lasts and stand on no list, in their order: columns of Reschedule."""
        during = {"from_at": absence.from_at, "until_at": absence.until_at}
        if absence.site_id is not None:
            return self.all("visits-at-site", site_id=absence.site_id, **during)
        return self.all("visits-of-practitioner", practitioner_id=absence.practitioner_id, **during)

    def keep(self, listed: Sequence[Reschedule]) -> None:
        """Writes their rows and tells what became of them."""
        self.many_later("keep-reschedules", [_values(each) for each in listed])
        for each in listed:
            for event in each.events:
                self._uow.record(event)
            each.events.clear()

    def kinds(self, appointment_type_ids: Iterable[UUID]) -> dict[UUID, AppointmentType]:
        """These appointment types by their ids."""
        rows = self.all("kinds-to-reschedule", appointment_type_ids=sorted(set(appointment_type_ids)))
        return {row["appointment_type_id"]: type_of(row) for row in rows}

    def kinds_of(self, resource_ids: Sequence[UUID]) -> dict[UUID, tuple[NeedKind, str | None]]:
        """What these are for who needs them: of what kind and type."""
        rows = self.all("kinds-of-resources", resource_ids=list(resource_ids))
        return {row["resource_id"]: (row["kind"], row["type"]) for row in rows}

    def taken(self, resource_ids: Sequence[UUID], during: TimeRange) -> dict[UUID, list[Booking]]:
        """What is taken of each while that time lasts, and around it."""
        rows = self.all(
            "taken-of-resources", resource_ids=list(resource_ids), from_at=during.start_at, until_at=during.end_at
        )
        found: dict[UUID, list[Booking]] = defaultdict(list)
        for row in rows:
            found[row["resource_id"]].append(_booking(row))
        return found

    def staff(self, site_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str | None]]:
        """Who works at each of these sites, and of what kind each is."""
        found: dict[UUID, dict[UUID, str | None]] = defaultdict(dict)
        for row in self.all("staff-of-sites", site_ids=list(site_ids)):
            found[row["site_id"]][row["practitioner_id"]] = row["kind"]
        return found

    def proposed_to_others(
        self, but: Sequence[Reschedule], practitioner_ids: Sequence[UUID], now: datetime
    ) -> list[Proposal]:
        """What stands proposed of these practitioners' time on any list, at any site, but to these visits."""
        rows = self.all(
            "proposals-of-others",
            practitioner_ids=list(practitioner_ids),
            reschedule_ids=[each.reschedule_id for each in but],
            now=now,
        )
        return [_proposal(row["proposal"]) for row in rows]

    def _reschedule(self, row: Row) -> Reschedule:
        proposals = {name: tuple(map(_proposal, row[name])) for name in _IN_JSON}
        return Reschedule(**row | proposals, sites_seen=self._uow.asker.sites)


def shown_proposals(stored: Sequence[dict[str, Any]], asker: Asker) -> list[dict[str, Any]]:
    """Stored proposals as answers have them, each with its rank; those at another's sites are left out."""
    return numbered(tuple(map(_proposal, stored)), asker.sites)


def _booking(row: Row) -> Booking:
    during = TimeRange(row["start_at"], row["end_at"])
    return Booking(taken_by=row["taken_by"], site_id=row["site_id"], lane=row["lane"], during=during)


def _values(listed: Reschedule) -> tuple[Any, ...]:
    row = vars(listed)
    in_json = {name: Json([_stored(each) for each in row[name]]) for name in _IN_JSON}
    return tuple({**row, **in_json}[name] for name in _COLUMNS)


def _stored(proposal: Proposal) -> dict[str, str]:
    times = {"start_at": proposal.start_at.isoformat(), "end_at": proposal.end_at.isoformat()}
    ids = {"practitioner_id": str(proposal.practitioner_id), "site_id": str(proposal.site_id)}
    return {**times, **ids, "zone": proposal.zone}


def _proposal(stored: dict[str, Any]) -> Proposal:
    return Proposal(
        start_at=datetime.fromisoformat(stored["start_at"]),
        end_at=datetime.fromisoformat(stored["end_at"]),
        practitioner_id=UUID(stored["practitioner_id"]),
        site_id=UUID(stored["site_id"]),
        zone=stored["zone"],
    )
