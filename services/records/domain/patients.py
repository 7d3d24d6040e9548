"""A patient of the network: identity, numbers, consents, coverages."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from services.records.domain.errors import ConsentWithoutNumber, NumberNotOfPatient
from shared.events.records import Consent, Coverage, PatientCondition, Phone

P = TypeVar("P", bound=PatientCondition)

CARE, REMINDERS = "care", "reminders"
PURPOSES = (CARE, REMINDERS, "billing", "outreach")
CHANNELS = ("text", "call")
VERBAL = "verbal"
METHODS = (VERBAL, "written", "online", "reply")


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One person, the same at every site. The lists keep the order in which they were given.

    `language`: a BCP 47 tag of the language to be spoken to in; None where nobody noted it.
    """

    patient_id: UUID
    version: int
    given: str
    family: str
    birth_on: date | None = None
    language: str | None = None
    phones: tuple[Phone, ...] = ()
    consents: tuple[Consent, ...] = ()
    coverages: tuple[Coverage, ...] = ()

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(phone.number for phone in self.phones)

    def told_as(self, event: type[P]) -> P:
        """The patient's whole condition as a fact of that type."""
        return event(**vars(self))

    def renamed(
        self, *, given: str | None = None, family: str | None = None, birth_on: date | None = None
    ) -> "Patient":
        """With what was given; what was not given stays."""
        return replace(
            self, given=given or self.given, family=family or self.family, birth_on=birth_on or self.birth_on
        )

    def speaking(self, language: str | None) -> "Patient":
        """With this language to be spoken to in, or with none."""
        return replace(self, language=language)

    def with_phones(self, phones: Sequence[Phone]) -> "Patient":
        """With these numbers and no others. A consent leaves with its number: who has it next never gave it."""
        unique = tuple({phone.number: phone for phone in phones}.values())
        numbers = {phone.number for phone in unique}
        kept = tuple(consent for consent in self.consents if consent.number in numbers)
        return replace(self, phones=unique, consents=kept)

    def with_consent(self, consent: Consent) -> "Patient":
        """With this consent in the place of the one for the same number, purpose and channel.

        Raises NumberNotOfPatient.
        """
        if consent.number not in self.numbers:
            raise NumberNotOfPatient
        others = tuple(other for other in self.consents if _subject(other) != _subject(consent))
        return replace(self, consents=(*others, consent))

    def with_coverages(self, coverages: Sequence[Coverage]) -> "Patient":
        """With these coverages and no others; the first is billed first."""
        return replace(self, coverages=tuple(coverages))

    def following(self, before: "Patient") -> "Patient":
        """The next version of `before`; where nothing differs, `before` itself."""
        return before if self == before else replace(self, version=before.version + 1)


def _subject(consent: Consent) -> tuple[str, str, str]:
    return consent.number, consent.purpose, consent.channel


def asked_at_registration(
    said: Mapping[str, bool | None], *, number: str | None, at: datetime, by: str
) -> tuple[Consent, ...]:
    """The consents that a registration records, one for each purpose that was asked about (`said`, None: it was not).

    Raises ConsentWithoutNumber.
    """
    asked = {purpose: given for purpose, given in said.items() if given is not None}
    if number is None:
        if not any(asked.values()):
            return ()
        raise ConsentWithoutNumber(errors=[{"field": "phone", "message": "Give the number that the texts may go to."}])
    evidence = f"asked at registration by {by}"
    asked_as = Consent(number=number, purpose="", given=True, at=at, evidence=evidence, method=VERBAL, recorded_by=by)
    return tuple(replace(asked_as, purpose=purpose, given=given) for purpose, given in asked.items())


def search_key(name: str) -> str:
    """A name as it is searched: no accents, no case, single spaces."""
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())
