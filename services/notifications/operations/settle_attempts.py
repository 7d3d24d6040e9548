"""What became of attempts: recorded once, and never to something that is known less well."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.free_texts import FreeText
from services.notifications.domain.number_failures import failure_of, is_for_good
from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import CLAIMED, DELIVERED, NOT_TAKEN, Outcome, Text
from services.notifications.operations.opt_out import lock_of, opt_out
from services.notifications.operations.ports import Unit
from services.notifications.operations.put_back import put_back
from services.notifications.operations.tell_texts import tell_texts
from shared.clock import Clock


def goes_with_others(outcome: Outcome) -> bool:
    """Whether `settle_attempts` may record it: it needs no lock but its text's."""
    return outcome.status != NOT_TAKEN and not outcome.opted_out and not is_for_good(outcome.reason)


def settle_attempts(outcomes: Mapping[UUID, Outcome], uow: Unit, clock: Clock) -> None:
    """Records what became of attempts (by id) that go with others; what says nothing new changes nothing."""
    texts = uow.texts.lock_attempts(list(outcomes)) if outcomes else []
    keep_outcomes([(text, outcomes[text.attempt_id]) for text in texts if text.attempt_id], uow, clock)


def settle_attempt(
    attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime, *, for_another: bool = False
) -> None:
    """The same for any outcome of one attempt. `for_another`: what was not taken goes to another carrier at once."""
    if outcome.status == NOT_TAKEN:
        put_back(attempt_id, outcome, uow, clock, real_now, for_another=for_another)
        return
    if not goes_with_others(outcome):
        _lock_number_of(attempt_id, outcome, uow, clock)
    settle_attempts({attempt_id: outcome}, uow, clock)


def keep_outcomes(known: Sequence[tuple[Text, Outcome]], uow: Unit, clock: Clock) -> list[Text]:
    """The locked texts with what is known of them now; gives those of which it was news."""
    news = [(text, outcome) for text, outcome in known if text.may_become(outcome.status)]
    settled = [text.settle(outcome, clock.now()) for text, outcome in news]
    # A claimed text has no task about its fate: whatever made it due again has ended it.
    uow.tasks.close([text.text_id for text, _ in news if text.status != CLAIMED], ABOUT_ITS_FATE, clock.now())
    tell_texts(settled, uow, clock)
    keep_what_it_says_of_numbers(settled, uow, clock)
    return settled


def keep_what_it_says_of_numbers(settled: Sequence[Text | FreeText], uow: Unit, clock: Clock) -> None:
    """That no text reaches a number, or that one has. Written after all locks; whoever records a failure for good holds
    the number's."""
    now = clock.now()
    said = [failure_of(text.number, text.status, text.reason, text.claimed_at, now) for text in settled]
    uow.numbers.keep_failures([failure for failure in said if failure])
    uow.numbers.forget_failures([text.number for text in settled if text.number and text.status == DELIVERED])


def _lock_number_of(attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock) -> None:
    """Locks as everywhere: number, appointment, text. Where the patient said STOP and only the carrier heard it, it is
    believed."""
    text = uow.texts.of_attempt(attempt_id)
    if text and text.number:
        uow.lock(lock_of(text.number))
        if outcome.opted_out:
            opt_out(text.number, f"carrier-refusal/{attempt_id}", uow, clock)
