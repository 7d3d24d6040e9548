"""What was said with patients, both ways."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.notifications.domain.occasions import CARE
from services.notifications.domain.reach import OLD, Number, why_not_reachable
from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.cursors import Listed
from shared.database.session import Row
from shared.errors import NotFound

_OF_A_NUMBER = ("number", "use", "consented", "wrong", "failure")


def conversations(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Those of a site, no numbers and no words; without a site those that no site can be told for.

    Raises NotFound for another's site, and for those of no site where the asker does not see all sites.
    """
    site_id = question["site_id"]
    if site_id is not None:
        uow.asker.require_site(site_id)
    elif uow.asker.sites is not None:
        raise NotFound
    of = {"site_id": site_id, "unread": question["state"] == "unread"}
    return page(question, uow, "conversations-of-site", "last_at", "conversation_id", **of)


def conversation(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One with its number, the patients of it whom the asker's sites know, and what may be sent quickly. Raises
    NotFound."""
    parts = _parts(question["conversation_id"], uow)
    number = parts[0]["number"]
    patients = uow.sql.all("patients-of-number", **_seen(uow), number=number)
    opted_out = bool(uow.opt_outs.opted_out([number]))
    _audited("conversation", question, patients, uow)
    return {
        "conversation_id": question["conversation_id"],
        "number": number,
        "opted_out": opted_out,
        "sites": parts,
        "patients": [_told(row, number, opted_out=opted_out) for row in patients],
        "quick_replies": uow.sql.all("all-quick-replies", network_id=uow.network_id),
    }


def said(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """What was said in a conversation at the asker's sites, in order. Raises NotFound."""
    number = _parts(question["conversation_id"], uow)[0]["number"]
    _audited("said", question, uow.sql.all("patients-of-number", **_seen(uow), number=number), uow)
    listed = Listed(question, at="at", place="place", id="id")
    return listed.page(uow.sql.all("said-in-conversation", **_seen(uow), number=number, **listed.params))


def quick_replies(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """The network's."""
    return page(question, uow, "quick-replies", "created_at", "quick_reply_id")


def _audited(action: str, question: Mapping[str, Any], patients: Sequence[Row], uow: NotificationsUnitOfWork) -> None:
    """Each of them was seen: the audit of one person has to say so."""
    for row in patients:
        uow.audit(action, "conversation", question["conversation_id"], patient_id=row["patient_id"])


def _parts(conversation_id: UUID, uow: NotificationsUnitOfWork) -> list[Row]:
    rows = uow.sql.all("parts-of-conversation", **_seen(uow), conversation_id=conversation_id)
    if not rows:
        raise NotFound
    return rows


def _seen(uow: NotificationsUnitOfWork) -> Row:
    return {"network_id": uow.network_id, "site_ids": uow.asker.ordered_sites}


def _told(row: Row, number: str, *, opted_out: bool) -> Row:
    theirs = {**row, "number": number}
    known = Number(**{name: theirs[name] for name in _OF_A_NUMBER}, purposes=frozenset(row["purposes"]))
    why_not = why_not_reachable(None if known.use == OLD else known, CARE, opted_out=opted_out)
    return {"patient_id": row["patient_id"], "given": row["given"], "why_not": why_not}
