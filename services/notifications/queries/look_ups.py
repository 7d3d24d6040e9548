"""Texts whose fate nobody knows."""

from collections.abc import Mapping
from typing import Any

from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound


def unknown_texts(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Those of the asker's sites."""
    return page(question, uow, "unknown-texts", "due_at", "text_id", site_ids=uow.asker.ordered_sites)


def unknown_text(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One of them with its number, by which a person finds it at the carrier. The look is audited. Raises NotFound."""
    row = uow.sql.one("unknown-text", network_id=uow.network_id, text_id=question["text_id"])
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
    return row
