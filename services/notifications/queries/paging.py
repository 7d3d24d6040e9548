"""Pages of the network's rows, by an opaque cursor."""

from collections.abc import Mapping
from typing import Any

from services.notifications.repository import NotificationsUnitOfWork
from shared.cursors import Listed
from shared.database.session import Row


def page(
    question: Mapping[str, Any], uow: NotificationsUnitOfWork, name: str, at: str, identity: str, **params: Any
) -> Row:
    """One page of the statement of that name, in the order of `at`, then `identity`."""
    listed = Listed(question, at=at, id=identity)
    return listed.page(uow.sql.all(name, network_id=uow.network_id, **listed.params, **params))
