"""Which time is looked for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Order = Literal["start_at", "distance"]


@dataclass(frozen=True, kw_only=True)
class SearchFreeTimes:
    """Times for an appointment of a type, on local days of each site; what is empty or None is any.

    `weekdays` are ISO (1 is Monday), `hours` minutes from midnight. `after`: the start, practitioner and site of the
    last answer that was told (in the order of distance, the site is that of the answers that go on).
    """

    appointment_type_id: UUID
    practitioner_ids: tuple[UUID, ...] = ()
    site_ids: tuple[UUID, ...] = ()
    from_on: date | None = None
    days: int = 90
    weekdays: tuple[int, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    language: str | None = None
    sex: str | None = None
    near_zip: str | None = None
    within_miles: int | None = None
    order: Order = "start_at"
    limit: int = 20
    after: tuple[datetime, UUID, UUID] | None = None
