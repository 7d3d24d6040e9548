"""Who waits and what was offered, as far as the asker's sites go."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.scheduling.domain.waitlist import WaitlistEntry
from services.scheduling.repository.waitlist import entry_of, require_one_of
from services.scheduling.repository.waitlist_offers import offer_of
from shared.cursors import Listed
from shared.database.session import Row
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound


def waitlist(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """In the order of the line. Raises NotFound for a site that is not the asker's."""
    listed = Listed(question, priority="priority", since="waiting_since", id="entry_id")
    filters = {name: question[name] for name in ("site_id", "patient_id", "state")}
    del listed.params["backwards"]  # the line has one order
    page = listed.page(uow.sql.all("waitlist-page", **_whose(question, uow), **filters, **listed.params))
    return page | {"items": [entry_of(row).seen_by(uow.asker.sites) for row in page["items"]]}


def waitlist_entry(entry_id: UUID, uow: UnitOfWork) -> WaitlistEntry:
    """Raises NotFound, also where none of its sites is the asker's."""
    row = uow.sql.one("waitlist-entry", network_id=uow.network_id, entry_id=entry_id)
    if row is None:
        raise NotFound
    require_one_of(uow.asker.sites, row["site_ids"])
    return entry_of(row).seen_by(uow.asker.sites)


def waitlist_offers(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    """By the time when they were made. Raises NotFound for a site that is not the asker's."""
    listed = Listed(question, at="offered_at", id="offer_id")
    filters = {name: question[name] for name in ("site_id", "entry_id", "state")}
    page = listed.page(uow.sql.all("waitlist-offer-page", **_whose(question, uow), **filters, **listed.params))
    return page | {"items": [offer_of(row) for row in page["items"]]}


def _whose(question: Mapping[str, Any], uow: UnitOfWork) -> Row:
    if question["site_id"]:
        uow.asker.require_site(question["site_id"])
    return {"network_id": uow.network_id, "site_ids": uow.asker.ordered_sites}
