"""The facts that records tells."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number in E.164 and what it is used as: mobile, home, work."""

    number: str
    use: str


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Whether texts (or calls: `channel`) for `purpose` may go to `number`, since when and by what evidence.

    `method` is how it was given or withdrawn: verbal, written, online, reply; None where nobody noted it.
    """

    number: str
    purpose: str
    given: bool
    at: datetime
    evidence: str
    channel: str = "text"
    method: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Who pays. Without a member id no claim can be sent."""

    coverage_id: UUID
    payer_id: str | None
    payer_name: str
    member_id: str | None


@dataclass(frozen=True, kw_only=True)
class PatientCondition(Condition):
    """A patient of the network. The lists are always whole: an empty one means none.

    `language`: the one to be spoken to in, a BCP 47 tag (FHIR R4 Patient.communication, the preferred one); None
    where nobody noted it, and in events from before it was asked.
    """

    source = "records"
    aggregate = "patient"
    subject_field = "patient_id"

    patient_id: UUID
    given: str
    family: str
    birth_on: date | None
    phones: tuple[Phone, ...]
    consents: tuple[Consent, ...]
    coverages: tuple[Coverage, ...]
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class PatientRegistered(PatientCondition):
    """A patient became known to the network."""

    type = "patient-registered"


@dataclass(frozen=True, kw_only=True)
class PatientUpdated(PatientCondition):
    """Name, birth date, language or phones changed."""

    type = "patient-updated"


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(PatientCondition):
    """A consent was given or withdrawn."""

    type = "consent-changed"


@dataclass(frozen=True, kw_only=True)
class CoverageUpdated(PatientCondition):
    """Who pays has changed."""

    type = "coverage-updated"


@dataclass(frozen=True, kw_only=True)
class Coding:
    """A code and the system that it is of (FHIR R4 Coding)."""

    system: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """What was done, how often, and for which diagnoses (1-based positions).

    `amount_cents` is the price of the whole line where whoever finished the visit stated it; None: by the fee schedule.
    """

    system: str
    code: str
    units: int
    diagnosis_pointers: tuple[int, ...]
    amount_cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class EncounterCondition(Condition):
    """What happened at a visit. `status` is FHIR R4: in-progress, finished, entered-in-error.

    `patient_version` is the patient's version when the encounter was finished: who pays is read
    from that condition, so that a coverage that changes later changes no bill, in any order of arrival.
    """

    source = "records"
    aggregate = "encounter"
    subject_field = "encounter_id"

    encounter_id: UUID
    appointment_id: UUID
    arrival_id: UUID
    patient_id: UUID
    site_id: UUID
    practitioner_id: UUID
    status: str
    started_at: datetime
    finished_at: datetime | None
    diagnoses: tuple[Coding, ...]
    procedures: tuple[Procedure, ...]
    patient_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class EncounterOpened(EncounterCondition):
    """A check-in opened the encounter."""

    type = "encounter-opened"


@dataclass(frozen=True, kw_only=True)
class EncounterVoided(EncounterCondition):
    """The check-in was undone: the encounter did not happen."""

    type = "encounter-voided"


@dataclass(frozen=True, kw_only=True)
class EncounterFinished(EncounterCondition):
    """The visit is over and coded; this is final."""

    type = "encounter-finished"
