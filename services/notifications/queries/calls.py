"""Whom people have to call."""

from collections.abc import Mapping
from typing import Any

from services.notifications.domain.reach import OLD
from services.notifications.domain.tasks import CALLS, REASONS
from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound

_STATEMENTS = {"open": "open-calls", "done": "done-calls"}


def calls(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The calls of a site, and those that no site can be told for. Raises NotFound for another's site."""
    uow.asker.require_site(question["site_id"])
    of = {"site_id": question["site_id"], "reasons": list(CALLS)}
    found = page(question, uow, _STATEMENTS[question["state"]], "due_by", "task_id", **of)
    return {**found, "items": [_told(row) for row in found["items"]]}


def call(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One with the numbers to call, and what came of it so far; the look is audited. Raises NotFound."""
    task_id = question["task_id"]
    row = uow.sql.one("call", network_id=uow.network_id, task_id=task_id, reasons=list(CALLS))
    if row is None:
        raise NotFound
    if row["site_id"] is not None:
        uow.asker.require_site(row["site_id"])
    named = {name: str(row[name]) for name in ("site_id", "patient_id") if row[name] is not None}
    uow.object_ids = {**uow.object_ids, **named}
    # Of what no site can be told for nothing is told to whoever sees some sites: it may be another's patient.
    if row["site_id"] is None and uow.asker.sites is not None:
        return {**_told(row), "numbers": [], "outcomes": []}
    outcomes = uow.sql.all("outcomes-of-task", network_id=uow.network_id, task_id=task_id)
    return {**_told(row), "numbers": _numbers(row, uow), "outcomes": outcomes}


def _told(row: Row) -> Row:
    return {**row, "why": REASONS[row["reason"]].words}


def _numbers(row: Row, uow: NotificationsUnitOfWork) -> list[Row]:
    """The one that a reply came from; else the patient's, in her own order."""
    if row["from_number"] is not None:
        return [{"number": row["from_number"], "use": None, "wrong": False}]
    rows = uow.sql.all("texting-of-patient", network_id=uow.network_id, patient_id=row["patient_id"])
    return [number for number in rows if number["use"] != OLD]
