"""Which of a patient's numbers a text goes to, and whether it may."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.domain.texts import NO_CONSENT, NO_PHONE, OPTED_OUT

PURPOSE = "reminders"
_MOBILE = "mobile"
_OLD = "old"  # FHIR R4 contact-point-use: a number that is no longer the patient's


@dataclass(frozen=True, kw_only=True)
class Number:
    """A patient's number and the consent for texts about visits to it; None: nobody ever recorded one."""

    number: str
    use: str
    consented: bool | None


def number_for(numbers: Sequence[Number]) -> Number | None:
    """The number to text: the first with consent, mobiles before others; without any consent the first at all.

    One number only, chosen before opt-outs are looked at: whoever said STOP on it is not texted on another.
    """
    ordered = sorted((it for it in numbers if it.use != _OLD), key=lambda number: number.use != _MOBILE)
    return next((number for number in ordered if number.consented), ordered[0] if ordered else None)


def why_not_reachable(number: Number | None, *, opted_out: bool) -> str | None:
    """Why no text may go to the number, or None. A consent that is not recorded is no consent."""
    if number is None:
        return NO_PHONE
    if opted_out:
        return OPTED_OUT
    return None if number.consented else NO_CONSENT
