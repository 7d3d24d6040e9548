"""Reminders of several visits in one text: a family that shares a number, or somebody with several visits a day."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.groups import MOST_TOGETHER, Group, group_of, may_go_before_its_time
from services.notifications.domain.occasions import REMINDER
from services.notifications.domain.reach import Number
from services.notifications.domain.templates import Wording
from services.notifications.domain.texts import Candidate
from services.notifications.operations.decide_texts import Case
from services.notifications.operations.ports import Unit


def companions(
    candidates: Sequence[Candidate],
    numbers: Mapping[UUID, Number | None],
    uow: Unit,
    now: datetime,
    real_now: datetime,
    not_these: Collection[UUID],
) -> list[Candidate]:
    """What the numbers of these reminders are to be reminded of besides, for the same site and day.

    `numbers`: of each text, by its id; the caller holds their locks. A companion whose patient is texted on another
    number goes in no group with them: nobody holds that one.
    """
    reminders = {it.text_id: numbers[it.text_id] for it in candidates if it.kind == REMINDER}
    leading = {text_id: number.number for text_id, number in reminders.items() if number}
    listed = {it.text_id for it in candidates}
    return uow.texts.companions(leading, now, real_now, {*not_these, *listed}) if leading else []


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
