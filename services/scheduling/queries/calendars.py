"""Calendars out: the links of a practitioner, and what a calendar holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.scheduling.domain.calendars import CANCELLED_KEPT, Shown, shown_around, shown_name
from services.scheduling.repository import SchedulingUnitOfWork
from shared.database.session import Row


def calendar_links(question: Mapping[str, Any], uow: SchedulingUnitOfWork) -> Row:
    """The practitioner's links, revoked ones too. Raises NotFound."""
    practitioner = uow.places.practitioner(question["practitioner_id"])
    return {"items": uow.calendars.of_practitioner(practitioner.practitioner_id)}


def calendar(secret_hash: bytes, now: datetime, uow: SchedulingUnitOfWork) -> Row:
    """The calendar of a secret, of whatever network. Raises NotFound: also for a link that is revoked.

    From here on the unit of work is in the link's network, and its audit entry names the link.
    """
    network_id, calendar_link_id = uow.calendars.find(secret_hash)
    uow.enter_network(network_id, uow.asker.correlation_id)
    uow.object_ids = {"calendar_link_id": str(calendar_link_id)}
    link = uow.calendars.read(calendar_link_id)
    practitioner = uow.places.practitioner(link.practitioner_id)
    shown = uow.calendars.settings().patients
    items = uow.calendars.items(link, shown_around(now), now - CANCELLED_KEPT)
    names = (practitioner.prefix, practitioner.given, practitioner.family)
    return {
        "practitioner_name": " ".join(name for name in names if name),
        "items": [_item(row, shown) for row in items],
    }


def _item(row: Row, shown: Shown) -> Row:
    return row | {"patient": shown_name(shown, row["given"], row["family"])}
