"""Networks by the number that they text from."""

from collections.abc import Mapping
from typing import Any

from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound


def network_of_sender(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Whose number a carrier's webhook names: an id and nothing else. Raises NotFound."""
    row = uow.sql.one("network-of-sender", number=question["number"])
    if row is None or row["network_id"] is None:
        raise NotFound
    return {"network_id": row["network_id"]}
