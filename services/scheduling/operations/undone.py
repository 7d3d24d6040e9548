"""A step among others of one transaction, whole or not at all."""

from collections.abc import Callable

from services.scheduling.operations.ports import Unit
from shared.errors import NotFound, Refused


def is_done(step: Callable[[], object], uow: Unit) -> bool:
    """False where a rule refuses it: then nothing of it is written or told, and the others are not touched."""
    mark = uow.mark()
    try:
        with uow.savepoint():
            step()
    except (NotFound, Refused):
        uow.forget_since(mark)
        return False
    return True
