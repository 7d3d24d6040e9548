"""What people have to do."""

from collections.abc import Mapping
from typing import Any

from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row


def tasks(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The open tasks of a site, and those that no site can be told for."""
    uow.asker.require_site(question["site_id"])
    return page(question, uow, "open-tasks", "opened_at", "task_id", site_id=question["site_id"])
