"""Free time by day is kept by whoever changes working time, and rolled on as days pass."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from services.scheduling.domain.free_days import FreeDay, Place, free_days, kept_days, rosters
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day
from services.scheduling.operations.ports import Unit
from shared.clock import Clock

# Days are added by the week, so that a place is written once in so many days.
_STEP = timedelta(days=7)
# No local day begins farther from the same day in UTC.
_ANY_ZONE = timedelta(days=1)


def keep_free_time(site_id: UUID, resource_ids: Sequence[UUID], uow: Unit, clock: Clock) -> None:
    """Makes their days at the site anew, as their working time is now. The caller holds the resources' locks."""
    work, zone = uow.free_time.work(site_id, resource_ids, clock.now() - 3 * _ANY_ZONE)
    first, last = kept_days(local_day(clock.now(), zone))
    uow.free_time.keep(site_id, rosters(work, first, last, zone), first, last)


def keep_some_free_time(
    site_id: UUID, resource_ids: Sequence[UUID], during: TimeRange, uow: Unit, clock: Clock
) -> None:
    """The same for the days on which that time lies, and the eve: work that begins there may reach into it."""
    kept = uow.free_time.kept(site_id, resource_ids)
    if new := [each for each in resource_ids if each not in kept]:
        keep_free_time(site_id, new, uow, clock)
    work, zone = uow.free_time.work(site_id, list(kept), during.start_at - 3 * _ANY_ZONE)
    eve, end = local_day(during.start_at, zone) - timedelta(days=1), local_day(during.end_at, zone)
    for bounds in sorted(set(kept.values())):
        first, last = max(bounds[0], eve), min(bounds[1], end)
        if first <= last:
            theirs = [hours for hours in work if kept[hours.practitioner_id] == bounds]
            uow.free_time.keep_days(site_id, rosters(theirs, first, last, zone), first, last)


def roll_free_time(place: Place, uow: Unit, clock: Clock) -> None:
    """Adds the days that have come into reach since the place was written; all of them where the clock was set back."""
    with uow:
        uow.lock(resource_lock(place.resource_id))
        kept = uow.free_time.kept(place.site_id, [place.resource_id]).get(place.resource_id)
        work, zone = uow.free_time.work(place.site_id, [place.resource_id], clock.now() - 3 * _ANY_ZONE)
        first, last = kept_days(local_day(clock.now(), zone))
        if kept is None or first < kept[0] or kept[1] < first:
            keep_free_time(place.site_id, [place.resource_id], uow, clock)
        elif kept[1] < last:
            after, last = kept[1] + timedelta(days=1), last + _STEP
            uow.free_time.extend(place.site_id, rosters(work, after, last, zone), kept, last)
        uow.commit()


def places_to_roll(uow: Unit, clock: Clock) -> list[Place]:
    """Those whose last days are not kept yet; what has passed everywhere is forgotten, and holds that were over long
    ago."""
    with uow:
        first, last = kept_days(clock.now().date())
        uow.free_time.forget_before(first - _ANY_ZONE)
        uow.holds.forget(clock.now())
        # A day's grace west and east of here, where today is another day.
        places = uow.free_time.places((first + _ANY_ZONE, last - _ANY_ZONE))
        return uow.commit(places)


def differing_days(place: Place, uow: Unit) -> Iterator[tuple[FreeDay | None, FreeDay | None]]:
    """The rows that are not what the slow computation makes: (kept, right), one of which may be missing."""
    kept = uow.free_time.kept(place.site_id, [place.resource_id]).get(place.resource_id)
    found = {(each.on_day, each.lane): each for each in uow.free_time.days(place)}
    right = {(each.on_day, each.lane): each for each in _computed(place, kept, uow)} if kept else {}
    for key in sorted(found.keys() | right.keys()):
        if found.get(key) != right.get(key):
            yield found.get(key), right.get(key)


def _computed(place: Place, kept: tuple[date, date], uow: Unit) -> Iterator[FreeDay]:
    from_at = datetime.combine(kept[0], time(), UTC) - 3 * _ANY_ZONE
    work, zone = uow.free_time.work(place.site_id, [place.resource_id], from_at)
    (roster,) = rosters(work, *kept, zone)
    if not roster.days:
        return iter(())
    whole = TimeRange(roster.days[0].reach.start_at, roster.days[-1].reach.end_at)
    return free_days(roster.days, uow.free_time.taken(place.resource_id, whole), place.site_id, roster.lanes)
