"""A reply without what does not matter: case, accents, punctuation, decoration, and the message that it quotes."""

import re
import unicodedata
from dataclasses import dataclass

from services.notifications.domain.replies.disguises import spelled_out, undisguised, without_zeros
from services.notifications.domain.replies.quotations import part
from services.notifications.domain.replies.spelling import MARK

_SIGNS = {
    **dict.fromkeys("👍✅✔☑", "THUMBSUP"),
    **dict.fromkeys("👎❌🚫✖✕✗✘⛔🙅", "THUMBSDOWN"),
    **dict.fromkeys("🤷🤔🤨❎", "SHRUG"),
    **dict.fromkeys("🛑", "STOPSIGN"),
    **dict.fromkeys("👌🆗", "OK"),
    **dict.fromkeys("❓❔", "?"),
}
# Letters with something between them, as in "S.T.O.P." and "S T O P".
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-*_]{1,2}){2,}[^\W\d_](?![^\W_])")
_ELIDED = re.compile(r"\b(C|D|J|L|M|N|QU|S|T)'(?=\w)")
# A sign beside a number makes it another: "1%", "-1" and "€1" are no 1.
_TOKEN = re.compile(
    r"[-\u2212+$€£¥¢#<≤≥~=≠]*\d+(?:[.,:/]\d+)*[%‰°$€£¥¢+]?|[^\W\d_]+|[%‰]|(?P<ends>[.!?;:,\n()/\"¿¡]|\s-+\s)"
)


@dataclass(frozen=True)
class Clause:
    """Words between two marks; `asks`: the second mark is one of a question."""

    words: tuple[str, ...]
    asks: bool

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Plain:
    """What the patient wrote, in capitals without accents, and the message that came back with it."""

    clauses: tuple[Clause, ...]
    quote: str | None
    aside: tuple[Clause, ...] = ()
    """Clauses of a quotation that is not ours: a STOP in them is one, nothing else in them is anything."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def marked_words(self) -> tuple[str, ...]:
        """The words, with a mark where a clause ends: "no, problem. yes" does not say "no problem"."""
        return tuple(word for clause in self.clauses for word in (*clause.words, MARK))

    @property
    def asks(self) -> bool:
        """Whether anything in it is a question."""
        return any(clause.asks for clause in self.clauses)


def plain(body: str) -> Plain:
    """Reads the reply. The words of a quoted message are kept apart: they are ours, and hold our "Reply STOP"."""
    text = unicodedata.normalize("NFKC", body).replace("\u2019", "'").replace("`", "'").replace("\r", "\n")
    parted = part(text)
    return Plain(clauses=_clauses(parted.written), quote=parted.quote, aside=_clauses(parted.aside))


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", "".join(f" {_SIGNS[it]} " if it in _SIGNS else it for it in text))
    kept = "".join(sign for sign in parts if unicodedata.category(sign) not in {"Mn", "Me", "Cf"}).upper()
    joined = _SPELLED.sub(lambda found: spelled_out(re.sub(r"[\W_]", "", found[0])), without_zeros(kept))
    return _ELIDED.sub(r"\1 ", joined).replace("'", "").replace("_", " ")


def _clauses(text: str) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    words: list[str] = []
    for token in _TOKEN.finditer(f"{_bare(text)}\n"):
        if token["ends"] is None:
            words += undisguised(token[0])
            continue
        if words or (token[0] == "?" and not clauses):
            clauses.append(Clause(words=tuple(words), asks=token[0] == "?"))
            words = []
        elif token[0] == "?":
            clauses[-1] = Clause(words=clauses[-1].words, asks=True)
    return tuple(clauses)
