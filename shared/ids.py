"""Ids: UUIDv7 for what is new, UUIDv5 for what follows from something else."""

from uuid import UUID

import uuid_utils
from uuid_utils import compat

# The root of every derived id. It must never change: ids in other services' rows depend on it.
_NAMESPACE = uuid_utils.UUID("6a1f6f0e-3c54-5f5e-9f0b-8f0d3c1b7a21")


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562). Its time part is real time and is never read back."""
    return compat.uuid7()


def derived_id(source: UUID, role: str) -> UUID:
    """The id of what `source` brings about in `role` (UUIDv5): the same in every service and on every replay."""
    return UUID(int=uuid_utils.uuid5(_NAMESPACE, f"{source}/{role}").int)


def encounter_id_of(arrival_id: UUID) -> UUID:
    """The encounter that a check-in opens."""
    return derived_id(arrival_id, "encounter")
