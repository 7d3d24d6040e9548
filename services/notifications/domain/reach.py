"""Which of a patient's numbers a text goes to, and whether it may."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.domain.texts import (
    NO_CONSENT,
    NO_PHONE,
    NUMBER_INVALID,
    NUMBER_NOT_FOR_TEXTS,
    OPTED_OUT,
    WRONG_NUMBER,
)
from shared.phones import INVALID, TEXTABLE, type_of

CHANNEL = "text"
_MOBILE = "mobile"
OLD = "old"  # FHIR R4 contact-point-use: a number that is no longer the patient's


@dataclass(frozen=True, kw_only=True)
class Number:
    """A patient's number, the `purposes` for which texts to it are agreed to, and what was said of reminders
    (`consented`; None: nobody ever recorded anything).

    `wrong`: somebody has said that it is not the patient's. `failure`: why no text reaches it, by a
    carrier's word; None: none has said so.
    """

    number: str
    use: str
    consented: bool | None
    purposes: frozenset[str]
    wrong: bool = False
    failure: str | None = None

    @property
    def takes_texts(self) -> bool:
        """Whether anything that is texted to it can reach the patient."""
        return not self.wrong and self.failure is None and type_of(self.number) in TEXTABLE


def number_for(numbers: Sequence[Number], purpose: str) -> Number | None:
    """The number to text for that purpose: the first with consent to it that takes texts, mobiles before others.

    Without any such number the first with consent, or the first at all: it says why nothing is sent.
    One number only, chosen before opt-outs are looked at: whoever said STOP on it is not texted on another.
    """
    ordered = sorted((it for it in numbers if it.use != OLD), key=lambda number: number.use != _MOBILE)
    consented = [number for number in ordered if purpose in number.purposes]
    texted = [number for number in consented if number.takes_texts]
    return next(iter(texted or consented or ordered), None)


def why_not_reachable(number: Number | None, purpose: str, *, opted_out: bool) -> str | None:
    """Why no text may go to the number, or None. A consent that is not recorded is no consent."""
    if number is None:
        return NO_PHONE
    if opted_out:
        return OPTED_OUT
    if number.wrong:
        return WRONG_NUMBER
    return _why_not_texted(number) if purpose in number.purposes else NO_CONSENT


def _why_not_texted(number: Number) -> str | None:
    if number.failure:
        return number.failure
    kind = type_of(number.number)
    if kind == INVALID:
        return NUMBER_INVALID
    return None if kind in TEXTABLE else NUMBER_NOT_FOR_TEXTS
