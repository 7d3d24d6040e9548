"""The visits that an absence touches go to its reschedule list, each with the times that it could have instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.operations.find_proposals import Finding, propose
from services.scheduling.operations.ports import Unit
from shared.ids import new_id


def put_on_list(finding: Finding) -> None:
    """Lists every visit that is expected while the absence lasts and stands on no list yet.

    The caller holds the locks of all whose visits they are, so that nothing is booked or moved meanwhile.
    """
    absence, uow = finding.absence, finding.uow
    rows = uow.reschedules.touched(absence)
    if not rows:
        return
    known = uow.reschedules.known(absence, [row["appointment_id"] for row in rows])
    listed = [_place(row, known.get(row["appointment_id"]), absence, finding.now) for row in rows]
    propose(listed, finding)
    _keep(listed, uow)


def call_back(appointment: Appointment, uow: Unit, now: datetime) -> None:
    """A visit that takes its time again while somebody is absent goes to the list: somebody has to call.

    Reinstating asks for no working hours, since a wrong cancellation must not cost the patient the time.
    """
    for absence in uow.absences.standing(
        appointment.during, practitioner_ids=[appointment.practitioner_id], site_ids=[appointment.site_id]
    ):
        if absence.during.overlaps(appointment.during):
            known = uow.reschedules.known(absence, [appointment.appointment_id])
            listed = _place(vars(appointment), known.get(appointment.appointment_id), absence, now)
            listed.call()
            _keep([listed], uow)
            return


def _place(visit: dict[str, Any], known: Reschedule | None, absence: Absence, now: datetime) -> Reschedule:
    if known is not None:
        known.relist(now, **{name: visit[name] for name in _WHERE_IT_STANDS})
        return known
    return Reschedule(
        reschedule_id=new_id(),
        absence_id=absence.absence_id,
        listed_at=now,
        **{name: visit[name] for name in _OF_THE_VISIT},
    )


# A visit may have been moved to another site before it stands on the list again.
_WHERE_IT_STANDS = ("site_id", "zone", "practitioner_id", "start_at", "end_at")
_OF_THE_VISIT = (*_WHERE_IT_STANDS, "appointment_id", "appointment_type_id", "patient_id")


def _keep(listed: Sequence[Reschedule], uow: Unit) -> None:
    uow.reschedules.keep(listed)
    for each in listed:
        audit_listed("put_on_list", each, uow)


def audit_listed(action: str, listed: Reschedule, uow: Unit) -> None:
    """Says who did `action` to the visit on the list, where, and to whose."""
    uow.audit(action, "reschedule", listed.reschedule_id, site_id=listed.site_id, patient_id=listed.patient_id)


def sites_seen(uow: Unit, site_ids: Sequence[UUID]) -> bool:
    """Whether the asker may see any of these sites."""
    return uow.asker.sites is None or any(uow.asker.may_see(site_id) for site_id in site_ids)
