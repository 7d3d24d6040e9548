"""What changes rooms and devices. `version` is the caller's If-Match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.scheduling.domain.resources import PlacedKind


@dataclass(frozen=True, kw_only=True)
class AddResource:
    """A new room or device at a site."""

    site_id: UUID
    kind: PlacedKind
    type: str
    name: str
    capacity: int = 1
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeResource:
    """Only the fields in `changes` change; what is booked stays."""

    resource_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None
