"""Texts of a site or an appointment, and what the stand-in carrier holds of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound


def texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The texts of one site or of one appointment. Raises NotFound for what the asker may not see."""
    if appointment_id := question.get("appointment_id"):
        _require_appointment(appointment_id, uow)
        of = {"appointment_id": appointment_id, "site_ids": uow.asker.ordered_sites, "status": question.get("status")}
        return page(question, uow, "texts-of-appointment", "due_at", "text_id", **of)
    uow.asker.require_site(question["site_id"])
    of = {"site_id": question["site_id"], "status": question.get("status")}
    return page(question, uow, "texts-of-site", "due_at", "text_id", **of)


def sandbox_texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """What the stand-in carrier holds for the asker's sites, words and numbers included; what was said back to
    strangers for whoever sees every site.
    """
    return page(question, uow, "sandbox-texts", "accepted_at", "attempt_id", site_ids=uow.asker.ordered_sites)


def _require_appointment(appointment_id: UUID, uow: NotificationsUnitOfWork) -> None:
    row = uow.sql.one("site-of-appointment", network_id=uow.network_id, appointment_id=appointment_id)
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
