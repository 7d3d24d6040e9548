"""What becomes of due texts that are in hand: skipped with a reason, left for later, or sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.groups import Group
from services.notifications.domain.limits import Surroundings, TextingLimits, Verdict, verdict_on
from services.notifications.domain.occasions import OCCASIONS
from services.notifications.domain.reach import Number, why_not_reachable
from services.notifications.domain.reminders import ReminderRules
from services.notifications.domain.texts import CAPPED, RUN_STOPPED, Candidate, Text
from services.notifications.domain.visits import Telling
from services.notifications.operations.about import Asking, Told
from services.notifications.operations.cap_texts import one_too_many
from services.notifications.operations.ports import Unit
from shared.phones import zones_of


@dataclass(frozen=True, kw_only=True)
class Case:
    """A due text under its locks, and what decides about it. `group`: what it may be told with."""

    candidate: Candidate
    text: Text
    about: Told | Asking
    number: Number | None
    group: Group | None = None

    @property
    def told_in(self) -> Group | UUID:
        """What has the same is one text."""
        return self.group or self.text.text_id

    @property
    def telling(self) -> Telling | None:
        """What was told before, where this text tells too."""
        return self.about.telling if isinstance(self.about, Told) and self.text.tells else None


def decided(cases: Sequence[Case], uow: Unit, now: datetime) -> list[tuple[Case, Verdict]]:
    """Each with its verdict. Read under the locks of numbers, appointments, texts and patients."""
    opted_out = uow.opt_outs.opted_out({it.number.number for it in cases if it.number})
    limits = uow.limits.texting() if cases else TextingLimits()
    rules = uow.reminders.rules() if any(it.text.lead for it in cases) else ReminderRules()
    stopped = uow.runs.stopped({it.text.run_id for it in cases if it.text.run_id})
    useless = [case.about.why_not(case.text, rules, now) or _why_stopped(case, stopped) for case in cases]
    said = [_verdict(case, why, opted_out, limits, now) for case, why in zip(cases, useless, strict=True)]
    return _capped(list(zip(cases, said, strict=True)), limits, uow, now)


def _capped(
    decided: list[tuple[Case, Verdict]], limits: TextingLimits, uow: Unit, now: datetime
) -> list[tuple[Case, Verdict]]:
    """With what would be one too many skipped, and the rest of what counts marked so."""
    going = [it for it, said in decided if said.is_to_go]
    heads = _heads(_group_by_group([it for it in going if not it.about.is_outside_caps(it.text, now)]))
    one_each = {it.text.text_id: it for it in heads.values()}
    too_many = one_too_many([(it.text, it.candidate.site.zone) for it in one_each.values()], limits, uow, now)
    return [
        (
            _counted(case) if case.text.text_id in one_each.keys() - too_many else case,
            _unless(said, heads.get(case.text.text_id), too_many),
        )
        for case, said in decided
    ]


def _group_by_group(counting: Sequence[Case]) -> list[Case]:
    """What is due before what would go along; else in the order of their groups, so that what is left of the caps of a
    family is not spent on the half of one group for each."""
    order: dict[Group | UUID, int] = {}
    for it in counting:
        order.setdefault(it.told_in, len(order))
    return sorted(counting, key=lambda it: (it.candidate.is_companion, order[it.told_in]))


def _heads(counting: Sequence[Case]) -> dict[UUID, Case]:
    """By the ids of texts: whichever counts for it. Of a group one for each patient does."""
    first: dict[tuple[UUID, Group | UUID], Case] = {}
    return {it.text.text_id: first.setdefault((it.text.patient_id, it.told_in), it) for it in counting}


def _counted(case: Case) -> Case:
    return replace(case, text=replace(case.text, counted=True))


def _unless(said: Verdict, head: Case | None, too_many: Collection[UUID]) -> Verdict:
    return Verdict(reason=CAPPED) if head and head.text.text_id in too_many else said


def _verdict(
    case: Case, useless: str | None, opted_out: Collection[str], limits: TextingLimits, now: datetime
) -> Verdict:
    reason = useless or _why_no_text(case, opted_out)
    if reason or case.number is None:
        return Verdict(reason=reason)
    site = case.candidate.site
    where = Surroundings(
        site_zone=site.zone, number_zones=zones_of(case.number.number), closed_on=frozenset(site.holidays)
    )
    return verdict_on(case.about.news_since(case.text), case.about.of_use_until(case.text), where, limits, now)


def _why_stopped(case: Case, stopped: Collection[UUID]) -> str | None:
    return RUN_STOPPED if case.text.run_id in stopped else None


def _why_no_text(case: Case, opted_out: Collection[str]) -> str | None:
    said_stop = case.number is not None and case.number.number in opted_out
    return why_not_reachable(case.number, OCCASIONS[case.text.kind], opted_out=said_stop)
