"""What became of attempts: recorded once, and never to something that is known less well."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import CLAIMED, NOT_TAKEN, Outcome, Text
from services.notifications.operations.hear_of_numbers import (
    hear_of_number,
    keep_what_they_say_of_numbers,
    speaks_of_its_number,
)
from services.notifications.operations.ports import Unit
from services.notifications.operations.put_back import put_back
from services.notifications.operations.tell_texts import tell_texts
from shared.clock import Clock


def goes_with_others(outcome: Outcome) -> bool:
    """Whether `settle_attempts` may record it: it needs no lock but its text's."""
    return outcome.status != NOT_TAKEN and not speaks_of_its_number(outcome)


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
    if not goes_with_others(outcome) and (texts := uow.texts.of_attempt(attempt_id)):
        hear_of_number(texts[0].number, outcome, f"carrier-refusal/{attempt_id}", uow, clock)
    settle_attempts({attempt_id: outcome}, uow, clock)


def keep_outcomes(known: Sequence[tuple[Text, Outcome]], uow: Unit, clock: Clock) -> list[Text]:
    """The locked texts with what is known of them now; gives those of which it was news."""
    news = [(text, outcome) for text, outcome in known if text.may_become(outcome.status)]
    settled = [text.settle(outcome, clock.now()) for text, outcome in news]
    # A claimed text has no task about its fate: whatever made it due again has ended it.
    uow.tasks.close([text.text_id for text, _ in news if text.status != CLAIMED], ABOUT_ITS_FATE, clock.now())
    tell_texts(settled, uow, clock)
    keep_what_they_say_of_numbers(settled, uow, clock)
    return settled
