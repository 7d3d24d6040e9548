"""What a person should know who gives a patient a time: the patient's other appointments then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day, zone_of


@dataclass(frozen=True, kw_only=True)
class OtherVisit:
    """Another appointment of the same patient, at a site of the asker's."""

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Why to look twice: the other appointment overlaps this one, or is on the same local day."""

    kind: Literal["overlaps", "same-day"]
    visit: OtherVisit


def warnings_of(visits: Iterable[OtherVisit], during: TimeRange, zone: str, but: UUID) -> Iterator[Warned]:
    """What is to be told of the patient's other visits around that time."""
    day = local_day(during.start_at, zone_of(zone))
    for visit in visits:
        if visit.appointment_id == but:
            continue
        if during.overlaps(TimeRange(visit.start_at, visit.end_at)):
            yield Warned(kind="overlaps", visit=visit)
        elif local_day(visit.start_at, zone_of(zone)) == day:
            yield Warned(kind="same-day", visit=visit)
