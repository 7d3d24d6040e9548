"""The words of a text: site, local date and time, how to stop. Never reason, practitioner or specialty.

No text says the word that carriers read as an opt-out and patients as "cancel my visit".
"""

import hashlib
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifications.domain.visits import BOOKED, CANCELLED, RESCHEDULED

SEGMENT = 160
_OPT_OUT = "Reply STOP to opt out."
_SENTENCES = {
    BOOKED: "you have an appointment on {when}.",
    RESCHEDULED: "your appointment is now on {when}.",
    CANCELLED: "your appointment on {when} will not take place.",
}

# GSM 03.38, the characters of one septet.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

# Typographic signs that would turn the whole text into UCS-2, where one segment holds 70 characters.
_PLAIN = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def body_of(kind: str, site_name: str, zone: str, start_at: datetime) -> str:
    """The text's body; one segment of 160 GSM characters unless the site's name is of another alphabet."""
    told = f"{_SENTENCES[kind].format(when=_when(start_at, zone))} {_OPT_OUT}"
    return f"{_shortened(_gsm(site_name), SEGMENT - len(told) - 2)}: {told}"


def digest(body: str) -> str:
    """By which a text is known again at the carrier, where its words are kept nowhere here."""
    return hashlib.sha256(body.encode()).hexdigest()


def is_gsm(body: str) -> bool:
    """Whether every character is one septet, so that 160 of them fit into one segment."""
    return set(body) <= _GSM


def _when(start_at: datetime, zone: str) -> str:
    local = start_at.astimezone(ZoneInfo(zone))
    hour = local.hour % 12 or 12
    return f"{local:%a, %b} {local.day}, {local.year} at {hour}:{local:%M} {'PM' if local.hour >= 12 else 'AM'}"


def _gsm(name: str) -> str:
    """The name without accents that GSM lacks; letters of other alphabets stay."""
    return "".join(sign if sign in _GSM else _without_accent(sign) for sign in " ".join(name.split()).translate(_PLAIN))


def _without_accent(sign: str) -> str:
    base = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return base if is_gsm(base) else sign


def _shortened(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 3].rstrip() + "..."
