"""Whether somebody's own words may go to a patient's number, and when."""

from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.errors import NumberNotOfPatient
from services.notifications.domain.limits import Surroundings, Verdict, verdict_on
from services.notifications.domain.occasions import CARE
from services.notifications.domain.reach import OLD, why_not_reachable
from services.notifications.operations.ports import Unit
from shared.errors import NotFound
from shared.phones import zones_of

# Whoever wrote it waits no longer for the end of quiet hours.
_MAY_WAIT_FOR = timedelta(days=1)


def verdict_on_words(
    patient_id: UUID, site_id: UUID, number: str, written_at: datetime, uow: Unit, now: datetime
) -> Verdict:
    """Why no words may go there, or when: consent to texts about care, STOP, whose number it is, quiet hours.

    Whoever sends for it holds the number's lock. Raises NumberNotOfPatient, NotFound (site).
    """
    if why_not := _why_not_to_text(patient_id, number, uow):
        return Verdict(reason=why_not)
    site = uow.templates.sample_site(site_id)
    if site is None:
        raise NotFound
    where = Surroundings(site_zone=site.zone, number_zones=zones_of(number), closed_on=frozenset(site.holidays))
    return verdict_on(None, written_at + _MAY_WAIT_FOR, where, uow.limits.texting(), now)


def _why_not_to_text(patient_id: UUID, number: str, uow: Unit) -> str | None:
    known = uow.copies.numbers_of([patient_id]).get(patient_id, [])
    theirs = next((it for it in known if it.number == number and it.use != OLD), None)
    if theirs is None:
        raise NumberNotOfPatient
    return why_not_reachable(theirs, CARE, opted_out=bool(uow.opt_outs.opted_out([number])))
