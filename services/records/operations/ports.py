"""What operations need of the outside: the unit of work with its repositories, as protocols."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from services.records.domain.arrivals import KnownAppointment
from services.records.domain.encounters import Encounter
from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient
from shared.unit import UnitBase


class Patients(Protocol):
    """Patients of the network."""

    def take(self, patient_id: UUID, version: int | None = None) -> Patient:
        """Locked. Raises NotFound where no site of the asker's sees them, Stale for another version."""
        ...

    def take_ahead(self, patient_ids: Collection[UUID]) -> None:
        """Locks these in the order of their ids; each `take` that follows finds its patient read."""
        ...

    def hold_versions(self, patient_ids: Collection[UUID]) -> None:
        """Reads ahead what `version_of` gives, in the order of the ids."""
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

    def take_ahead(self, encounter_ids: Collection[UUID]) -> list[UUID]:
        """Locks these in the order of their ids, for the `take`s that follow; gives the patients of those there are."""
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


class Unit(UnitBase, Protocol):
    """One transaction of records. Repositories are read-only members."""

    @property
    def patients(self) -> Patients: ...
    @property
    def encounters(self) -> Encounters: ...
    @property
    def appointments(self) -> Appointments: ...
