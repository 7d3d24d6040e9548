"""Appointments: booked, moved, cancelled, arrived; and lists of them."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class AppointmentEntrypoints:
    """From booking to check-in."""

    clock: BusinessClock

    @command(schemas.PrepareBookingSchema, schemas.PreparedAnswer, scope=WRITE, keys_of="book_appointment")
    def prepare_booking(self, command, uow):
        return operations.prepare_booking(command, uow)

    @command(schemas.BookAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE, ahead=operations.take_practitioners)
    def book_appointment(self, command, uow):
        return operations.book_appointment(command, uow, self.clock)

    @command(schemas.MoveAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def move_appointment(self, command, uow):
        return operations.move_appointment(command, uow, self.clock)

    @command(schemas.CancelAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def cancel_appointment(self, command, uow):
        return operations.cancel_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def reinstate_appointment(self, command, uow):
        return operations.reinstate_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE, ahead=operations.take_appointments)
    def check_in(self, command, uow):
        return operations.check_in(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def undo_check_in(self, command, uow):
        return operations.undo_check_in(command, uow, self.clock)

    @query(schemas.AppointmentQuestion, schemas.AppointmentAnswer, scope=READ)
    def appointment(self, question, uow):
        return uow.appointments.read(question["appointment_id"])

    @query(schemas.AppointmentsQuestion, page_of(schemas.AppointmentAnswer), scope=READ)
    def appointments(self, question, uow):
        return queries.appointments(question, uow)

    @query(schemas.ComingQuestion, page_of(schemas.AppointmentAnswer), scope=READ)
    def coming_appointments(self, question, uow):
        return queries.coming_appointments(question["patient_ids"], question["limit"], self.clock.now(), uow)

    @query(schemas.EncounterQuestion, schemas.PendingAnswer, scope=READ)
    def arrived_encounter(self, question, uow):
        return queries.arrived_encounter(question["encounter_id"], uow)
