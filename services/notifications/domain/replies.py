"""What a patient's reply means. Opting out is understood generously, but only where nothing else was said."""

import re
import unicodedata

STOP = "stop"
START = "start"
CANCEL = "cancel"
OTHER = "other"

# 47 CFR 64.1200(a)(10) lists stop, quit, end, revoke, opt out, cancel and unsubscribe; carriers add STOPALL and ARRET.
# CANCEL stands apart: to a carrier it is an opt-out, to a patient it is often about the visit.
_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "ARRET", "OPTOUT"})
_START_WORDS = frozenset({"START", "UNSTOP"})
_CANCEL_WORDS = frozenset({"CANCEL"})

# Words that change nothing about what was asked for. "Stop by at 3?" has others, so a person reads it.
_FILLERS = frozenset(
    {"PLEASE", "PLS", "THANK", "THANKS", "YOU", "NOW", "ME", "TEXTING", "TEXTS", "MESSAGES", "SENDING", "THESE"}
    | {"MERCI", "SVP"}
)


def meaning_of(body: str) -> str:
    """STOP, START, CANCEL or OTHER; case, accents, spaces and punctuation do not matter."""
    words = [word for word in _words(body) if word not in _FILLERS]
    for meaning, known in ((STOP, _STOP_WORDS), (START, _START_WORDS), (CANCEL, _CANCEL_WORDS)):
        if words and (set(words) <= known or "".join(words) in known):
            return meaning
    return OTHER


def _words(body: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", body)
    kept = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Mn", "Cf"})
    return re.findall(r"\w+", kept.upper().replace("_", " "))
