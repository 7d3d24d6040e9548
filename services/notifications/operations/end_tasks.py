"""Tasks whose cause is gone end by themselves."""

from services.notifications.operations.ports import Unit
from shared.clock import Clock


def end_tasks(uow: Unit, clock: Clock) -> None:
    """What an event or a settled text ends it ends at once; here is found what crossed with another on the way."""
    with uow:
        uow.tasks.end(clock.now())
        uow.commit()
