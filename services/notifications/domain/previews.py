"""What a template would say, with sample data: every way in which its conditions can fall out, and how long each is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from services.notifications.domain.asked_answers import why_not_to_be_asked
from services.notifications.domain.errors import ImpossibleTemplate
from services.notifications.domain.groups import MOST_TOGETHER
from services.notifications.domain.segments import Length, length_of
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.templates import TextingPolicy
from services.notifications.domain.visits import BOOKED
from services.notifications.domain.wording import OPTIONAL, Facts, VisitTold, Words, filled, names_of
from shared.templating import BadTemplate, require_names

# A day and an hour that are long in every language, and a name longer than most.
_START = datetime(2026, 9, 23, 22, 30, tzinfo=UTC)
_UNTIL = datetime(2026, 9, 23, 21, 45, tzinfo=UTC)
_FIRST_NAME = "Maximiliana"
_PHONE = "+12025550123"
_WHOLE = 10_000


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One text that the template would make; `given` are the optional names that had a value."""

    text: str
    given: tuple[str, ...]
    length: Length


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All of them, the longest first, and how many segments the network allows."""

    samples: Sequence[Sample]
    most_segments: int

    @property
    def longest(self) -> Sample:
        return self.samples[0]


def preview(words: Words, site: SiteCopy, network_name: str, policy: TextingPolicy, occasion: str = BOOKED) -> Preview:
    """Raises ImpossibleTemplate, naming the field and what to do, for words that may not be saved."""
    names = names_of(occasion)
    try:
        require_names(words.body, names - _withheld(policy), OPTIONAL)
    except BadTemplate as error:
        raise _impossible(str(error)) from None
    samples = sorted(
        _samples(words, site, network_name, names, policy),
        key=lambda sample: (sample.length.segments, sample.length.units),
        reverse=True,
    )
    for sample in samples:
        _require_sendable(sample, policy)
    return Preview(samples=samples, most_segments=policy.most_segments)


def _withheld(policy: TextingPolicy) -> frozenset[str]:
    return frozenset() if policy.first_names else frozenset({"first_name"})


def _samples(
    words: Words, site: SiteCopy, network_name: str, names: frozenset[str], policy: TextingPolicy
) -> Iterator[Sample]:
    """Each text once, though several ways may lead to it."""
    seen = set[str]()
    for first_name, phone, place in product((_FIRST_NAME, None), (site.phone or _PHONE, None), (site, None)):
        facts = Facts(
            site=SiteCopy(name=site.name, zone=site.zone, phone=phone),
            network_name=network_name,
            start_at=_START,
            first_name=first_name,
            until=_UNTIL,
            instead_of=_UNTIL,
            place=place,
            visits=_visits(first_name if policy.first_names else None),
        )
        text = filled(words, facts, _WHOLE)
        optional = (("first_name", first_name), ("site_phone", phone), ("place_name", place))
        given = tuple(name for name, value in optional if value and name in names)
        if text not in seen:
            seen.add(text)
            yield Sample(text=text, given=given, length=length_of(text))


def _visits(first_name: str | None) -> list[VisitTold]:
    """As many as there can be, each at an hour of its own."""
    return [
        VisitTold(start_at=_START + timedelta(minutes=5 * place), name=first_name) for place in range(MOST_TOGETHER)
    ]


def _require_sendable(sample: Sample, policy: TextingPolicy) -> None:
    if not sample.text.strip():
        raise _impossible("It says nothing.")
    if reason := why_not_to_be_asked(sample.text):
        raise _impossible(reason)
    if sample.length.segments > policy.most_segments:
        raise _impossible(
            f"It takes {sample.length.segments} segments of {sample.length.encoding}; the network allows"
            f" {policy.most_segments}."
        )


def _impossible(message: str) -> ImpossibleTemplate:
    return ImpossibleTemplate(errors=[{"field": "body", "message": message}])
