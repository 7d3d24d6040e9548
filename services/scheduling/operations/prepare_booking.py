"""Before a newcomer is registered to be booked: is there what the booking names, and is its key free for it?"""

from services.scheduling.domain.commands import PrepareBooking
from services.scheduling.operations.ports import Unit


def prepare_booking(command: PrepareBooking, uow: Unit) -> PrepareBooking:
    """Takes the key that a booking of somebody known would have taken; books nothing.

    Whether the time is free is decided by the booking alone. Raises NotFound (site, type, practitioner).
    """
    with uow:
        uow.places.site(command.site_id)
        uow.places.appointment_type(command.appointment_type_id)
        uow.places.practitioner(command.practitioner_id)
        uow.audit("prepare_booking", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(command)
