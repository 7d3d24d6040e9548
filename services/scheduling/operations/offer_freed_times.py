"""What has become free is offered to those who wait, in their order. The job's work, a transaction for each look."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import Desk, Match, Waiting, WaitlistEntry, Wish, first_fit, matched
from services.scheduling.operations.close_waitlist_offer import (
    close_offers_of,
    expire_entry,
    locked_group,
    lose_group,
)
from services.scheduling.operations.free_for_waitlist import free_of
from services.scheduling.operations.make_waitlist_offers import Made, can_be_had, lock_asked, make_offers
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.waitlist_ports import FreedTime
from shared.clock import Clock

# As far ahead as anybody books, and how much of it is looked at in one transaction.
REACH = timedelta(days=400)
SLICE = timedelta(days=14)
_FIRST_SLICE = timedelta(days=2)
_TRIES = 5
# So many people one transaction asks, or one group more: desks that book there wait for its locks.
_AT_ONCE = 10
# A visit that takes any of a time starts less than this before or after it.
_LONGEST = timedelta(days=1)


class Units(Protocol):
    """Where units of work come from."""

    def for_network(self, network_id: UUID) -> Unit: ...


class OfferRun:
    """One worker's run; several may run at once, each takes other looks. `troubled` hears of a look that failed: it is
    kept for the next run, and the others go on."""

    def __init__(
        self, units: Units, clock: Clock, troubled: Callable[[Exception], None], stopping: Callable[[], bool]
    ) -> None:
        self._units = units
        self._clock = clock
        self._troubled = troubled
        self._stopping = stopping

    def offer_freed_times(self, network_id: UUID) -> int:
        """Looks until there is nothing more to look at; gives how many offers were made."""
        after, made = 0, 0
        while not self._stopping():
            with self._units.for_network(network_id) as uow:
                freed = uow.waitlist_offers.take_freed_time(after)
                if freed is None:
                    break
                try:
                    made += look(freed, uow, self._clock)
                    uow.commit()
                except Exception as error:
                    self._troubled(error)
                    after = freed.freed_id
        return made


class _Look(NamedTuple):
    """Somebody's free time at a site beside those who would have any of it. What lies between `during` and `until` is
    for another transaction."""

    desk: Desk
    line: Sequence[Waiting]
    during: TimeRange
    until: datetime

    def matches(self, uow: Unit, now: datetime, most: int = _AT_ONCE) -> list[Match]:
        """Who would be offered what, the first in line first, until so many people would be asked."""
        found = free_of([self.desk], self.line, self.during, uow, now) if self.line else []
        chosen, people = list[Match](), 0
        for match in (match for free in found for match in matched(self.line, free.times, self.desk.zone, now)):
            chosen.append(match)
            people += len(match.asked)
            if people >= most:
                break
        return chosen

    def without(self, asked: Collection[UUID]) -> "_Look":
        """The same for those of the line who were not asked yet."""
        return self._replace(line=[one for one in self.line if one.entry.entry_id not in asked])

    def goes_on(self, from_at: datetime, uow: Unit) -> None:
        """Leaves what is from then on to another transaction."""
        whose = self.desk.practitioner_id
        if from_at < self.until:
            rest = TimeRange(from_at, self.until)
            uow.waitlist_offers.look_at_time(whose, self.desk.site_id, rest, practitioner_id=whose)


class _TakenMeanwhile(Exception):
    """What was seen without the locks was gone when they were held."""


def look(freed: FreedTime, uow: Unit, clock: Clock) -> int:
    """Offers what is free there and then, or for that entry; gives how many offers were made."""
    now = clock.now()
    if freed.entry_id is not None:
        return _look_for(freed.entry_id, uow, clock)
    during = _during(freed, now)
    if freed.resource_id is None or during is None:
        return 0
    if freed.practitioner_id is not None and freed.site_id is not None:
        wish = Wish(practitioner_ids=(freed.practitioner_id,), site_ids=(freed.site_id,))
    else:
        uow.waitlist_offers.look_at_who_needs(freed.resource_id, during.start_at, freed.end_at)
        # Nobody is at two sites at once: a practitioner's time that is given back at one is free at the others too.
        wish = Wish(practitioner_ids=(freed.resource_id,))
    return _offer_time(uow.waitlist.desks_of(wish), during, uow, now)


def _during(freed: FreedTime, now: datetime) -> TimeRange | None:
    """What of it is still to come."""
    start_at, end_at = max(freed.start_at or now, now), freed.end_at or now + REACH
    return TimeRange(start_at, end_at) if start_at < end_at else None


def _offer_time(desks: Sequence[Desk], during: TimeRange, uow: Unit, now: datetime) -> int:
    """Offers what is free then. Most looks find nothing: only where one does not are locks taken, all in one order, and
    what is free is read once more."""
    begun = [look for desk in desks if (look := _begun(desk, during, uow, now))]
    looks = [look for look in begun if look.matches(uow, now, 1)]
    for look in begun:
        if look not in looks:
            look.goes_on(look.during.end_at, uow)
    if not looks:
        return 0
    needed = {(look.desk.site_id, one.entry.appointment_type_id) for look in looks for one in look.line}
    uow.schedules.lock_what_is_needed(sorted(needed), sorted({look.desk.practitioner_id for look in looks}))
    waiting = lock_asked([match for look in looks for match in look.matches(uow, now)], uow)
    asked = frozenset[UUID]()
    for look in looks:  # what was offered at one site is not free at the next
        asked |= _asked(look.without(asked), _AT_ONCE - len(asked), waiting, uow, now)
    return len(asked)


def _asked(look: _Look, most: int, waiting: Mapping[UUID, WaitlistEntry], uow: Unit, now: datetime) -> frozenset[UUID]:
    """Asks so many. Where there may be more to offer in that time, it comes before what is later: with the line that
    there is then."""
    if most <= 0:
        look.goes_on(look.during.start_at, uow)
        return frozenset()
    matches = look.matches(uow, now, most)
    made = make_offers(matches, look.desk, waiting, uow, now)
    look.goes_on(_next_of(look, matches, made, most), uow)
    return made.asked


def _next_of(look: _Look, matches: Sequence[Match], made: Made, most: int) -> datetime:
    """From when on others are still to be asked. What was free and could not be had is not tried for ever."""
    if sum(len(match.asked) for match in matches) < most:
        return look.during.end_at
    if made.asked or not made.all_were_there:
        return look.during.start_at
    return min(look.during.end_at, max(match.claim.during.end_at for match in matches))


def _begun(desk: Desk, during: TimeRange, uow: Unit, now: datetime) -> _Look | None:
    """A look whose first slice this is. None where nobody waits for any."""
    line = uow.waitlist.line(desk.site_id, desk.practitioner_id, now)
    until = [within.end_at + _LONGEST for one in line if (within := one.within(now, REACH))]
    if not until or max(until) <= during.start_at:
        return None
    part_at, end_at = during.start_at + SLICE, min(during.end_at, max(until))
    return _Look(desk, line, TimeRange(during.start_at, min(part_at, end_at)), end_at)


def _look_for(entry_id: UUID, uow: Unit, clock: Clock) -> int:
    """Offers what is free for that entry already, to whoever is first in line for it."""
    now = clock.now()
    one = uow.waitlist.one_in_line(entry_id, now)
    if one is None:
        _tidy(entry_id, uow, clock)
        return 0
    for _ in range(_TRIES):
        found = _earliest(one, uow, now)
        if found is None:
            return 0
        if made := _tried(*found, uow, now):
            uow.waitlist.look_at(entry_id)  # somebody before it may have got that time
            return made
    return 0


def _tried(desk: Desk, during: TimeRange, uow: Unit, now: datetime) -> int:
    """Offers what is free then. Where that is nothing, since it was taken meanwhile, the locks are given back: those of
    several tries would stand in no order."""
    with suppress(_TakenMeanwhile), uow.savepoint():
        return _some(_offer_time([desk], during, uow, now))
    return 0


def _some(made: int) -> int:
    if not made:
        raise _TakenMeanwhile
    return made


def _tidy(entry_id: UUID, uow: Unit, clock: Clock) -> None:
    """It is not in line: its wish is over, it waits no more, or what it has to answer may be gone."""
    if uow.waitlist.is_over(entry_id, clock.now()):
        expire_entry(entry_id, uow, clock)
        return
    for offer in uow.waitlist_offers.open_of(entry_id):
        group = locked_group(offer, uow)
        entry = group.entries[entry_id]
        if entry.state != "waiting":
            close_offers_of(entry, uow, clock)
        elif group.offer.is_open and not can_be_had(group.offer, uow, clock.now()):
            lose_group(group, uow, clock)


def _earliest(one: Waiting, uow: Unit, now: datetime) -> tuple[Desk, TimeRange] | None:
    """Where there is the first time anywhere that would do."""
    desks = uow.waitlist.desks_of(one.entry.wish)
    for part in _parts(one, now) if desks else ():
        found = [
            (time.key, free.desk, TimeRange(time.start_at, time.end_at))
            for free in free_of(desks, [one], part, uow, now)
            if (time := first_fit(one, free.times(one, ()), free.desk.zone, now)) is not None
        ]
        if found:
            _, desk, during = min(found, key=lambda it: it[0])
            return desk, during
    return None


def _parts(one: Waiting, now: datetime) -> Iterator[TimeRange]:
    """The time in which the wish may be met, in slices: small ones first, since mostly the first times do."""
    whole = one.within(now, REACH)
    start_at, length = whole.start_at if whole else now, _FIRST_SLICE
    while whole and start_at < whole.end_at:
        yield TimeRange(start_at, min(start_at + length, whole.end_at))
        start_at, length = start_at + length, min(2 * length, SLICE)
