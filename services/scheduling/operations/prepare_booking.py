"""Before a newcomer is registered to be booked: is there what the booking names, and is its key free for it?"""

from services.scheduling.domain.commands import PrepareBooking
from services.scheduling.operations.ports import Unit


def prepare_booking(command: PrepareBooking, uow: Unit) -> PrepareBooking:
    """Takes the key that a booking of somebody known would have taken; books nothing.

    Whether the time is free is decided by the booking alone. Raises NotFound (site, type, practitioner).
    """
    with uow:
        uow.schedules.schedule_to_book(
            command.site_id, command.practitioner_id, command.appointment_type_id, command.start_at
        )
        uow.audit("prepare_booking", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(command)
