"""A reply without what does not matter: case, accents, punctuation, decoration, and the message that it quotes."""

import re
import unicodedata
from dataclasses import dataclass

# What a handset sends for a tap on our message: "Liked", and the whole message in quotation marks.
_LIKED = r"LIKED|A AIME|AIME|LE GUSTO|ME GUSTA|ME GUSTO|👍\S*\s*TO|👍\S*\s*A|👍\S*\s*À"
_DISLIKED = r"DISLIKED|NO LE GUSTO|NO ME GUSTA|N A PAS AIME|👎\S*\s*TO"
_OTHERWISE = (
    r"LOVED|LAUGHED AT|EMPHASI[SZ]ED|QUESTIONED|REACTED \S+ TO|REMOVED AN? [\w ]+ FROM|[^\w\s]{1,8}\s+(?:TO|A)"
    r"|LE ENCANTO|SE RIO DE|ENFATIZO|DESTACO|CUESTIONO|A ADORE|A RI (?:DE|A)|A SOULIGNE|A MIS EN DOUTE"
)
_OPENS, _CLOSES = "\"'\u201c\u00ab\u201e\u2018", "\"'\u201d\u00bb\u201c\u2019"
_TAPPED = re.compile(
    rf"^\W*?(?:(?P<no>{_DISLIKED})|(?P<yes>{_LIKED})|{_OTHERWISE})\s*"
    rf"[{_OPENS}](?P<quote>.+)[{_CLOSES}]?\s*$",
    re.DOTALL,
)
# An apostrophe within a word is no quotation mark.
_LONG_QUOTE = re.compile(
    rf"(?<!\w)[{_OPENS}]((?:[^{_OPENS}{_CLOSES}]|(?<=\w)'(?=\w)){{20,}})[{_CLOSES}](?!\w)", re.DOTALL
)
_QUOTED_LINES = re.compile(r"^[ \t]*>+[ \t]?(.*)$", re.MULTILINE)
# Each text of ours says something, and then what to answer. What only asks for it is a patient's.
_OURS = re.compile(
    r"\w\W+(?:REPLY|RESPOND|ANSWER|TEXT|SEND|TYPE|RESPOND[AE]|CONTESTE|ENVIE|ESCRIBA|MANDE|REPONDEZ|ENVOYEZ|TEXTEZ|TAPEZ)"
    r"(?:\W+\w+){0,3}?\W+(?:STOP|ARRET|START)\b"
)
# Everything from here on was written before: by us, or by a program.
_EARLIER = re.compile(
    r"^(?:-{2,}\s*(?:ORIGINAL MESSAGE|MENSAJE ORIGINAL|MESSAGE D ?'?ORIGINE)|ON .{4,80} WROTE:|EL .{4,80} ESCRIBIO:"
    r"|LE .{4,80} A ECRIT ?:|(?:SENT|GET OUTLOOK) FROM MY \w+|SENT FROM |ENVIADO DESDE |ENVOYE (?:DE|DEPUIS) ).*",
    re.MULTILINE | re.DOTALL,
)

_SIGNS = {
    **dict.fromkeys("👍✅✔☑", "THUMBSUP"),
    **dict.fromkeys("👎❌🚫✖", "THUMBSDOWN"),
    **dict.fromkeys("🛑", "STOPSIGN"),
    **dict.fromkeys("👌🆗", "OK"),
    **dict.fromkeys("❓❔", "?"),
}
# Letters with something between them, as in "S.T.O.P." and "S T O P".
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-*_]{1,2}){2,}[^\W\d_](?![^\W_])")
# Whoever leans on a key means the word: "YESSSS" is "YESS".
_STRETCHED = re.compile(r"([A-Z])\1{2,}")
_ELIDED = re.compile(r"\b(C|D|J|L|M|N|QU|S|T)'(?=\w)")
_TOKEN = re.compile(r"[-+$#]?\d+(?:[.,:/]\d+)*|[^\W\d_]+|(?P<ends>[.!?;:,\n()/\"¿¡]|\s-+\s)")


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

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def asks(self) -> bool:
        """Whether anything in it is a question."""
        return any(clause.asks for clause in self.clauses)


def plain(body: str) -> Plain:
    """Reads the reply. The words of a quoted message are kept apart: they are ours, and hold our "Reply STOP"."""
    text = unicodedata.normalize("NFKC", body).replace("\u2019", "'").replace("`", "'").replace("\r", "\n")
    written, quote = _apart(text)
    return Plain(clauses=tuple(_clauses(_bare(written))), quote=quote)


def _apart(text: str) -> tuple[str, str | None]:
    # Capitals and accents are taken away sign by sign, so that a place in `upper` is the same place in `text`.
    upper = "".join(_upper(sign) for sign in text)
    if tapped := _TAPPED.match(upper):
        word = "THUMBSUP" if tapped["yes"] else "THUMBSDOWN" if tapped["no"] else "TAPPED"
        return word, text[tapped.start("quote") : tapped.end("quote")].rstrip(_CLOSES + " ").lstrip()
    if earlier := _EARLIER.search(upper):
        text = text[: earlier.start()]
    lines = "\n".join(it[1] for it in _QUOTED_LINES.finditer(text))
    beside = _QUOTED_LINES.sub(" ", text)
    text = beside if beside.strip() or _is_ours(lines) else lines
    quotes = [it[1] for it in _LONG_QUOTE.finditer(text) if _is_ours(it[1])]
    written = _LONG_QUOTE.sub(lambda it: " " if _is_ours(it[1]) else it[0], text)
    return written, " ".join([*([lines] if text is beside and lines else []), *quotes]) or None


def _is_ours(quoted: str) -> bool:
    """Whether it is a text of ours that came back. What else is quoted are the patient's own words."""
    return _OURS.search("".join(_upper(sign) for sign in quoted)) is not None


def _upper(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[:1].upper()
    return bare if len(bare) == 1 else sign


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", "".join(f" {_SIGNS[it]} " if it in _SIGNS else it for it in text))
    kept = "".join(sign for sign in parts if unicodedata.category(sign) not in {"Mn", "Me", "Cf"}).upper()
    joined = _SPELLED.sub(lambda found: re.sub(r"[\W_]", "", found[0]), kept.replace("ST0P", "STOP"))
    return _ELIDED.sub(r"\1 ", joined).replace("'", "").replace("_", " ")


def _clauses(text: str) -> list[Clause]:
    clauses: list[Clause] = []
    words: list[str] = []
    for token in _TOKEN.finditer(f"{text}\n"):
        if token["ends"] is None:
            words.append(_STRETCHED.sub(r"\1\1", token[0]))
            continue
        if words or (token[0] == "?" and not clauses):
            clauses.append(Clause(words=tuple(words), asks=token[0] == "?"))
            words = []
        elif token[0] == "?":
            clauses[-1] = Clause(words=clauses[-1].words, asks=True)
    return clauses
