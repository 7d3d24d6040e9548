"""What screens ask of records: dicts, limited to the asker's sites."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.records.domain.patients import search_key
from services.records.repository.patients import patient_of
from shared.cursors import Listed
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]


def patient(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """One patient. Raises NotFound where no site of the asker's sees them."""
    found = _patients(_visible([question["patient_id"]], uow), uow)
    if not found:
        raise NotFound
    return found[0]


def patient_seen(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Whether this patient is one of the asker's. Raises NotFound where no site of the asker's sees them."""
    if not _visible([question["patient_id"]], uow):
        raise NotFound
    return {"patient_id": question["patient_id"]}


def patients_seen(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Which of these patients a site of the asker's sees. Each is audited by itself, as if asked for alone."""
    seen = set(_visible(question["patient_ids"], uow))
    for patient_id in question["patient_ids"]:
        if patient_id in seen:
            uow.audit("patient", "patient", patient_id, patient_id=patient_id)
        else:
            uow.audit_no(NotFound(), {"patient_id": str(patient_id)})
    return {"patient_ids": [each for each in question["patient_ids"] if each in seen]}


def patients(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The patients of the asker's sites, or of one of them, in the order of their family names.

    By the beginning of the family name, by birth date, by a number (E.164), by all of these, or everyone. Raises
    NotFound for a site that is not the asker's.
    """
    if site_id := question.get("site_id"):
        uow.asker.require_site(site_id)
    listed = Listed(question, id="patient_id")
    key = search_key(question["family"]) if question.get("family") else None
    rows = uow.sql.all(
        "patient-page",
        family_from=key,
        family_to=None if key is None else after_prefix(key),
        birth_on=question.get("birth_on"),
        number=question.get("number"),
        sites=[site_id] if site_id else uow.asker.ordered_sites,
        **listed.params,
    )
    found = {one["patient_id"]: one for one in _patients([row["patient_id"] for row in rows], uow)}
    return listed.page([found[row["patient_id"]] for row in rows])


def encounter(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """One encounter. Raises NotFound where it is none of the asker's sites'."""
    row = uow.sql.one("encounter-by-id", encounter_id=question["encounter_id"])
    if row is None or not uow.asker.may_see(row["site_id"]):
        raise NotFound
    return row


def encounters(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """A site's encounters as they began. Raises NotFound for a site that is not the asker's."""
    uow.asker.require_site(question["site_id"])
    listed = Listed(question, at="started_at", id="encounter_id")
    given = {name: question.get(name) for name in ("site_id", "status")}
    return listed.page(uow.sql.all("encounter-page", **given, **listed.params))


def after_prefix(prefix: str) -> str:
    """The end of the range of all texts that begin so, in the order of code points."""
    return prefix + "\U0010ffff"


def _visible(patient_ids: Sequence[UUID], uow: UnitOfWork) -> list[UUID]:
    rows = uow.sql.all("visible-patient-ids", patient_ids=list(patient_ids), sites=uow.asker.ordered_sites)
    return [row["patient_id"] for row in rows]


def _patients(patient_ids: Sequence[UUID], uow: UnitOfWork) -> list[Row]:
    rows = uow.sql.all("patients-by-ids", patient_ids=list(patient_ids), sites=uow.asker.ordered_sites)
    return [{**vars(patient_of(row)), "site_ids": row["site_ids"]} for row in rows]
