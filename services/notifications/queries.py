"""What screens and programs ask: texts, the sandbox's texts, tasks. Pages by opaque cursor."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications.repository import NotificationsUnitOfWork
from shared.cursors import Listed
from shared.errors import NotFound

Row = dict[str, Any]


def texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The texts of one site or of one appointment. Raises NotFound for what the asker may not see."""
    if appointment_id := question.get("appointment_id"):
        _require_appointment(appointment_id, uow)
        of = {"appointment_id": appointment_id, "status": question.get("status")}
        return _page(question, uow, "texts-of-appointment", "due_at", "text_id", **of)
    uow.asker.require_site(question["site_id"])
    of = {"site_id": question["site_id"], "status": question.get("status")}
    return _page(question, uow, "texts-of-site", "due_at", "text_id", **of)


def tasks(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The open tasks of a site, and those that no site can be told for."""
    uow.asker.require_site(question["site_id"])
    return _page(question, uow, "open-tasks", "opened_at", "task_id", site_id=question["site_id"])


def sandbox_texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """What the stand-in carrier holds for the asker's sites, words and numbers included."""
    return _page(question, uow, "sandbox-texts", "accepted_at", "attempt_id", site_ids=uow.asker.ordered_sites)


def unknown_texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Texts of the asker's sites whose fate nobody knows."""
    return _page(question, uow, "unknown-texts", "due_at", "text_id", site_ids=uow.asker.ordered_sites)


def unknown_text(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One text with its number, by which a person finds it at the carrier. The look is audited. Raises NotFound."""
    row = uow.sql.one("unknown-text", network_id=uow.network_id, text_id=question["text_id"])
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
    return row


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
    listed = Listed(question, at=at, id=identity)
    return listed.page(uow.sql.all(name, network_id=uow.network_id, **listed.params, **params))
