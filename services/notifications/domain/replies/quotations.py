"""What of a reply its writer wrote, what in it is a text of ours that came back, and what else is quoted."""

import re
import unicodedata
from dataclasses import dataclass

from services.notifications.domain.asked_answers import PURPOSE

# What a handset sends for a tap on our message: "Liked", and the whole message in quotation marks.
_LIKED = r"LIKED|A AIME|AIME|LE GUSTO|ME GUSTA|ME GUSTO|👍\S*\s*TO|👍\S*\s*A|👍\S*\s*À"
_DISLIKED = r"DISLIKED|NO LE GUSTO|NO ME GUSTA|N A PAS AIME|👎\S*\s*TO"
_OTHERWISE = (
    r"LOVED|LAUGHED AT|EMPHASI[SZ]ED|QUESTIONED|REACTED \S+ TO|REMOVED AN? [\w ]+ FROM|[^\w\s]{1,8}\s+(?:TO|A)"
    r"|LE ENCANTO|SE RIO DE|ENFATIZO|DESTACO|CUESTIONO|A ADORE|A RI (?:DE|A)|A SOULIGNE|A MIS EN DOUTE"
)
_OPENS, _CLOSES = "\"'\u201c\u00ab\u201e\u2018", "\"'\u201d\u00bb\u201c\u2019"
# The typographic apostrophe is a plain one by now.
_CLOSED_BY = {"\u201c": "\u201d", "\u00ab": "\u00bb", "\u201e": "\u201c\u201d", "\u2018": "'", '"': '"', "'": "'"}
_TAPPED = re.compile(rf"^\W*?(?:(?P<no>{_DISLIKED})|(?P<yes>{_LIKED})|{_OTHERWISE})\s*[{_OPENS}](?=.)", re.DOTALL)
# An apostrophe within a word is no quotation mark.
_LONG_QUOTE = re.compile(
    rf"(?<!\w)[{_OPENS}]((?:[^{_OPENS}{_CLOSES}]|(?<=\w)'(?=\w)){{20,}})[{_CLOSES}](?!\w)", re.DOTALL
)
_QUOTED_LINES = re.compile(r"^[ \t]*>+[ \t]?(.*)$", re.MULTILINE)
# Each text of ours says something, and then what STOP is for, as templates have to.
_OPTS_OUT = re.compile(rf"\w[^\S\n]*[.:!,;?\n](?:\W+\w+){{0,12}}?\W+[{_OPENS}]?(?:STOP|ARRET)\b[{_CLOSES}]?{PURPOSE}")
# The same where a handset cut it off, and START. What only asks for it, or says nothing after it, is a patient's.
_OURS = re.compile(
    rf"{_OPTS_OUT.pattern}"
    r"|\w\W+(?:REPLY|RESPOND|ANSWER|TEXT|SEND|TYPE|RESPOND[AE]|CONTESTE|ENVIE|ESCRIBA|MANDE|REPONDEZ|ENVOYEZ|TEXTEZ|TAPEZ)"
    r"(?:\W+\w+){0,3}?\W+(?:STOP|ARRET|START)\b(?=[^\w.!?\n]*\w)"
)
_NAMED = re.compile("STOP|ARRET|START")
# So many marks are tried for the one that closes a text of ours: a reply may hold nothing else but marks.
_MOST_MARKS = 40
_REST_OF_SENTENCE = re.compile(r"[^.\n]*(?:\.|$)", re.MULTILINE)
# What a mail program writes above the message that is answered, with its date; a patient writes "my wife wrote:" too.
_HEADER = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:ORIGINAL MESSAGE|MENSAJE ORIGINAL|MESSAGE D ?'?ORIGINE).*"
    r"|(?:ON|EL|LE) (?=.*\d).{4,80}(?<!\bI) (?:WROTE|ESCRIBIO|A ECRIT) ?:"
    r"|(?:FROM|DE) ?: .*\n(?:SENT|DATE|TO|ENVIADO|ENVOYE|FECHA|PARA|A) ?: .*)",
    re.MULTILINE,
)
# A program's own line holds nothing but such words: "Sent from my car, cannot make it" is a patient's.
_DEVICE = (
    r"MY|THE|AN?|MI|MON|MA|FOR|PARA|POUR|BY|ON|IPHONE|IPAD|IPOD|IOS|APPLE|WATCH|MAC|ANDROID|GALAXY|SAMSUNG|NOTE|PIXEL"
    r"|GOOGLE|MOTOROLA|MOTO|LG|NOKIA|HUAWEI|XIAOMI|REDMI|ONEPLUS|BLACKBERRY|PLUS|PRO|MAX|MINI|ULTRA|SMART|SMARTPHONE"
    r"|PHONE|CELL|CELLPHONE|CELLULAR|MOBILE|TABLET|DEVICE|COMPUTER|LAPTOP|MOVIL|CELULAR|TELEFONO|DISPOSITIVO|PORTABLE"
    r"|TELEPHONE|APPAREIL|VERIZON|AT|T|SPRINT|XFINITY|METRO|METROPCS|BOOST|CRICKET|US|TRACFONE|WIRELESS|NETWORK|LTE|OUTLOOK"
    r"|YAHOO|MAIL|EMAIL|GMAIL|AOL|HOTMAIL|PROTON|PROTONMAIL|ICLOUD|WINDOWS|APP|CORREO|S?\d+\w?"
)
_SIGNATURE = re.compile(
    r"^[ \t]*(?:SENT (?:FROM|VIA|USING|WITH|ON)|GET OUTLOOK|ENVIADO (?:DESDE|DE|CON)"
    r"|ENVOYE (?:DE|DEPUIS|AVEC|A PARTIR DE))"
    rf"(?:[^\w\n]+(?:{_DEVICE})\b)+(?:\s*<\S*>)?[^\w\n]*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Parted:
    """`quote` is the message that came back; `aside`: quoted words that are not ours, so perhaps the patient's."""

    written: str
    quote: str | None = None
    aside: str = ""


def part(text: str) -> Parted:
    """The words of a text of ours are no reply: they hold our "Reply STOP"."""
    upper = capitals(text)
    tapped = _TAPPED.match(upper)
    if tapped is None:
        return _part_mail(text)
    sign = "THUMBSUP" if tapped["yes"] else "THUMBSDOWN" if tapped["no"] else "TAPPED"
    ends = _end_of_quotation(upper, tapped.end(), upper[tapped.end() - 1])
    quote, beside = text[tapped.end() : ends].strip(_CLOSES + " "), _part_mail(text[ends + 1 :])
    aside = beside.aside if is_ours(quote) else f"{quote}\n{beside.aside}"
    return Parted(f"{sign}\n{beside.written}", quote, aside)


def is_ours(quoted: str) -> bool:
    """Whether it is a text of ours that came back. What else is quoted are the patient's own words."""
    return _OURS.search(capitals(quoted)) is not None


def capitals(text: str) -> str:
    """Without accents, sign by sign, so that a place in it is the same place in `text`."""
    return "".join(map(_capital, text))


def _capital(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[:1].upper()
    return bare if len(bare) == 1 else sign


def _end_of_quotation(text: str, start: int, opener: str) -> int:
    """Where the quotation ends that was opened before `start`; the end of the text where nothing closes it."""
    closers, named, tried = _CLOSED_BY[opener], _NAMED.search(text, start), 0
    depth, last = 1, len(text)
    for at in range(start, len(text)):
        if text[at] in closers and not _is_apostrophe(text, at):
            depth, last = depth - 1, at
            if opener not in closers and depth == 0:
                return at
            # Where both marks are the same, the first that makes it ours: "ours" please "STOP".
            if opener in closers and named and named.end() <= at and tried < _MOST_MARKS:
                tried += 1
                if _OURS.search(text, start, at):
                    return at
        elif text[at] == opener:
            depth += 1
    return last


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "'" and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()


def _part_mail(text: str) -> Parted:
    """What mail programs do to a reply: a line below it, the message that is answered after a header or behind `>`."""
    text = _without_signatures(text)
    lines = "\n".join(it[1] for it in _QUOTED_LINES.finditer(text))
    written, earlier = _without_earlier(_QUOTED_LINES.sub(" ", text))
    if not written.strip() and not is_ours(lines):
        written, lines = lines, ""
    quotes = [it[1] for it in _LONG_QUOTE.finditer(written) if is_ours(it[1])]
    written = _LONG_QUOTE.sub(lambda it: " " if is_ours(it[1]) else it[0], written)
    aside = "\n".join(map(_below_ours, (lines, earlier)))
    return Parted(written, " ".join(filter(None, [lines, *quotes])) or None, aside)


def _below_ours(quoted: str) -> str:
    """What stands below a text of ours; all of it where there is none."""
    upper = capitals(quoted)
    whole = list(_OPTS_OUT.finditer(upper))
    if not whole:
        return "" if is_ours(quoted) else quoted
    return quoted[_end_of_sentence(upper, whole[-1].end()) :]


def _end_of_sentence(upper: str, at: int) -> int:
    ends = _REST_OF_SENTENCE.match(upper, at)
    return ends.end() if ends else len(upper)


def _without_signatures(text: str) -> str:
    for found in reversed(list(_SIGNATURE.finditer(capitals(text)))):
        text = text[: found.start()] + text[found.end() :]
    return text


def _without_earlier(text: str) -> tuple[str, str]:
    """What was written, also below a message of ours that came back unmarked; and that message."""
    upper = capitals(text)
    header = _HEADER.search(upper)
    if header is None:
        return text, ""
    ours = list(_OPTS_OUT.finditer(upper, header.end())) or list(_OURS.finditer(upper, header.end()))
    below = _end_of_sentence(upper, ours[-1].end()) if ours else len(text)
    return text[: header.start()] + "\n" + text[below:], text[header.end() : below]
