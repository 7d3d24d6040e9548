"""The patient goes in; and: no, she is still waiting."""

from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import OneAppointment, StartAppointment
from services.scheduling.domain.errors import RoomElsewhere
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def start_appointment(command: StartAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Raises NotFound (appointment, room), RoomElsewhere, Stale, AppointmentNotArrived."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        if command.room_id:
            _require_room(command.room_id, appointment, uow)
        appointment.start(command.room_id, clock.now())
        uow.appointments.change(appointment)
        audit("start_appointment", appointment, uow)
        return uow.commit(appointment)


def undo_start(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Raises NotFound, Stale, AppointmentNotInRoom."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.undo_start()
        uow.appointments.change(appointment)
        audit("undo_start", appointment, uow)
        return uow.commit(appointment)


def _require_room(room_id: UUID, appointment: Appointment, uow: Unit) -> None:
    room = uow.resources.get(room_id)
    if (room.kind, room.site_id) != ("room", appointment.site_id):
        raise RoomElsewhere
