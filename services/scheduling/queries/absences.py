"""Absences and reschedule lists as screens read them: never another site's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.scheduling.repository import SchedulingUnitOfWork
from services.scheduling.repository.absences import shown_absence
from services.scheduling.repository.reschedules import shown_proposals
from shared.asker import Asker
from shared.cursors import Listed
from shared.database.session import Row


def absences(question: Mapping[str, Any], uow: SchedulingUnitOfWork, now: datetime) -> Row:
    """Those that concern the asker's sites, by their begin. Raises NotFound for a site that is not hers."""
    _require_site(question, uow)
    listed = Listed(question, at="from_at", id="absence_id")
    rows = uow.sql.all(
        "absence-page",
        network_id=uow.network_id,
        site_ids=uow.asker.ordered_sites,
        site_id=question["site_id"],
        practitioner_id=question["practitioner_id"],
        until_after=now if question["standing"] else None,
        **listed.params,
    )
    return listed.page([shown_absence(row, uow.asker) for row in rows])


def reschedules(question: Mapping[str, Any], uow: SchedulingUnitOfWork) -> Row:
    """Visits on lists at the asker's sites, by their start. Raises NotFound for what is not hers."""
    _require_site(question, uow)
    if absence_id := question["absence_id"]:
        uow.absences.get(absence_id)
    listed = Listed(question, at="start_at", id="reschedule_id")
    rows = uow.sql.all(
        "reschedule-page",
        network_id=uow.network_id,
        site_ids=uow.asker.ordered_sites,
        **{name: question[name] for name in ("site_id", "absence_id", "state")},
        **listed.params,
    )
    return listed.page([_item(row, uow.asker) for row in rows])


def _item(row: Row, asker: Asker) -> Row:
    patient = {name: row[name] for name in ("given", "family", "birth_on")}
    known = row["given"] is not None
    return row | {"numbered": shown_proposals(row["proposals"], asker), "patient": patient if known else None}


def _require_site(question: Mapping[str, Any], uow: SchedulingUnitOfWork) -> None:
    if question["site_id"]:
        uow.asker.require_site(question["site_id"])
