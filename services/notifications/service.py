"""What notifications can be asked and told. `work` does the sending (jobs.py)."""

from services.notifications import operations, queries, schemas
from services.notifications.adapters.carrier_words import told_of
from services.notifications.repository import NotificationsUnitOfWork
from shared.calls.entrypoints import command, query
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.records import PatientCondition
from shared.events.scheduling import AppointmentCondition, SiteChanged
from shared.messaging.handlers import event_handler


class NotificationsService:
    """Texts to patients, their replies, and what a person has to do about either."""

    name = "notifications"
    units = Units(NotificationsUnitOfWork)
    clock = BusinessClock()

    @event_handler(AppointmentCondition)
    def on_appointment(self, facts, uow):
        operations.follow_appointments(facts, uow, self.clock)

    @event_handler(PatientCondition)
    def on_patient(self, facts, uow):
        operations.follow_patients(facts, uow, self.clock)

    @event_handler(SiteChanged)
    def on_site(self, facts, uow):
        operations.follow_sites(facts, uow, self.clock)

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)

    @command(schemas.ReceiveReplySchema, schemas.ReplyAnswer, scope="texts:reply")
    def receive_reply(self, command, uow):
        return operations.receive_reply(command, uow, self.clock)

    @command(schemas.ReceiveReceiptSchema, schemas.ReceiptAnswer, scope="texts:reply")
    def receive_receipt(self, command, uow):
        told = told_of(command.carrier_status, command.error_code)
        return operations.receive_receipt(command, told, uow, self.clock)

    @command(schemas.SettleTextSchema, schemas.TextAnswer, scope="tasks:write")
    def settle_text(self, command, uow):
        return operations.settle_text(command, uow, self.clock)

    @command(schemas.CloseTaskSchema, schemas.TaskAnswer, scope="tasks:write")
    def close_task(self, command, uow):
        return operations.close_task(command, uow, self.clock)

    @query(schemas.UnknownTextsQuestion, schemas.UnknownTextsAnswer, scope="texts:read")
    def unknown_texts(self, question, uow):
        return queries.unknown_texts(question, uow)

    @query(schemas.UnknownTextQuestion, schemas.UnknownTextAnswer, scope="tasks:write")
    def unknown_text(self, question, uow):
        return queries.unknown_text(question, uow)

    @query(schemas.SenderQuestion, schemas.SenderAnswer, scope="texts:reply")
    def network_of_sender(self, question, uow):
        return queries.network_of_sender(question, uow)

    @query(schemas.TextsQuestion, schemas.TextsAnswer, scope="texts:read")
    def texts(self, question, uow):
        return queries.texts(question, uow)

    @query(schemas.SandboxQuestion, schemas.SandboxAnswer, scope="texts:read")
    def sandbox_texts(self, question, uow):
        return queries.sandbox_texts(question, uow)

    @query(schemas.TasksQuestion, schemas.TasksAnswer, scope="tasks:read")
    def tasks(self, question, uow):
        return queries.tasks(question, uow)
