"""What a test of conversations does at the desk of notifications, and what it sees there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from fix_notifications import NOW, Desk, patient_with

from services.notifications import queries
from services.notifications.domain.commands import (
    OpenConversation,
    WriteText,
)
from services.notifications.operations import (
    FreeTextRun,
    open_conversation,
    write_text,
)
from shared.events.records import Consent
from shared.events.scheduling import SiteChanged
from shared.ids import new_id
from tests.integration.notifications.test_responses import Carrier

NUMBER = "+12025550100"
WORDS = "Bring the grey folder"


def patient(desk: Desk, *purposes: str, number: str = NUMBER) -> UUID:
    """Somebody who agreed to texts for these purposes."""
    known = patient_with(number)
    consents = tuple(Consent(number=number, purpose=it, given=True, at=NOW, evidence="asked") for it in purposes)
    desk.hear(replace(known, consents=consents))
    return known.patient_id


def other_site(desk: Desk) -> UUID:
    site_id = new_id()
    desk.hear(SiteChanged(site_id=site_id, version=1, name="South Clinic", zone="America/New_York", phone=None))
    return site_id


def texted_at(desk: Desk, site_id: UUID, patient_id: UUID) -> Any:
    visit = desk.visit(patient_id, site_id=site_id)
    desk.hear(visit)
    desk.clock.instant += timedelta(minutes=1)
    assert desk.send() == 1
    return visit


def listed(desk: Desk, site_id: UUID | None, *sites: UUID, state: str = "all") -> list[Any]:
    with desk.at(*sites) as uow:
        found: list[Any] = queries.conversations({"site_id": site_id, "state": state}, uow)["items"]
        return found


def one(desk: Desk, conversation_id: UUID, *sites: UUID) -> Any:
    with desk.at(*sites) as uow:
        return queries.conversation({"conversation_id": conversation_id}, uow)


def said(desk: Desk, conversation_id: UUID, *sites: UUID, **more: Any) -> list[Any]:
    with desk.at(*sites) as uow:
        found: list[Any] = queries.said({"conversation_id": conversation_id, **more}, uow)["items"]
        return found


def begun(desk: Desk, patient_id: UUID) -> UUID:
    command = OpenConversation(site_id=desk.site_id, patient_id=patient_id)
    found: UUID = open_conversation(command, desk.at(desk.site_id), desk.clock).conversation_id
    return found


def write(desk: Desk, conversation_id: UUID, patient_id: UUID, body: str = WORDS) -> Any:
    command = WriteText(conversation_id=conversation_id, site_id=desk.site_id, patient_id=patient_id, body=body)
    return write_text(command, desk.at(desk.site_id), desk.clock)


def send(desk: Desk, carrier: Any = None) -> list[str]:
    """One run; gives the words that went out."""
    used = carrier or Carrier()
    trouble = lambda _id, error: desk.troubles.append(error)  # noqa: E731
    FreeTextRun(desk.worker_units, used, desk.clock, desk.real_time, trouble).send(desk.network_id)
    return [it.body for it in getattr(used, "had", [])]


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [
        (row["status"], row["reason"])
        for row in desk.rows("SELECT status, reason FROM free_texts ORDER BY status, reason")
    ]
