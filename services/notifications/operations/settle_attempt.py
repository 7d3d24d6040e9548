"""What became of an attempt: recorded once, and never to something that is known less well."""

from datetime import datetime
from uuid import UUID

from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import NOT_TAKEN, UNKNOWN, Outcome, Text
from services.notifications.operations.opt_out import lock_of, opt_out
from services.notifications.operations.ports import Unit
from services.notifications.operations.put_back import put_back
from services.notifications.operations.tell_text import tell_text
from shared.clock import Clock

_AT_ONCE = 200


def settle_attempt(attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime) -> None:
    """Records what became of an attempt; an outcome that says nothing new changes nothing."""
    if outcome.status == NOT_TAKEN:
        put_back(attempt_id, outcome, uow, clock, real_now)
        return
    if outcome.opted_out:
        _believe_the_opt_out(attempt_id, uow, clock)
    if text := uow.texts.lock_attempt(attempt_id):
        keep_outcome(text, outcome, uow, clock)


def keep_outcome(text: Text, outcome: Outcome, uow: Unit, clock: Clock) -> Text:
    """The locked text with what is known of it now."""
    if not text.may_become(outcome.status):
        return text
    settled = text.settle(outcome, clock.now())
    uow.tasks.close([text.text_id], ABOUT_ITS_FATE, clock.now())
    tell_text(settled, uow, clock)
    return settled


def forget_lost_claims(uow: Unit, clock: Clock, real_now: datetime) -> int:
    """Claims whose process died become `unknown`: no machine sends them again without proof that nobody has them."""
    lost = uow.texts.lost_attempts(real_now, _AT_ONCE)
    for attempt_id in lost:
        settle_attempt(attempt_id, Outcome(status=UNKNOWN, reason="claim-lost"), uow, clock, real_now)
    return len(lost)


def _believe_the_opt_out(attempt_id: UUID, uow: Unit, clock: Clock) -> None:
    """The patient said STOP where only the carrier heard it. Locks as everywhere: number, appointment, text."""
    text = uow.texts.of_attempt(attempt_id)
    if text and text.number:
        uow.lock(lock_of(text.number))
        opt_out(text.number, f"carrier-refusal/{attempt_id}", uow, clock)
