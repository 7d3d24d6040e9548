"""What a visit needs besides time: a practitioner, a room, a device."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from uuid import UUID

PlacedKind = Literal["room", "device"]
NeedKind = Literal["practitioner", "room", "device"]
PLACED_KINDS: tuple[PlacedKind, ...] = get_args(PlacedKind)
NEED_KINDS: tuple[NeedKind, ...] = get_args(NeedKind)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A room or a device at one site. `type` is a word of the network ("exam room"), which needs ask for.

    `capacity`: how many visits it takes side by side, each on a lane of its own. It is in use from `from_on` to
    `until_on` (None: without a first or a last day); an inactive one is kept for its history.
    """

    resource_id: UUID
    site_id: UUID
    kind: PlacedKind
    type: str
    name: str
    capacity: int = 1
    active: bool = True
    from_on: date | None = None
    until_on: date | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that a visit takes: of a kind, and of a type where one is named.

    A practitioner's type is `Practitioner.kind`.
    """

    kind: NeedKind
    type: str | None = None
