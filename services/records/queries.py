"""What screens ask of records: dicts, limited to the asker's sites."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.records.domain.patients import search_key
from services.records.repository.patients import patient_of
from shared.cursors import from_cursor, page
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]

_DEFAULT_LIMIT = 50


def patient(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """One patient. Raises NotFound where no site of the asker's sees them."""
    found = _patients(_visible([question["patient_id"]], uow), uow)
    if not found:
        raise NotFound
    return found[0]


def callers(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The patients of the asker's sites who have this number (E.164)."""
    rows = uow.sql.all("ids-with-number", number=question["number"])
    return {"items": _patients(_visible([row["patient_id"] for row in rows], uow), uow), "next": None}


def patients(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The asker's sites' patients by family name: by its beginning, by birth date, or all; paged."""
    limit = question.get("limit") or _DEFAULT_LIMIT
    (after,) = from_cursor(question.get("cursor"), 1)
    key = search_key(question["family"]) if question.get("family") else None
    rows = uow.sql.all(
        "patient-page",
        family_from=key,
        family_to=None if key is None else after_prefix(key),
        birth_on=question.get("birth_on"),
        after=after,
        sites=uow.asker.ordered_sites,
        limit=limit + 1,
    )
    return page(_patients([row["patient_id"] for row in rows], uow), limit, "patient_id")


def encounter(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """One encounter. Raises NotFound where it is none of the asker's sites'."""
    row = uow.sql.one("encounter-by-id", encounter_id=question["encounter_id"])
    if row is None or not uow.asker.may_see(row["site_id"]):
        raise NotFound
    return row


def after_prefix(prefix: str) -> str:
    """The end of the range of all texts that begin so, in the order of code points."""
    return prefix + "\U0010ffff"


def _visible(patient_ids: Sequence[UUID], uow: UnitOfWork) -> list[UUID]:
    rows = uow.sql.all("visible-patient-ids", patient_ids=list(patient_ids), sites=uow.asker.ordered_sites)
    return [row["patient_id"] for row in rows]


def _patients(patient_ids: Sequence[UUID], uow: UnitOfWork) -> list[Row]:
    rows = uow.sql.all("patients-by-ids", patient_ids=list(patient_ids), sites=uow.asker.ordered_sites)
    return [{**vars(patient_of(row)), "site_ids": row["site_ids"]} for row in rows]
