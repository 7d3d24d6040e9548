"""What screens and programs ask: texts, the sandbox's texts, tasks. Pages by opaque cursor."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.notifications.repository import NotificationsUnitOfWork
from shared.errors import Invalid, NotFound

LIMIT = 200
_FIRST = (datetime.min.replace(tzinfo=UTC), UUID(int=0))

Row = dict[str, Any]


def texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The texts of one site or of one appointment. Raises NotFound for what the asker may not see."""
    if appointment_id := question.get("appointment_id"):
        _require_appointment(appointment_id, uow)
        return _page(question, uow, "texts-of-appointment", "due_at", "text_id", appointment_id=appointment_id)
    uow.asker.require_site(question["site_id"])
    return _page(question, uow, "texts-of-site", "due_at", "text_id", site_id=question["site_id"])


def tasks(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The open tasks of a site, and those that no site can be told for."""
    uow.asker.require_site(question["site_id"])
    return _page(question, uow, "open-tasks", "opened_at", "task_id", site_id=question["site_id"])


def sandbox_texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """What the stand-in carrier holds for the asker's sites, words and numbers included."""
    return _page(question, uow, "sandbox-texts", "accepted_at", "attempt_id", site_ids=uow.asker.ordered_sites)


def network_of_sender(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Whose number a carrier's webhook names: an id and nothing else. Raises NotFound."""
    row = uow.sql.one("network-of-sender", number=question["number"])
    if row is None or row["network_id"] is None:
        raise NotFound
    return {"network_id": row["network_id"]}


def _require_appointment(appointment_id: UUID, uow: NotificationsUnitOfWork) -> None:
    row = uow.sql.one("site-of-appointment", network_id=uow.network_id, appointment_id=appointment_id)
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])


def _page(
    question: Mapping[str, Any], uow: NotificationsUnitOfWork, name: str, at: str, identity: str, **params: Any
) -> Row:
    after_at, after_id = _position(question.get("cursor"))
    limit = question.get("limit") or LIMIT
    rows = uow.sql.all(name, network_id=uow.network_id, after_at=after_at, after_id=after_id, limit=limit + 1, **params)
    items = rows[:limit]
    return {"items": items, "next": _cursor(items[-1][at], items[-1][identity]) if len(rows) > limit else None}


def _cursor(at: datetime, identity: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(identity)]).encode()).decode()


def _position(cursor: str | None) -> tuple[datetime, UUID]:
    """The place in a list that a cursor stands for. Raises Invalid for one that we did not make."""
    if not cursor:
        return _FIRST
    try:
        at, identity = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(at), UUID(identity)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(errors=[{"field": "cursor", "message": "not a cursor of this list"}]) from None
