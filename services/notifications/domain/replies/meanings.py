"""What a reply can mean."""

from dataclasses import dataclass

STOP = "stop"
START = "start"
HELP = "help"
CANCEL = "cancel"
CONFIRM = "confirm"
DECLINE = "decline"
RESCHEDULE = "reschedule"
WRONG_NUMBER = "wrong-number"
DOUBT = "doubt"
OTHER = "other"

MEANINGS = (STOP, START, HELP, CANCEL, CONFIRM, DECLINE, RESCHEDULE, WRONG_NUMBER, DOUBT, OTHER)


@dataclass(frozen=True, kw_only=True)
class Understood:
    """`language` (en, es, fr) is that of the words; `number` the digit that the whole reply is, where it is one.

    `more`: something else was said too, which a person should read. `adds_nothing`: thanks, "ok", a sign: where
    nothing was asked, nothing is to be done. `quote` is the message that came back with the reply.
    """

    meaning: str
    language: str = "en"
    number: int | None = None
    more: bool = False
    adds_nothing: bool = False
    quote: str | None = None
