"""The clinic day: who walks in, goes in, is done, and is kept waiting."""

from services.scheduling import operations, schemas
from services.scheduling.service.scopes import READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class ClinicDayEntrypoints:
    """Steps of today, and the appointment card."""

    clock: BusinessClock

    @command(schemas.PrepareWalkInSchema, schemas.PreparedAnswer, scope=WRITE, keys_of="book_walk_in")
    def prepare_walk_in(self, command, uow):
        return operations.prepare_walk_in(command, uow, self.clock)

    @command(schemas.BookWalkInSchema, schemas.AppointmentAnswer, scope=WRITE)
    def book_walk_in(self, command, uow):
        return operations.book_walk_in(command, uow, self.clock)

    @command(schemas.StartAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def start_appointment(self, command, uow):
        return operations.start_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def undo_start(self, command, uow):
        return operations.undo_start(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def finish_appointment(self, command, uow):
        return operations.finish_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def undo_finish(self, command, uow):
        return operations.undo_finish(command, uow, self.clock)

    @command(schemas.RunLateSchema, schemas.RunLateAnswer, scope=WRITE)
    def run_late(self, command, uow):
        return operations.run_late(command, uow, self.clock)

    @query(schemas.CardQuestion, schemas.CardAnswer, scope=READ)
    def appointment_card(self, question, uow):
        return operations.read_card(question["appointment_id"], uow, self.clock)
