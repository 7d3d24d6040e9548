"""What screens and programs ask: rows as dicts, never another site's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range
from services.scheduling.repository import SchedulingUnitOfWork
from shared.cursors import Listed, page
from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

# "When is my appointment?" asked on the day itself, or by someone who is late.
_STILL_COMING = timedelta(days=1)


def sites(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The asker's sites, by name."""
    listed = Listed(question, id="site_id")
    return listed.page(uow.sql.all("site-page", **_whose(uow), **listed.params))


def practitioners(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Who works at that site, or at any of the asker's, by name. Raises NotFound."""
    if site_id := question["site_id"]:
        uow.asker.require_site(site_id)
    listed = Listed(question, id="practitioner_id")
    whose = _whose(uow) | ({"site_ids": [site_id]} if site_id else {})
    return listed.page(uow.sql.all("practitioner-page", **whose, **listed.params))


def appointment_types(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The network's, by name."""
    listed = Listed(question, id="appointment_type_id")
    rows = uow.sql.all("appointment-type-page", network_id=uow.network_id, active=question["active"], **listed.params)
    return listed.page(rows)


def appointments(question: Mapping[str, Any], uow: SchedulingUnitOfWork) -> Row:
    """Appointments of a site or a patient (or both) by their start. Raises NotFound for a site that is not the asker's.

    Days are the site's; UTC's where no site is named.
    """
    zone = uow.places.site(question["site_id"]).zone_info if question["site_id"] else ZoneInfo("UTC")
    listed = Listed(question, at="start_at", id="appointment_id")
    filters = {name: question[name] for name in ("site_id", "patient_id", "practitioner_id", "status")}
    rows = uow.sql.all("appointment-page", **_whose(uow), **filters, **_during(question, zone), **listed.params)
    return listed.page(rows)


def page_of_times(found: Sequence[TimeRange], limit: int) -> Row:
    """A page of times, of which one more was found where there are more."""
    return page([vars(time) for time in found], limit, "start_at")


def coming_appointments(patient_ids: list[UUID], limit: int, now: datetime, uow: UnitOfWork) -> Row:
    """The patients' appointments at the asker's sites from a day ago on, the next one first."""
    rows = uow.sql.all(
        "coming-appointments",
        network_id=uow.network_id,
        patient_ids=patient_ids,
        from_at=now - _STILL_COMING,
        site_ids=uow.asker.ordered_sites,
        limit=limit + 1,
    )
    return page(rows, limit, "start_at", "appointment_id")


def arrived_encounter(encounter_id: UUID, uow: UnitOfWork) -> Row:
    """The appointment whose check-in opens that encounter. Raises NotFound."""
    row = uow.sql.one("appointment-of-encounter", network_id=uow.network_id, encounter_id=encounter_id)
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
    return {"pending": True, "appointment_id": row["appointment_id"]}


def _during(question: Mapping[str, Any], zone: ZoneInfo) -> Row:
    """The instants of the days that are asked for; None where it is open."""
    first = max((day for day in (question["on"], question["from_on"]) if day), default=None)
    last = min((day for day in (question["on"], question["to_on"]) if day), default=None)
    return {
        "from_at": day_range(first, zone).start_at if first else None,
        "to_at": day_range(last, zone).end_at if last else None,
    }


def _whose(uow: UnitOfWork) -> Row:
    return {"network_id": uow.network_id, "site_ids": uow.asker.ordered_sites}
