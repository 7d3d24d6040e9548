"""What may become of an appointment, beside its time. `version` is the caller's If-Match."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ConfirmAppointment:
    """The patient will come; `by` says who said so: patient or staff."""

    appointment_id: UUID
    by: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeclineAppointment:
    """The patient does not want what was proposed."""

    appointment_id: UUID
    reason: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class EnterInError:
    """It should never have been; `reason` stands in its history."""

    appointment_id: UUID
    reason: str
    version: int | None = None
