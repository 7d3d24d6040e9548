"""A sick day, or a closure: in one step it stands, its visits are listed, and nothing more is booked into it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.scheduling.domain.absences import NEAR_MILES, Absence, checked_absence, require_not_over
from services.scheduling.domain.commands import CloseSite, MarkAbsent
from services.scheduling.domain.errors import PractitionerElsewhere
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.absence_time import take_out
from services.scheduling.operations.find_proposals import Finding
from services.scheduling.operations.locks import hours_lock, resource_lock
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.put_on_list import put_on_list, sites_seen
from shared.clock import Clock
from shared.ids import new_id


def mark_absent(command: MarkAbsent, uow: Unit, clock: Clock, zips: ZipCodes) -> dict[str, Any]:
    """The practitioner does not come; said again, nothing changes, and what overlaps extends the absence.

    Raises NotFound, ImpossibleAbsence, AbsenceOver, PractitionerElsewhere.
    """
    during = checked_absence(command.from_at, command.until_at)
    with uow:
        uow.places.practitioner(command.practitioner_id)
        uow.lock(resource_lock(command.practitioner_id))
        require_not_over(during, clock.now())
        site_ids = uow.absences.sites_of(command.practitioner_id, during)
        if not sites_seen(uow, site_ids):
            raise PractitionerElsewhere
        absence = _standing(command, during, site_ids, uow, clock)
        put_on_list(Finding(absence, uow, clock.now(), zips))
        uow.audit("mark_absent", "practitioner", command.practitioner_id)
        return uow.commit(uow.absences.tallied(absence))


def close_site(command: CloseSite, uow: Unit, clock: Clock, zips: ZipCodes) -> dict[str, Any]:
    """The same for a whole site. Raises NotFound, ImpossibleAbsence, AbsenceOver."""
    during = checked_absence(command.from_at, command.until_at)
    with uow:
        uow.places.site(command.site_id)
        take_site(command.site_id, during, uow)
        require_not_over(during, clock.now())
        absence = _standing(command, during, (command.site_id,), uow, clock)
        put_on_list(Finding(absence, uow, clock.now(), zips))
        uow.audit("close_site", "site", command.site_id, site_id=command.site_id)
        return uow.commit(uow.absences.tallied(absence))


def take_site(site_id: UUID, during: TimeRange, uow: Unit) -> None:
    """Locks the site, so that nobody comes to work there, and then everybody who does."""
    uow.lock(hours_lock(site_id))
    uow.lock(*(resource_lock(each) for each in uow.absences.resources_to_close(site_id, during)))


def _standing(
    command: MarkAbsent | CloseSite, during: TimeRange, site_ids: Sequence[UUID], uow: Unit, clock: Clock
) -> Absence:
    """The absence that covers that time: one that stands already, extended where it has to be, or a new one."""
    whose = {name: value for name, value in vars(command).items() if name in ("practitioner_id", "site_id")}
    known = uow.absences.standing(during, **{f"{name}s": [value] for name, value in whose.items()})
    if not known:
        absence = Absence(
            absence_id=new_id(),
            exception_id=new_id(),
            **whose,
            from_at=during.start_at,
            until_at=during.end_at,
            reason=command.reason,
            site_ids=tuple(sorted(site_ids)),
            marked_at=clock.now(),
            within_miles=NEAR_MILES if command.within_miles is None else command.within_miles,
        )
        uow.absences.add(absence)
        take_out(absence, uow, clock)
        return absence
    before = next((each for each in known if each.during.holds(during)), known[0])
    extended = before.extended(during, tuple(site_ids), new_id())
    absence = extended.reaching(command.within_miles)
    if absence is not before:
        uow.absences.change(absence)
    if extended is not before:
        take_out(absence, uow, clock, instead_of=before)
    return absence
