"""What changes the network's map. `version` is the caller's If-Match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.scheduling.domain.places import Sex
from services.scheduling.domain.resources import Need


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """Makes a network known here."""

    network_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """A new place; `zone` is an IANA name."""

    name: str
    zone: str
    phone: str | None = None
    zip: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeSite:
    """Only the fields in `changes` change."""

    site_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddPractitioner:
    """A new person who sees patients."""

    given: str
    family: str
    prefix: str | None = None
    kind: str | None = None
    languages: tuple[str, ...] = ()
    sex: Sex | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePractitioner:
    """Only the fields in `changes` change."""

    practitioner_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddAppointmentType:
    """What appointments are given for; `minutes` long."""

    name: str
    minutes: int
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int | None = None
    self_bookable: bool = False
    overbook_limit: int = 0
    due_window_days: int = 14
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangeAppointmentType:
    """Only the fields in `changes` change, for what is booked from now on; with `from_on` for visits from that day."""

    appointment_type_id: UUID
    changes: Mapping[str, Any]
    from_on: date | None = None
    version: int | None = None
