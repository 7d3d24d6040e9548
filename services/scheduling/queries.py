"""What screens and programs ask: rows as dicts, never another site's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

# "When is my appointment?" asked on the day itself, or by someone who is late.
_STILL_COMING = timedelta(days=1)


def sites(uow: UnitOfWork) -> Row:
    """The asker's sites."""
    return _items(uow.sql.all("sites", network_id=uow.network_id, site_ids=uow.asker.ordered_sites))


def practitioners(site_id: UUID | None, uow: UnitOfWork) -> Row:
    """Who works at that site, or at any of the asker's. Raises NotFound."""
    if site_id is not None:
        uow.asker.require_site(site_id)
    site_ids = [site_id] if site_id is not None else uow.asker.ordered_sites
    return _items(uow.sql.all("practitioners", network_id=uow.network_id, site_ids=site_ids))


def appointment_types(uow: UnitOfWork) -> Row:
    """All of the network's."""
    return _items(uow.sql.all("appointment-types", network_id=uow.network_id))


def coming_appointments(patient_ids: list[UUID], limit: int, now: datetime, uow: UnitOfWork) -> Row:
    """The patients' appointments at the asker's sites from a day ago on, the next one first."""
    rows = uow.sql.all(
        "coming-appointments",
        network_id=uow.network_id,
        patient_ids=patient_ids,
        from_at=now - _STILL_COMING,
        site_ids=uow.asker.ordered_sites,
        limit=limit,
    )
    return _items(rows)


def arrived_encounter(encounter_id: UUID, uow: UnitOfWork) -> Row:
    """The appointment whose check-in opens that encounter. Raises NotFound."""
    row = uow.sql.one("appointment-of-encounter", network_id=uow.network_id, encounter_id=encounter_id)
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
    return {"pending": True, "appointment_id": row["appointment_id"]}


def _items(rows: Iterable[Row]) -> Row:
    return {"items": list(rows), "next": None}
