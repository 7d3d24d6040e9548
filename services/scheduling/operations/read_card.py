"""What an appointment card says: for the patient to take home."""

from typing import Any
from uuid import UUID

from services.scheduling.domain.errors import EnteredInError
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.read_day import shown_at
from shared.clock import Clock


def read_card(appointment_id: UUID, uow: Unit, clock: Clock) -> dict[str, Any]:
    """The appointment's line of the day sheet, and its site. Raises NotFound, EnteredInError."""
    appointment = uow.appointments.read(appointment_id)
    site = uow.places.site(appointment.site_id)
    item = uow.days.item(appointment_id, appointment.site_id, appointment.during)
    if item is None:
        raise EnteredInError({"status": appointment.status, "stage": appointment.stage, "can": []})
    return {"site": site, "appointment": shown_at(item, clock.now())}
