"""What booking, moving and reinstating share: the schedule under its lock, and a refusal that helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from services.scheduling.domain.errors import AppointmentOverlaps
from services.scheduling.domain.schedule import NEXT_FREE_DAYS, Schedule, Today
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.ports import Unit
from shared.clock import Clock

BACKDATE = "appointments:backdate"


def today(uow: Unit, clock: Clock) -> Today:
    """The present day, and whether the asker may write before it."""
    return Today(now=clock.now(), may_backdate=BACKDATE in uow.asker.scopes)


@contextmanager
def offering_others(uow: Unit, schedule: Schedule, wanted: TimeRange, now: datetime) -> Iterator[None]:
    """Lets a refusal for a taken time name the next free times. The resource's lock is held."""
    try:
        yield
    except AppointmentOverlaps:
        hours = schedule.hours
        further = timedelta(days=NEXT_FREE_DAYS + 2)
        ahead = uow.schedules.schedule(hours.site_id, hours.practitioner_id, wanted, further)
        raise AppointmentOverlaps(_next_free_times(ahead, wanted, now)) from None


def _next_free_times(schedule: Schedule, wanted: TimeRange, now: datetime) -> dict[str, list[dict[str, str]]]:
    found = schedule.next_free_times(wanted, now)
    return {"next_free_times": [{"start_at": _stamp(it.start_at), "end_at": _stamp(it.end_at)} for it in found]}


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
