"""One audit entry for a change of one appointment."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.operations.ports import Unit


def audit(action: str, appointment: Appointment, uow: Unit) -> None:
    """Says who did `action` to the appointment, where, and to whose."""
    uow.audit(
        action,
        "appointment",
        appointment.appointment_id,
        site_id=appointment.site_id,
        patient_id=appointment.patient_id,
    )
