"""The words of a text: a template's, filled with the few things that may be told. Never reason, practitioner or
specialty: there are no names for them.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.asks import RESCHEDULE_PROPOSAL, WAITLIST_OFFER
from services.notifications.domain.builtin_words import built_in
from services.notifications.domain.occasions import REMINDER_OF_SEVERAL
from services.notifications.domain.segments import is_gsm, length_of
from services.notifications.domain.sites import SiteCopy
from shared.languages import day, hour
from shared.templating import render

# What a template may name; of the optional ones there is not always a value.
OPTIONAL = frozenset({"first_name", "site_phone", "place_name"})
NAMES = frozenset({"network_name", "site_name", "date", "time", "first_name", "site_phone"})
# And on these occasions besides: until when an offer can be answered; the time at which a visit cannot take place, and
# where the other one is that is proposed for it, if it is at another site.
_BESIDES = {
    WAITLIST_OFFER: frozenset({"until_date", "until_time"}),
    RESCHEDULE_PROPOSAL: frozenset({"old_date", "old_time", "place_name"}),
}
# Who names one of several times leaves the others out.
_OF_SEVERAL = NAMES - {"time"} | {"times"}

# A name of a site or a person is cut to this where the text would be too long; a shorter one says nothing.
_SHORTEST_NAME = 12

# Typographic signs that would turn the whole text into UCS-2, where one segment holds 70 characters.
_PLAIN = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})
# The point of "a.m." ends the sentence too.
_AFTER_AN_HOUR = re.compile(r"(?<=[ap]\.m\.)\.(?!\.)")


@dataclass(frozen=True, kw_only=True)
class VisitTold:
    """One of several visits of a day that a text tells of. `name`: whose, where several patients come."""

    start_at: datetime
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a text can tell. `first_name` is None where the network does not allow it, or nobody knows it.

    `until`: when what is offered ends. `instead_of`: the time, at the site, that cannot be kept; `place`: where the
    other one is, None: at the site too. `visits`: all that it tells of, in their order, where there are several.
    """

    site: SiteCopy
    network_name: str
    start_at: datetime
    first_name: str | None = None
    until: datetime | None = None
    instead_of: datetime | None = None
    place: SiteCopy | None = None
    visits: Sequence[VisitTold] = ()

    def without_names(self) -> "Facts":
        """Where nobody's name may be said."""
        return replace(self, first_name=None, visits=[replace(it, name=None) for it in self.visits])


def names_of(occasion: str) -> frozenset[str]:
    """What a template for that occasion may name."""
    if occasion == REMINDER_OF_SEVERAL:
        return _OF_SEVERAL
    return NAMES | _BESIDES.get(occasion, frozenset())


@dataclass(frozen=True, kw_only=True)
class Words:
    """Whose words they are: a version of a template, or the built-in ones (None)."""

    body: str
    language: str
    template_id: UUID | None = None
    template_version: int | None = None


def words_built_in(occasion: str, *languages: str) -> Words:
    """Ours, in the first of these languages that we have them in."""
    body, language = built_in(occasion, *languages)
    return Words(body=body, language=language)


def fitted(words: Words, facts: Facts, most_segments: int) -> str | None:
    """The text in at most so many segments, names cut where they are too long; None where even that is not enough.

    Our own words take one segment wherever cutting a name can make it one.
    """
    if words.template_id is None and most_segments > 1 and (text := fitted(words, facts, 1)):
        return text
    whole = _longest_name(facts)
    text = filled(words, facts, whole)
    if length_of(text).segments <= most_segments:
        return text
    cuts = range(_SHORTEST_NAME, whole)
    fitting = bisect_right(cuts, most_segments, key=lambda cut: length_of(filled(words, facts, cut)).segments)
    return filled(words, facts, cuts[fitting - 1]) if fitting else None


def filled(words: Words, facts: Facts, longest_name: int = _SHORTEST_NAME) -> str:
    """The words with their values, names cut to so many signs."""
    zone, language = (facts.place or facts.site).zone, words.language
    values = {
        "network_name": name_shown(facts.network_name, longest_name),
        "site_name": name_shown(facts.site.name, longest_name),
        "site_phone": _gsm(facts.site.phone or ""),
        "first_name": name_shown(facts.first_name or "", longest_name),
        "date": _gsm(day(facts.start_at, zone, language)),
        "time": _gsm(hour(facts.start_at, zone, language)),
    }
    if facts.until:
        values |= {"until_date": _gsm(day(facts.until, zone, language))}
        values |= {"until_time": _gsm(hour(facts.until, zone, language))}
    if facts.instead_of:
        values |= {"old_date": _gsm(day(facts.instead_of, facts.site.zone, language))}
        values |= {"old_time": _gsm(hour(facts.instead_of, facts.site.zone, language))}
        values |= {"place_name": _shortened(_gsm(facts.place.name), longest_name) if facts.place else ""}
    if facts.visits:
        values |= {"times": _times(facts.visits, zone, language, longest_name)}
    return _AFTER_AN_HOUR.sub("", render(words.body, values))


def _times(visits: Sequence[VisitTold], zone: str, language: str, longest_name: int) -> str:
    """`9:00 AM (Ana), 9:30 AM (Ben)`; where no name may be said, how many of them begin together: `2 x 9:00 AM`."""
    hours = [_gsm(hour(it.start_at, zone, language)) for it in visits]
    if any(it.name for it in visits):
        names = [name_shown(it.name or "", longest_name) for it in visits]
        return ", ".join(f"{at} ({name})" if name else at for at, name in zip(hours, names, strict=True))
    return ", ".join(f"{times} x {at}" if times > 1 else at for at, times in Counter(hours).items())


def name_shown(name: str, longest: int) -> str:
    """A name as texts show it: in signs that take least room where it can be, cut to so many."""
    return _shortened(_gsm(name), longest)


def digest(body: str) -> str:
    """By which a text is known again at the carrier, where its words are kept nowhere here."""
    return hashlib.sha256(body.encode()).hexdigest()


def _longest_name(facts: Facts) -> int:
    place_name = facts.place.name if facts.place else ""
    names = (facts.site.name, facts.network_name, facts.first_name, place_name, *(it.name for it in facts.visits))
    return max(len(name or "") for name in names)


def _gsm(name: str) -> str:
    """The name without accents that GSM lacks; letters of other alphabets stay."""
    plain = " ".join(name.split()).translate(_PLAIN)
    if is_gsm(plain):
        return plain
    return "".join(sign if is_gsm(sign) else _without_accent(sign) for sign in plain)


def _without_accent(sign: str) -> str:
    base = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return base if is_gsm(base) else sign


def _shortened(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 3].rstrip() + "..."
