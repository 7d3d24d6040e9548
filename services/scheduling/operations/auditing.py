"""One audit entry for a change of one appointment."""

from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.operations.ports import Unit


def audit(action: str, appointment: Appointment, uow: Unit, *, site_id: UUID | None = None) -> None:
    """Says who did `action` to the appointment, where (at its site, or at one that it has left), and to whose."""
    uow.audit(
        action,
        "appointment",
        appointment.appointment_id,
        site_id=site_id or appointment.site_id,
        patient_id=appointment.patient_id,
    )
