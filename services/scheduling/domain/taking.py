"""Taking time: a practitioner and all else that a visit needs, at once or not at all."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.errors import ResourceDoesNotFit, ResourceTaken
from services.scheduling.domain.lanes import Booking, busy_lanes, free_lane
from services.scheduling.domain.needs import Of, assigned, fits
from services.scheduling.domain.resources import Need
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A time that somebody wants: the visit's start and extent.

    `resource_ids` are named (all of them must serve), `rather` is what is taken where it is free. `beyond`: so many
    lanes more than there are may be taken, for a reason that has been given.
    """

    start_at: datetime
    extent: Extent
    resource_ids: tuple[UUID, ...] = ()
    rather: tuple[UUID, ...] = ()
    beyond: int = 0

    @property
    def visit(self) -> TimeRange:
        return self.extent.visit(self.start_at)

    @property
    def occupied(self) -> TimeRange:
        return self.extent.occupied(self.start_at)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane that can be taken; `is_beyond`: only by overbooking."""

    lane: int
    is_beyond: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One resource that a visit takes, and the lane of it."""

    resource_id: UUID
    lane: Lane


@dataclass(frozen=True, kw_only=True)
class Seat:
    """What a visit is given: the practitioner's lane, and what it takes beside; why, where it is beyond capacity."""

    lane: int
    beside: tuple[Taken, ...] = ()
    overbooked_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Other:
    """A room, a device or a further practitioner who may serve a need. `working` None: nobody knows of that day."""

    resource_id: UUID
    kind: str
    type: str | None
    lanes: int
    working: tuple[TimeRange, ...] | None
    taken: tuple[Booking, ...] = ()

    @property
    def what(self) -> Of:
        return self.kind, self.type

    def lane_for(self, wish: Wish, site_id: UUID) -> Lane | None:
        """The lane that it can be had on; None where it cannot."""
        if self.working is not None and not any(work.holds(wish.visit) for work in self.working):
            return None
        return lane_for(wish, self.taken, site_id, self.lanes)

    def without(self, taken_by: UUID | None) -> "Other":
        """As if that one had no time of it."""
        return replace(self, taken=tuple(each for each in self.taken if each.taken_by != taken_by))


def lane_for(wish: Wish, taken: Iterable[Booking], site_id: UUID, lanes: int) -> Lane | None:
    """The lowest lane that is free for all of it; beyond the resource's own lanes only where the wish goes so far."""
    bookings = list(taken)
    lane = free_lane(wish.occupied, busy_lanes(bookings, site_id, lanes))
    if lane is not None:
        return Lane(lane=lane)
    if not wish.beyond or not lanes:
        return None
    # Here each lane is only what is booked on it: overbooked time is taken from the last of the own lanes too.
    near = [each for each in bookings if each.during.overlaps(wish.occupied)]
    free = (
        lane
        for lane in range(1, lanes + wish.beyond + 1)
        if not any(each.lane == lane or each.site_id != site_id for each in near)
    )
    lane = next(free, None)
    return None if lane is None else Lane(lane=lane, is_beyond=True)


def chosen(wish: Wish, needs: Sequence[Need], others: Collection[Other], site_id: UUID) -> tuple[Taken, ...]:
    """What serves each need, on its lane. Raises ResourceDoesNotFit, ResourceTaken."""
    known = {each.resource_id: each.what for each in others}
    _require_fitting(wish.resource_ids, needs, known)
    lanes = {each.resource_id: each.lane_for(wish, site_id) for each in others}
    plainly = {one: known[one] for one, lane in lanes.items() if lane and not lane.is_beyond}
    anyhow = {one: known[one] for one, lane in lanes.items() if lane}
    for free in (plainly, anyhow):
        found = _with_named(wish, needs, free)
        if found is not None:
            return tuple(Taken(resource_id=one, lane=lane) for one in found if (lane := lanes[one]))
    raise ResourceTaken({"needs": [_told(need) for need in _lacking(needs, anyhow, wish)]})


def _with_named(wish: Wish, needs: Sequence[Need], free: dict[UUID, Of]) -> tuple[UUID, ...] | None:
    found = assigned(needs, free, (*wish.resource_ids, *wish.rather))
    return None if found is None or not {*wish.resource_ids} <= {*found} else found


def _require_fitting(named: Sequence[UUID], needs: Sequence[Need], known: dict[UUID, Of]) -> None:
    """Each that is named serves a need of its own."""
    left = list(needs)
    for one in named:
        mine = next((need for need in left if one in known and fits(known[one], need)), None)
        if mine is None:
            raise ResourceDoesNotFit
        left.remove(mine)


def _lacking(needs: Sequence[Need], free: dict[UUID, Of], wish: Wish) -> list[Need]:
    """Which needs nothing serves; all where each alone could be served."""
    if wish.resource_ids and any(one not in free for one in wish.resource_ids):
        return list(needs)
    return [need for need in dict.fromkeys(needs) if assigned([need] * needs.count(need), free) is None] or list(needs)


def _told(need: Need) -> dict[str, str | None]:
    return {"kind": need.kind, "type": need.type}
