"""He came after all; the site is open after all."""

from typing import Any
from uuid import UUID

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.commands import UndoAbsence
from services.scheduling.operations.absence_time import give_back
from services.scheduling.operations.find_proposals import Finding
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.mark_absent import take_site
from services.scheduling.operations.ports import Unit, ZipCodes
from services.scheduling.operations.put_on_list import audit_listed, put_on_list
from shared.clock import Clock
from shared.errors import require_version


def undo_absence(command: UndoAbsence, uow: Unit, clock: Clock, zips: ZipCodes) -> dict[str, Any]:
    """What is still open on its list stays as it was booked; what was moved or cancelled stays so.

    Raises NotFound, Stale, AbsenceUndone.
    """
    with uow:
        absence = _taken(command, uow)
        undone = absence.undone(clock.now())
        uow.absences.change(undone)
        give_back(undone, uow, clock)
        _withdraw(undone, uow)
        _list_elsewhere(undone, uow, clock, zips)
        uow.audit("undo_absence", "absence", absence.absence_id, site_id=absence.site_id)
        return uow.commit(uow.absences.tallied(undone))


def _taken(command: UndoAbsence, uow: Unit) -> Absence:
    """The absence under its locks, as it is then."""
    absence = uow.absences.get(command.absence_id)
    if absence.site_id is not None:
        take_site(absence.site_id, absence.during, uow)
    else:
        uow.lock(resource_lock(absence.practitioner_id))
    absence = uow.absences.get(command.absence_id)
    require_version(command.version, absence.version)
    return absence


def _withdraw(absence: Absence, uow: Unit) -> None:
    listed = uow.reschedules.open_on(absence)
    for each in listed:
        each.withdraw()
    uow.reschedules.keep(listed)
    for each in listed:
        audit_listed("withdraw_from_list", each, uow)


def _list_elsewhere(absence: Absence, uow: Unit, clock: Clock, zips: ZipCodes) -> None:
    """Visits that another absence touches too go to that one's list: a visit waits on one list at a time."""
    others = uow.absences.standing(absence.during, practitioner_ids=_whose(absence, uow), site_ids=absence.site_ids)
    for other in others:
        put_on_list(Finding(other, uow, clock.now(), zips))


def _whose(absence: Absence, uow: Unit) -> list[UUID]:
    if absence.practitioner_id is not None:
        return [absence.practitioner_id]
    return [each for site_id in absence.site_ids for each in uow.absences.resources_to_close(site_id, absence.during)]
