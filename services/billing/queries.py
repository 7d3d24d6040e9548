"""What screens and programs ask of billing: dicts, limited to the asker's sites."""

from collections.abc import Mapping
from typing import Any

from shared.cursors import DEFAULT_LIMIT, Listed
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]


def fees(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The fee schedule by system and code; it is the network's, not a site's."""
    listed = Listed(question, system="system", code="code")
    return listed.page(uow.sql.all("fee-page", system=question.get("system"), **listed.params))


def charges(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Charges of a site or of an encounter, as they were captured."""
    return _page_of("charge-page", question, uow, "captured_at", "charge_id", "site_id", "encounter_id")


def claims(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Claims by site, status or encounter, as they were created."""
    names = ("site_id", "encounter_id", "status", "claim_id")
    return _page_of("claim-page", question, uow, "created_at", "claim_id", *names)


def claim(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """One claim. Raises NotFound where it is none of the asker's sites'."""
    found = claims(question, uow)["items"]
    if not found:
        raise NotFound
    return dict(found[0])


def claim_feed(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """Rows after a sequence number, oldest first; `next` is where to go on, None at the end for now."""
    limit = int(question.get("limit") or DEFAULT_LIMIT)
    rows = uow.sql.all("feed-page", after=question["after"], sites=uow.asker.ordered_sites, limit=limit + 1)
    kept = rows[:limit]
    return {"items": kept, "next": str(kept[-1]["sequence"]) if len(rows) > limit else None}


def tasks(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """The open tasks of a site, oldest first. Raises NotFound for a site that is not the asker's."""
    uow.asker.require_site(question["site_id"])
    listed = Listed(question, at="opened_at", id="task_id")
    return listed.page(uow.sql.all("open-task-page", site_id=question["site_id"], **listed.params))


def _page_of(name: str, question: Mapping[str, Any], uow: UnitOfWork, at: str, key: str, *filters: str) -> Row:
    listed = Listed(question, at=at, id=key)
    given = {each: question.get(each) for each in filters}
    return listed.page(uow.sql.all(name, sites=uow.asker.ordered_sites, **listed.params, **given))
