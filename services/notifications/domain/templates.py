"""What a network says on an occasion, in a language, at all of its sites or at one. Each save is a version."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.errors import NoSuchVersion, NothingInForce
from services.notifications.domain.occasions import OCCASIONS, REMINDER, REMINDER_OF_SEVERAL
from services.notifications.domain.wording import Facts, Words, filled, fitted, words_built_in
from shared.languages import DEFAULT_LANGUAGE, broader

LONGEST_BODY = 1000
MOST_SEGMENTS = 10


@dataclass(frozen=True, kw_only=True)
class TextingPolicy:
    """How a network words its texts. `version` 0: nothing was set yet."""

    default_language: str = DEFAULT_LANGUAGE
    most_segments: int = 2
    first_names: bool = False
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Template:
    """One place of a network's wording; `site_id` None: all sites. `body` is what was saved last.

    `saved` counts what was saved; `in_force` is the one of them that is sent, None where the template rests.
    """

    template_id: UUID
    site_id: UUID | None
    occasion: str
    language: str
    body: str
    saved_at: datetime
    saved_by: str
    created_at: datetime
    saved: int = 1
    in_force: int | None = None
    version: int = 1

    @property
    def purpose(self) -> str:
        return OCCASIONS[self.occasion]

    def save(self, body: str, by: str, now: datetime) -> "Template":
        """With new words, kept beside all earlier ones; what is in force stays so until these are activated."""
        return replace(self, body=body, saved_by=by, saved_at=now, saved=self.saved + 1, version=self.version + 1)

    def activate(self, number: int | None) -> "Template":
        """With the words of that number in force, the last ones where None is named. Raises NoSuchVersion."""
        chosen = self.saved if number is None else number
        if not 1 <= chosen <= self.saved:
            raise NoSuchVersion({"saved": self.saved})
        return self if chosen == self.in_force else replace(self, in_force=chosen, version=self.version + 1)

    def withdraw(self) -> "Template":
        """With none of its words in force: what it stood in front of is sent again. Raises NothingInForce."""
        if self.in_force is None:
            raise NothingInForce
        return replace(self, in_force=None, version=self.version + 1)


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The words of a template that are sent now."""

    template_id: UUID
    template_version: int
    site_id: UUID | None
    occasion: str
    language: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text, and whose words it is in."""

    words: Words
    text: str


class Wording:
    """What is said on each occasion at each site, by all that is in force in a network."""

    def __init__(self, in_force: Iterable[InForce], policy: TextingPolicy) -> None:
        self.policy = policy
        self._known = {(each.site_id, each.occasion, each.language): each for each in in_force}

    def said(self, site_id: UUID, occasion: str, language: str | None, facts: Facts) -> Said:
        """The first choice that fits into the network's segments; where none does, our own words whole."""
        told = facts if self.policy.first_names else facts.without_names()
        for words in self.choices(site_id, occasion, language):
            if text := fitted(words, told, self.policy.most_segments):
                return Said(words=words, text=text)
        return Said(words=words, text=filled(words, told))

    def for_several(self, site_id: UUID, language: str | None) -> Words | None:
        """How several visits are reminded of in one text; None where that would be in another language than that of a
        single one, or in our words instead of the network's own."""
        single = next(self.choices(site_id, REMINDER, language))
        several = next(self.choices(site_id, REMINDER_OF_SEVERAL, language))
        is_like_it = several.language == single.language and (several.template_id or single.template_id is None)
        return several if is_like_it else None

    def choices(self, site_id: UUID, occasion: str, language: str | None) -> Iterator[Words]:
        """The words to send, the best first: in the patient's language the site's own and the network's, in the
        network's language the site's and the network's, and ours, of which there always are some. What she can read
        counts for more than whose words they are."""
        spoken = [tag for spoken in (language, self.policy.default_language) if spoken for tag in broader(spoken)]
        for tag in spoken:
            for place in (site_id, None):
                if found := self._known.get((place, occasion, tag)):
                    yield _words(found)
        yield words_built_in(occasion, *spoken)


def _words(found: InForce) -> Words:
    return Words(
        body=found.body,
        language=found.language,
        template_id=found.template_id,
        template_version=found.template_version,
    )
