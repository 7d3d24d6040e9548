"""What screens and programs ask: rows as dicts, never another site's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.search import Answer, FoundTime
from services.scheduling.domain.zones import day_range, local_day
from services.scheduling.queries.waitlist import waitlist, waitlist_entry, waitlist_offers
from services.scheduling.repository import SchedulingUnitOfWork
from services.scheduling.repository.kinds import type_of
from shared.cursors import Listed, page
from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

__all__ = [
    "appointment_types",
    "appointments",
    "arrived_encounter",
    "closures",
    "coming_appointments",
    "page_of_stranded",
    "page_of_times",
    "practitioners",
    "resources",
    "sites",
    "waitlist",
    "waitlist_entry",
    "waitlist_offers",
    "working_exceptions",
]

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
    found = listed.page(rows)
    return found | {"items": [type_of(row) for row in found["items"]]}


def resources(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The site's rooms and devices, by name. Raises NotFound."""
    uow.asker.require_site(question["site_id"])
    listed = Listed(question, id="resource_id")
    filters = {name: question[name] for name in ("site_id", "kind", "active")}
    return listed.page(uow.sql.all("resource-page", network_id=uow.network_id, **filters, **listed.params))


def working_exceptions(question: Mapping[str, Any], now: datetime, uow: SchedulingUnitOfWork) -> Row:
    """Extra time, leave and blocked time at the site that is not over on a day, today where none is named. Raises
    NotFound."""
    return _exceptions(question, now, uow, of_site=False, resource_id=question["resource_id"])


def closures(question: Mapping[str, Any], now: datetime, uow: SchedulingUnitOfWork) -> Row:
    """The site's holidays and closures that are not over on a day, today where none is named. Raises NotFound."""
    return _exceptions(question, now, uow, of_site=True, resource_id=None)


def _exceptions(
    question: Mapping[str, Any], now: datetime, uow: SchedulingUnitOfWork, *, of_site: bool, resource_id: UUID | None
) -> Row:
    site = uow.places.site(question["site_id"])
    from_on = question["from_on"] or local_day(now, site.zone_info)
    listed = Listed(question, on="begins_on", id="exception_id")
    filters = {"site_id": site.site_id, "kind": question["kind"], "resource_id": resource_id, "from_on": from_on}
    rows = uow.sql.all("exception-page", network_id=uow.network_id, of_site=of_site, **filters, **listed.params)
    return listed.page([row | {"span": row} for row in rows])


def page_of_stranded(found: Sequence[Row], question: Mapping[str, Any]) -> Row:
    """The page of all that were found."""
    listed = Listed(question, at="start_at", id="appointment_id")
    at, one = listed.params["after_at"], listed.params["after_id"]
    after = (datetime.fromisoformat(at), UUID(one)) if at and one else None
    rows = [it for it in found if after is None or (it["start_at"], it["appointment_id"]) > after]
    return listed.page(rows[: listed.params["limit"]])


def appointments(question: Mapping[str, Any], uow: SchedulingUnitOfWork) -> Row:
    """Appointments of a site or a patient (or both) by their start. Raises NotFound for a site that is not the asker's.

    Days are the site's; UTC's where no site is named.
    """
    zone = uow.places.site(question["site_id"]).zone_info if question["site_id"] else ZoneInfo("UTC")
    listed = Listed(question, at="start_at", id="appointment_id")
    filters = {name: question[name] for name in ("site_id", "patient_id", "practitioner_id", "status")}
    rows = uow.sql.all("appointment-page", **_whose(uow), **filters, **_during(question, zone), **listed.params)
    return listed.page(rows)


def page_of_times(found: Sequence[FoundTime], limit: int) -> Row:
    """A page of times, of which one more was found where there are more."""
    return page([vars(time) for time in found], limit, "start_at")


def page_of_found(found: Sequence[Answer], limit: int) -> Row:
    """The same of a search."""
    rows = [vars(it.time) | {"zone": it.zone, "miles": it.miles} for it in found]
    return page(rows, limit, "start_at", "practitioner_id", "site_id")


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
