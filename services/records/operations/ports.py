"""What operations need of the outside: the unit of work with its repositories."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from services.records.domain.arrivals import KnownAppointment
from services.records.domain.encounters import Encounter
from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient
from shared.asker import Asker
from shared.events.base import Condition
from shared.events.envelope import Event

T = TypeVar("T")


class Patients(Protocol):
    """Patients of the network."""

    def take(self, patient_id: UUID, version: int | None = None) -> Patient:
        """Locked. Raises NotFound where no site of the asker's sees them, Stale for another version."""
        ...

    def version_of(self, patient_id: UUID) -> int:
        """It stays so until the transaction ends."""
        ...

    def candidates(self, identifiers: Identifiers) -> list[Patient]:
        """Patients of any site whom one of the identifiers fits."""
        ...

    def add(self, patient: Patient, site_id: UUID) -> None: ...
    def save(self, patient: Patient) -> None: ...
    def see_from(self, pairs: Iterable[tuple[UUID, UUID]]) -> None:
        """Each (patient, site): the site sees the patient from now on."""
        ...


class Encounters(Protocol):
    """Encounters of the network."""

    def take(self, encounter_id: UUID) -> Encounter:
        """Locked. Raises NotFound where it is none of the asker's sites'."""
        ...

    def of_appointments(self, appointment_ids: Sequence[UUID]) -> Mapping[UUID, list[Encounter]]:
        """Every encounter of these appointments, locked."""
        ...

    def add(self, encounters: Sequence[Encounter]) -> None: ...
    def save(self, encounters: Sequence[Encounter]) -> None: ...


class Appointments(Protocol):
    """Copies of appointments."""

    def of(self, appointment_ids: Sequence[UUID]) -> Mapping[UUID, KnownAppointment]: ...
    def save(self, appointments: Sequence[KnownAppointment]) -> None: ...


class Unit(Protocol):
    """The service's unit of work, as operations see it."""

    asker: Asker
    action: str

    @property
    def patients(self) -> Patients: ...
    @property
    def encounters(self) -> Encounters: ...
    @property
    def appointments(self) -> Appointments: ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def lock(self, *names: str) -> None: ...
    def open_network(self, name: str) -> bool: ...
    def record(self, condition: Condition, caused_by: Event[Any] | None = None) -> None: ...
    def audit(self, action: str, object_type: str, object_id: object, **more: Any) -> None: ...
    def commit(self, answer: T = ...) -> T: ...
