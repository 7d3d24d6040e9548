"""What may become of an appointment: proposals, confirmations, who did not come, and what was a mistake."""

from services.scheduling import operations, schemas
from services.scheduling.queries import history
from services.scheduling.service.scopes import READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class LifeEntrypoints:
    """Steps of one appointment, and its history."""

    clock: BusinessClock

    @command(schemas.ProposeAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def propose_appointment(self, command, uow):
        return operations.propose_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def accept_appointment(self, command, uow):
        return operations.accept_appointment(command, uow, self.clock)

    @command(schemas.DeclineAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def decline_appointment(self, command, uow):
        return operations.decline_appointment(command, uow, self.clock)

    @command(schemas.ConfirmAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def confirm_appointment(self, command, uow):
        return operations.confirm_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def unconfirm_appointment(self, command, uow):
        return operations.unconfirm_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def mark_noshow(self, command, uow):
        return operations.mark_noshow(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def undo_noshow(self, command, uow):
        return operations.undo_noshow(command, uow, self.clock)

    @command(schemas.EnterInErrorSchema, schemas.AppointmentAnswer, scope=WRITE)
    def enter_in_error(self, command, uow):
        return operations.enter_in_error(command, uow, self.clock)

    @query(schemas.HistoryQuestion, schemas.HistoryAnswer, scope=READ)
    def appointment_history(self, question, uow):
        return history.appointment_history(question["appointment_id"], uow)
