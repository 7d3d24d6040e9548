"""Reminders of several visits in one text: a family that shares a number, or somebody with several visits a day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.groups import MOST_TOGETHER, Group, Waiting, group_of, may_go_before_its_time
from services.notifications.domain.occasions import REMINDER
from services.notifications.domain.reach import Number
from services.notifications.domain.templates import Wording
from services.notifications.domain.texts import Candidate
from services.notifications.operations.decide_texts import Case
from services.notifications.operations.ports import Unit

# So many are looked at for each of a claim: some of them may not go, and a number may be that of a house with hundreds.
_MOST_COMPANIONS = 2 * MOST_TOGETHER
_DAY = timedelta(days=1)
# What companions have in common: number, site, window, local day of the visit.
_Place = tuple[str, UUID, str | None, date]


def companions(
    candidates: Sequence[Candidate],
    numbers: Mapping[UUID, Number | None],
    uow: Unit,
    now: datetime,
    real_now: datetime,
    not_these: Collection[UUID],
) -> list[Candidate]:
    """What the numbers of these reminders are to be reminded of besides, by the same window, for the same site and day.

    `numbers`: of each text, by its id; the caller holds their locks. A companion whose patient is texted on another
    number goes in no group with them: nobody holds that one.
    """
    reminders = [(it, number.number) for it in candidates if it.kind == REMINDER and (number := numbers[it.text_id])]
    if not reminders:
        return []
    zones = {it.site_id: it.site.zone for it, _ in reminders}
    wanted = {_place(it, number, zones) for it, number in reminders}
    excepted = {*not_these, *(it.text_id for it in candidates)}
    found = defaultdict[_Place, list[UUID]](list)
    for it in _waiting(reminders, uow):
        if it.site_id in zones and it.text_id not in excepted and (place := _place(it, it.number, zones)) in wanted:
            found[place].append(it.text_id)
    chosen = [text_id for text_ids in found.values() for text_id in text_ids[:_MOST_COMPANIONS]]
    return uow.texts.ready_companions(chosen, now, real_now) if chosen else []


def _waiting(reminders: Sequence[tuple[Candidate, str]], uow: Unit) -> list[Waiting]:
    """For visits of about those days, the first due first."""
    starts = [it.start_at for it, _ in reminders]
    return uow.texts.reminders_of({number for _, number in reminders}, min(starts) - _DAY, max(starts) + _DAY)


def _place(reminder: Candidate | Waiting, number: str, zones: Mapping[UUID, str]) -> _Place:
    day = reminder.start_at.astimezone(ZoneInfo(zones[reminder.site_id])).date()
    return number, reminder.site_id, reminder.lead, day


def with_groups(cases: Sequence[Case], wording: Wording, now: datetime) -> list[Case]:
    """Each with the group that it may go in, if any; a companion that may go in none is left for its own time.

    What is due comes first: of more than one text can tell, companions are the last.
    """
    grouped = [replace(case, group=_group(case, wording)) for case in cases]
    may_go = [it for it in grouped if not it.candidate.is_companion or _may_go_along(it, now)]
    members = Counter[Group]()
    return [_in_part(it, members) for it in sorted(may_go, key=lambda it: it.candidate.is_companion)]


def _may_go_along(case: Case, now: datetime) -> bool:
    return case.group is not None and may_go_before_its_time(case.text, now)


def _in_part(case: Case, members: Counter[Group]) -> Case:
    """With that text of its group which has room for it yet."""
    if case.group is None:
        return case
    members[case.group] += 1
    return replace(case, group=replace(case.group, part=(members[case.group] - 1) // MOST_TOGETHER))


def in_groups(going: Sequence[Case]) -> Iterator[list[Case]]:
    """What is one text each, in the order of its visits. Companions go with what is due, or not now."""
    together: dict[Group | UUID, list[Case]] = {}
    for case in going:
        together.setdefault(case.told_in, []).append(case)
    for one_text in together.values():
        if not all(it.candidate.is_companion for it in one_text):
            yield sorted(one_text, key=lambda it: (it.text.start_at, it.text.text_id))


def _group(case: Case, wording: Wording) -> Group | None:
    words = wording.for_several(case.text.site_id, case.candidate.language) if case.text.kind == REMINDER else None
    if case.number is None or words is None:
        return None
    return group_of(case.text, case.number.number, case.candidate.site.zone, words.language)
