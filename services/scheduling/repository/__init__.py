"""SQL <-> domain. The service's unit of work opens one repository an aggregate."""

from pathlib import Path

from services.scheduling.repository.appointments import AppointmentRepository
from services.scheduling.repository.copies import CopyRepository
from services.scheduling.repository.days import DayRepository
from services.scheduling.repository.places import PlaceRepository
from services.scheduling.repository.schedules import ScheduleRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class SchedulingUnitOfWork(UnitOfWork):
    """One transaction of scheduling."""

    statements = Statements(Path(__file__).parent.with_name("queries.sql"))

    def open_repositories(self) -> None:
        self.places = PlaceRepository(self)
        self.schedules = ScheduleRepository(self)
        self.appointments = AppointmentRepository(self)
        self.days = DayRepository(self)
        self.copies = CopyRepository(self)
