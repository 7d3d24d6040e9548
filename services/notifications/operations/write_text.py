"""Somebody at a site writes to a patient, in her own words."""

from datetime import datetime

from services.notifications.domain.commands import WriteText
from services.notifications.domain.errors import NotToBeTexted
from services.notifications.domain.free_texts import FreeText, TextTried, require_possible
from services.notifications.operations.conversations import require_number
from services.notifications.operations.may_text import verdict_on_words
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id


def preview_text(command: WriteText, uow: Unit, clock: Clock) -> TextTried:
    """How long it would be, and what speaks against sending it. Raises NotFound, ImpossibleText, NumberNotOfPatient."""
    uow.asker.require_patients_seen()
    number = require_number(command.conversation_id, command.site_id, uow)
    length = require_possible(command.body)
    verdict = verdict_on_words(command.patient_id, command.site_id, number, clock.now(), uow, clock.now())
    return TextTried(length=length, why_not=verdict.reason)


def write_text(command: WriteText, uow: Unit, clock: Clock) -> FreeText:
    """Due when this commits, or when quiet hours are over.

    Consent, STOP, whose number it is and quiet hours are looked at here and again by its claim.
    Raises NotFound (conversation, site, patient), NumberNotOfPatient, ImpossibleText, NotToBeTexted.
    """
    with uow:
        uow.asker.require_patients_seen()
        number = require_number(command.conversation_id, command.site_id, uow)
        length = require_possible(command.body)
        uow.lock(lock_of(number))
        verdict = verdict_on_words(command.patient_id, command.site_id, number, clock.now(), uow, clock.now())
        if verdict.reason:
            raise NotToBeTexted({"why_not": verdict.reason})
        text = _text(command, number, verdict.until or clock.now(), uow, clock)
        uow.free_texts.add(text)
        uow.conversations.open(text.number, text.site_id, clock.now())
        uow.leave_work()
        ids = {"site_id": text.site_id, "patient_id": text.patient_id, "detail": {"segments": length.segments}}
        uow.audit("write_text", "conversation", text.conversation_id, **ids)
        return uow.commit(text)


def _text(command: WriteText, number: str, due_at: datetime, uow: Unit, clock: Clock) -> FreeText:
    return FreeText(
        **vars(command),
        free_text_id=new_id(),
        number=number,
        written_by=uow.asker.actor_id,
        written_at=clock.now(),
        due_at=due_at,
    )
