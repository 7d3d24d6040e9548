"""What is free for those who wait, from free time as it is kept: the same rows and the same rules as a search's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from services.scheduling.domain.free_days import days_between
from services.scheduling.domain.resources import Need
from services.scheduling.domain.search import DayOf, OtherDay
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import Claim, Desk, FreeOf, Waiting, local_days
from services.scheduling.operations.ports import Unit


def free_of(
    desks: Sequence[Desk], line: Sequence[Waiting], during: TimeRange, uow: Unit, now: datetime
) -> list[FreeOf]:
    """What of that time is free of each for anybody of the line; a few questions, however many desks there are.

    Whoever goes on to offer it holds the locks of all that the line's types need.
    """
    ends = [local_days(during, desk.zone) for desk in desks]
    first, last = min(first for first, _ in ends), max(last for _, last in ends)
    minutes = min(one.shortest_minutes for one in line)
    days: dict[tuple[UUID, UUID], list[DayOf]] = defaultdict(list)
    for day in uow.waitlist.days_of(desks, first, last, minutes):
        days[day.resource_id, day.site_id].append(day)
    having = [desk for desk in desks if days[desk.practitioner_id, desk.site_id]]
    if not having:
        return []
    others = _others(having, line, (first, last), minutes, uow)
    claimed = [Claim(resource_ids=tuple(each.takes), during=each.occupied) for each in uow.waitlist_offers.unheld()]
    return [
        FreeOf(
            desk=desk,
            days=days[desk.practitioner_id, desk.site_id],
            others=others[desk.site_id],
            during=during,
            now=now,
            claimed=claimed,
        )
        for desk in having
    ]


def _others(
    desks: Iterable[Desk], line: Iterable[Waiting], days: tuple[date, date], minutes: int, uow: Unit
) -> dict[UUID, list[OtherDay]]:
    """By site, the days of all that anybody of the line needs beside a practitioner."""
    found: dict[UUID, list[OtherDay]] = defaultdict(list)
    needs: list[Need] = list(dict.fromkeys(need for one in line for need in one.needs_beside))
    if needs:
        sites = sorted({desk.site_id for desk in desks})
        for day in uow.searches.others(sites, list(days_between(*days)), needs, minutes):
            found[day.site_id].append(day)
    return found
