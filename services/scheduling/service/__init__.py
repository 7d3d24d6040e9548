"""What scheduling can be asked and told: entrypoints by the domain's words, one nameko class of them all."""

from services.scheduling import operations
from services.scheduling.repository import SchedulingUnitOfWork
from services.scheduling.service.absences import AbsenceEntrypoints
from services.scheduling.service.appointments import AppointmentEntrypoints
from services.scheduling.service.calendars import CalendarEntrypoints
from services.scheduling.service.clinic_day import ClinicDayEntrypoints
from services.scheduling.service.days import DayEntrypoints
from services.scheduling.service.figures import FigureEntrypoints
from services.scheduling.service.holds import HoldEntrypoints
from services.scheduling.service.hours import HourEntrypoints
from services.scheduling.service.life import LifeEntrypoints
from services.scheduling.service.opening import OpeningEntrypoints
from services.scheduling.service.places import PlaceEntrypoints
from services.scheduling.service.resources import ResourceEntrypoints
from services.scheduling.service.searching import SearchEntrypoints
from services.scheduling.service.series import SeriesEntrypoints
from services.scheduling.service.waitlist import WaitlistEntrypoints
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.notifications import ReplyReceived, TextCondition
from shared.events.records import EncounterCondition, PatientCondition
from shared.messaging.handlers import event_handler


class SchedulingService(
    PlaceEntrypoints,
    ResourceEntrypoints,
    OpeningEntrypoints,
    HourEntrypoints,
    AppointmentEntrypoints,
    LifeEntrypoints,
    ClinicDayEntrypoints,
    AbsenceEntrypoints,
    DayEntrypoints,
    CalendarEntrypoints,
    FigureEntrypoints,
    SeriesEntrypoints,
    WaitlistEntrypoints,
    SearchEntrypoints,
    HoldEntrypoints,
):
    """Sites, practitioners and hours; appointments and the time that they take."""

    name = "scheduling"
    units = Units(SchedulingUnitOfWork)
    clock = BusinessClock()

    @event_handler(PatientCondition)
    def on_patient(self, facts, uow):
        operations.follow_patients(facts, uow, self.clock)

    @event_handler(EncounterCondition)
    def on_encounter(self, facts, uow):
        operations.follow_encounters(facts, uow, self.clock)

    @event_handler(TextCondition)
    def on_text(self, facts, uow):
        operations.follow_texts(facts, uow, self.clock)

    @event_handler(ReplyReceived)
    def on_reply(self, facts, uow):
        operations.follow_replies(facts, uow, self.clock, self.zips)
