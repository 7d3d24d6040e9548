"""What a database error means; its text, which quotes values, never goes further."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import errorcodes

from shared.errors import DomainError

# A plan that was made before a migration (docs/decisions/0017); its connection is thrown away, the next one plans anew.
OLD_PLAN = errorcodes.FEATURE_NOT_SUPPORTED
_AGAIN = frozenset(
    {errorcodes.SERIALIZATION_FAILURE, errorcodes.DEADLOCK_DETECTED, errorcodes.LOCK_NOT_AVAILABLE, OLD_PLAN}
)


class OutcomeUnknown(DomainError):
    """The connection was lost while committing: done or not done, ask again with the same key."""

    slug = "outcome-unknown"
    status = 504


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is simply run again."""
    return isinstance(error, psycopg2.Error) and error.pgcode in _AGAIN


def is_connection_lost(error: BaseException) -> bool:
    """Whether the database (or the way to it) is away."""
    if not isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return False
    return error.pgcode is None or error.pgcode.startswith(("08", "57P"))


@contextmanager
def translated(**reasons: type[DomainError]) -> Iterator[None]:
    """Turns a constraint's violation into the domain's reason: `translated(bookings_excl=AppointmentOverlaps)`."""
    try:
        yield
    except psycopg2.IntegrityError as error:
        reason = reasons.get(error.diag.constraint_name or "")
        if reason is None:
            raise
        raise reason from None
