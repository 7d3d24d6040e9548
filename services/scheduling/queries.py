"""What screens and programs ask: rows as dicts, never another site's."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

# "When is my appointment?" asked on the day itself, or by someone who is late.
_STILL_COMING = timedelta(days=1)


def sites(uow: UnitOfWork) -> Row:
    """The asker's sites."""
    return _items(uow.sql.all("sites", network_id=uow.network_id, site_ids=_own_sites(uow)))


def practitioners(site_id: UUID | None, uow: UnitOfWork) -> Row:
    """Who works at that site, or at any of the asker's. Raises NotFound."""
    if site_id is not None:
        uow.asker.require_site(site_id)
    site_ids = [site_id] if site_id is not None else _own_sites(uow)
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
        site_ids=_own_sites(uow),
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


def day(day_of: Mapping[str, Any], after: int | None, uow: UnitOfWork) -> Row:
    """The day's items, all of them or those that changed since the token `after`, and the next token.

    `day_of` has site_id, from_at and until_at. The token is the oldest transaction in progress before the rows
    are read: whatever commits later is not below it, so nothing is ever passed over; some rows may come twice.
    """
    token = uow.sql.one("change-token")
    rows = uow.sql.all("day", network_id=uow.network_id, after=after, **day_of)
    return {"items": [_day_item(row) for row in rows], "after": str(token["after"] if token else 0)}


def moved_away(day_of: Mapping[str, Any], after: int, uow: UnitOfWork) -> list[UUID]:
    """Appointments that changed since the token and are not of that day."""
    rows = uow.sql.all("moved-away", network_id=uow.network_id, after=after, **day_of)
    return [row["appointment_id"] for row in rows]


def _day_item(row: Row) -> Row:
    patient = {"given": row["patient_given"], "family": row["patient_family"], "birth_on": row["patient_birth_on"]}
    text = {"kind": row["text_kind"], "status": row["text_status"], "reason": row["text_reason"]}
    known = row["patient_given"] is not None
    return row | {"patient": patient if known else None, "text": text if row["text_status"] else None}


def _own_sites(uow: UnitOfWork) -> list[UUID] | None:
    return sorted(uow.asker.sites) if uow.asker.sites is not None else None


def _items(rows: Iterable[Row]) -> Row:
    return {"items": list(rows), "next": None}
