"""SQL <-> patients and encounters; the unit of work of records."""

from pathlib import Path

from services.records.repository.appointments import AppointmentRepository
from services.records.repository.encounters import EncounterRepository
from services.records.repository.patients import PatientRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class RecordsUnitOfWork(UnitOfWork):
    """One transaction of records."""

    statements = Statements(Path(__file__).parents[1] / "queries.sql")
    patients: PatientRepository
    encounters: EncounterRepository
    appointments: AppointmentRepository

    def open_repositories(self) -> None:
        self.patients = PatientRepository(self)
        self.encounters = EncounterRepository(self)
        self.appointments = AppointmentRepository(self)
