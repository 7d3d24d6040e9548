"""Runs of many texts, and how far each is."""

from collections.abc import Mapping
from typing import Any

from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound


def text_runs(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The runs of a site."""
    uow.asker.require_site(question["site_id"])
    found = page(question, uow, "runs-of-site", "begun_at", "run_id", site_id=question["site_id"])
    return {**found, "items": [_told(row) for row in found["items"]]}


def text_run(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One run. Raises NotFound for another site's."""
    row = uow.sql.one("text-run", network_id=uow.network_id, run_id=question["run_id"])
    if row is None:
        raise NotFound
    uow.asker.require_site(row["site_id"])
    return _told(row)


def _told(row: Row) -> Row:
    """`state`: `stopped`, or `running` while any of its texts is still to go, else `done`."""
    texts = row["texts"] or {}
    is_open = bool(texts.get("due") or texts.get("claimed"))
    state = "stopped" if row["stopped_at"] else "running" if is_open else "done"
    return {**row, "texts": texts, "total": sum(texts.values()), "state": state}
