"""What records can be told to do; the schemas load into these."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from services.records.domain.identifiers import Identifiers
from shared.events.records import Coding, Phone, Procedure


class Stays(Enum):
    """Says that something stays as it is where None says that there is none of it any more."""

    STAYS = "stays"


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """A network is a customer; opening it again changes nothing."""

    network_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class NewCoverage:
    """Who pays. With `coverage_id` it is one that the patient has already."""

    payer_name: str
    payer_id: str | None = None
    member_id: str | None = None
    coverage_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterPatient:
    """A name is enough; `phone` is E.164. `texting_consent` is to texts about visits, `care_texting_consent` to those
    about care; None where nobody asked. `language`: a BCP 47 tag."""

    site_id: UUID
    given: str
    family: str
    birth_on: date | None = None
    language: str | None = None
    phone: str | None = None
    texting_consent: bool | None = None
    care_texting_consent: bool | None = None
    coverage: NewCoverage | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePatient:
    """What is None stays, but that a `language` of None is no language; `phones` replaces the whole list."""

    patient_id: UUID
    version: int | None = None
    given: str | None = None
    family: str | None = None
    birth_on: date | None = None
    language: str | Stays | None = Stays.STAYS
    phones: tuple[Phone, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordConsent:
    """Given or withdrawn for one number, purpose and channel; `method` says how, `evidence` how it is known."""

    patient_id: UUID
    number: str
    purpose: str
    given: bool
    evidence: str
    channel: str = "text"
    method: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetCoverages:
    """Replaces the whole list; the first is billed first."""

    patient_id: UUID
    coverages: tuple[NewCoverage, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OpenPatient:
    """Makes another site's patient known at `site_id`."""

    site_id: UUID
    identifiers: Identifiers


@dataclass(frozen=True, kw_only=True)
class FinishEncounter:
    """Codes the visit and closes it for good."""

    encounter_id: UUID
    diagnoses: tuple[Coding, ...]
    procedures: tuple[Procedure, ...]
    version: int | None = None
