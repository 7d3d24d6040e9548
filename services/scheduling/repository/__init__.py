"""SQL <-> domain. The service's unit of work opens one repository an aggregate."""

from pathlib import Path

from services.scheduling.repository.absences import AbsenceRepository
from services.scheduling.repository.appointments import AppointmentRepository
from services.scheduling.repository.calendars import CalendarRepository
from services.scheduling.repository.copies import CopyRepository
from services.scheduling.repository.days import DayRepository
from services.scheduling.repository.free_time import FreeTimeRepository
from services.scheduling.repository.held_time import HeldTimeRepository
from services.scheduling.repository.holds import HoldRepository
from services.scheduling.repository.opening import OpeningRepository
from services.scheduling.repository.places import PlaceRepository
from services.scheduling.repository.reschedules import RescheduleRepository
from services.scheduling.repository.resources import ResourceRepository
from services.scheduling.repository.schedules import ScheduleRepository
from services.scheduling.repository.searching import SearchRepository
from services.scheduling.repository.series import SeriesRepository
from services.scheduling.repository.waitlist import WaitlistRepository
from services.scheduling.repository.waitlist_offers import WaitlistOfferRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class SchedulingUnitOfWork(UnitOfWork):
    """One transaction of scheduling."""

    statements = Statements(Path(__file__).parents[1] / "queries")

    def open_repositories(self) -> None:
        self.places = PlaceRepository(self)
        self.resources = ResourceRepository(self)
        self.opening = OpeningRepository(self)
        self.schedules = ScheduleRepository(self)
        self.appointments = AppointmentRepository(self)
        self.absences = AbsenceRepository(self)
        self.reschedules = RescheduleRepository(self)
        self.holds = HoldRepository(self)
        self.days = DayRepository(self)
        self.free_time = FreeTimeRepository(self)
        self.searches = SearchRepository(self)
        self.copies = CopyRepository(self)
        self.calendars = CalendarRepository(self)
        self.series = SeriesRepository(self)
        self.held_times = HeldTimeRepository(self)
        self.waitlist = WaitlistRepository(self)
        self.waitlist_offers = WaitlistOfferRepository(self)
