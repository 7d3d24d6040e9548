"""What notifications can be asked and told. `work` does the sending (jobs.py)."""

from services.notifications import operations, schemas
from services.notifications.repository import NotificationsUnitOfWork
from services.notifications.service.carriers import CarrierEntrypoints
from services.notifications.service.conversations import ConversationEntrypoints
from services.notifications.service.figures import FigureEntrypoints
from services.notifications.service.limits import LimitEntrypoints
from services.notifications.service.numbers import NumberEntrypoints
from services.notifications.service.runs import RunEntrypoints
from services.notifications.service.tasks import TaskEntrypoints
from services.notifications.service.templates import TemplateEntrypoints
from services.notifications.service.texts import TextEntrypoints
from shared.calls.entrypoints import command
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.records import PatientCondition
from shared.events.rescheduling import RescheduleCondition
from shared.events.scheduling import AppointmentCondition, SiteChanged, WaitlistOfferCondition
from shared.messaging.handlers import event_handler


class NotificationsService(
    CarrierEntrypoints,
    ConversationEntrypoints,
    FigureEntrypoints,
    LimitEntrypoints,
    NumberEntrypoints,
    RunEntrypoints,
    TaskEntrypoints,
    TemplateEntrypoints,
    TextEntrypoints,
):
    """Texts to patients, their replies, and what a person has to do about either."""

    name = "notifications"
    units = Units(NotificationsUnitOfWork)
    clock = BusinessClock()

    @event_handler(AppointmentCondition)
    def on_appointment(self, facts, uow):
        operations.follow_appointments(facts, uow, self.clock)

    @event_handler(WaitlistOfferCondition)
    def on_waitlist_offer(self, facts, uow):
        operations.follow_waitlist_offers(facts, uow, self.clock)

    @event_handler(RescheduleCondition)
    def on_reschedule(self, facts, uow):
        operations.follow_reschedules(facts, uow, self.clock)

    @event_handler(PatientCondition)
    def on_patient(self, facts, uow):
        operations.follow_patients(facts, uow, self.clock)

    @event_handler(SiteChanged)
    def on_site(self, facts, uow):
        operations.follow_sites(facts, uow, self.clock)

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)
