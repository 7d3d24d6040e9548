"""A visit that is moved, cancelled or begun, from wherever, is off the reschedule list that it stood on."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.operations.ports import Unit


def leave_list(appointment: Appointment, uow: Unit) -> Reschedule | None:
    """Settles its place on the list by what the visit is now; None where it stands on none.

    Its row is locked last: after the appointment's, and after the resource's lock where the caller has to have it.
    """
    listed = uow.reschedules.open_of(appointment.appointment_id)
    if listed is None:
        return None
    if appointment.status == "cancelled":
        listed.cancel()
    elif appointment.status in ("proposed", "booked"):
        listed.move()
    else:  # here after all, missed, or never a visit: nobody has to find another time
        listed.withdraw()
    uow.reschedules.keep([listed])
    return listed
