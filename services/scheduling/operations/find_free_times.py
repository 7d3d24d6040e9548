"""What can be offered: computed from hours and bookings, never stored."""

from datetime import timedelta
from itertools import islice

from services.scheduling.domain.commands import FindFreeTimes
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range, local_day
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def find_free_times(question: FindFreeTimes, uow: Unit, clock: Clock) -> list[TimeRange]:
    """Free times from the local day `from_on` (today where absent) on, none before now; one more than asked for, where
    there are as many. Raises NotFound."""
    site = uow.places.site(question.site_id)
    kind = uow.places.appointment_type(question.appointment_type_id)
    zone, now = site.zone_info, clock.now()
    first = question.from_on or local_day(now, zone)
    last = first + timedelta(days=question.days - 1)
    around = TimeRange(day_range(first, zone).start_at, day_range(last, zone).end_at)
    schedule = uow.schedules.schedule(site.site_id, question.practitioner_id, around)
    offered = schedule.free_times(first, last, kind.length, now)
    wanted = (time for time in offered if question.after is None or time.start_at > question.after)
    return list(islice(wanted, question.limit + 1))
