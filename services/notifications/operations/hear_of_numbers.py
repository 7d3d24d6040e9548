"""What a carrier says of a number itself: whoever has it said STOP, no text reaches it, or one has."""

from collections.abc import Sequence

from services.notifications.domain.free_texts import FreeText
from services.notifications.domain.number_failures import failure_of, is_for_good
from services.notifications.domain.texts import DELIVERED, Outcome, Text
from services.notifications.operations.gateway import Told
from services.notifications.operations.opt_out import lock_of, opt_out
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def speaks_of_its_number(said: Outcome | Told) -> bool:
    """Whether more follows from it than for the text."""
    return said.opted_out or is_for_good(said.reason)


def hear_of_number(number: str | None, said: Outcome | Told, evidence: str, uow: Unit, clock: Clock) -> None:
    """Before any other lock: the number's, where something is said of it. A STOP that only the carrier heard is
    believed."""
    if number is None or not speaks_of_its_number(said):
        return
    uow.lock(lock_of(number))
    if said.opted_out:
        opt_out(number, evidence, uow, clock)


def keep_what_they_say_of_numbers(settled: Sequence[Text | FreeText], uow: Unit, clock: Clock) -> None:
    """After all locks: that no text reaches the numbers of these texts, or that one has."""
    now = clock.now()
    said = [failure_of(text.number, text.status, text.reason, text.claimed_at, now) for text in settled]
    uow.numbers.keep_failures([failure for failure in said if failure])
    uow.numbers.forget_failures([text.number for text in settled if text.number and text.status == DELIVERED])
