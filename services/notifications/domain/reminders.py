"""When a patient is reminded of a visit, and texted after a missed one: a network's rules, and what they make due."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.occasions import MISSED, REMINDER
from services.notifications.domain.quiet_hours import instants_at
from services.notifications.domain.texts import SUPERSEDED, TOO_LATE, TOO_LATE_TO_ACT, VISIT_CHANGED, Text
from services.notifications.domain.visits import BOOKED, CANCELLED, NOSHOW, DueText, Visit
from shared.ids import derived_id

# A text that comes later than this before the visit finds the patient on the way.
STILL_OF_USE = timedelta(minutes=30)
# After so long a missed visit is no news any more.
MISS_IS_NEWS_FOR = timedelta(days=2)
# A reminder that was to go so soon when its visit was cancelled is missed by whoever looks for it.
_ABOUT_TO_GO = timedelta(hours=1)
AFTER_MISS = "after-miss"
LEAD = re.compile(r"P(?:([1-9]|[12][0-9]|30)D|T([1-9]|[1-6][0-9]|7[0-2])H)\Z")


@dataclass(frozen=True, kw_only=True)
class Lead:
    """How long before the visit: whole days, which keep the local hour, or hours, which are counted."""

    days: int = 0
    hours: int = 0

    def __str__(self) -> str:
        """As ISO 8601 writes it: P2D, PT2H."""
        return f"P{self.days}D" if self.days else f"PT{self.hours}H"

    @property
    def is_early(self) -> bool:
        """A day or more before: it asks whether the patient comes. Later ones only remind of it."""
        return self.days > 0 or self.hours >= 24

    def before(self, start_at: datetime, zone: str) -> datetime:
        """That instant (UTC). An hour that the clock leaves out is the jump, one that comes twice is the first."""
        if not self.days:
            return start_at - timedelta(hours=self.hours)
        local = start_at.astimezone(ZoneInfo(zone))
        return instants_at(local.date() - timedelta(days=self.days), local.time(), ZoneInfo(zone))[0]


def lead_of(written: str) -> Lead:
    """From ISO 8601: 1 to 30 days or 1 to 72 hours. Raises ValueError."""
    found = LEAD.match(written)
    if found is None:
        raise ValueError(written)
    days, hours = found.groups()
    return Lead(days=int(days)) if days else Lead(hours=int(hours))


@dataclass(frozen=True, kw_only=True)
class ReminderRule:
    """What holds at a site (None: at all), for an appointment type (None: for all). Nothing in it: no reminders."""

    before: tuple[Lead, ...] = ()
    after_miss: bool = False
    site_id: UUID | None = None
    appointment_type_id: UUID | None = None

    @property
    def place(self) -> tuple[UUID | None, UUID | None]:
        return self.site_id, self.appointment_type_id

    def concerns(self, visit: Visit) -> bool:
        return self.site_id in (None, visit.site_id) and self.appointment_type_id in (None, visit.appointment_type_id)


DEFAULT = ReminderRule(before=(Lead(days=2),))


@dataclass(frozen=True, kw_only=True)
class ReminderRules:
    """A network's rules: of those that concern a visit the narrowest holds, alone; a type's before a site's.

    `since`: what was due before that instant is nobody's to catch up with (None: from the beginning). `version` 0:
    nothing was set yet.
    """

    rules: tuple[ReminderRule, ...] = (DEFAULT,)
    since: datetime | None = None
    version: int = 0

    def rule_for(self, visit: Visit) -> ReminderRule:
        found = [rule for rule in self.rules if rule.concerns(visit)]
        narrow = sorted(found, key=lambda rule: (rule.appointment_type_id is not None, rule.site_id is not None))
        return narrow[-1] if narrow else ReminderRule()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A visit by its start: how far rules are carried out."""

    start_at: datetime
    appointment_id: UUID


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Rules that are still to be carried out for the visits after that place (None: for all)."""

    rules: ReminderRules
    to: Place | None


def reminders_due(visit: Visit, rules: ReminderRules, waiting: Collection[UUID] = ()) -> list[DueText]:
    """All that the visit's present condition calls for, each at its own time, past ones too; the first due first.

    The id follows from appointment, window and start. What had to be said before the last change of the visit is not
    said after it: the patient was told of that change instead. `waiting`, by their ids, are due already and did not go
    yet: a change that leaves the visit where it is leaves them due.
    """
    return [it for it in _called_for(visit, rules) if it.due_at > visit.changed_at or _is_news(it, waiting)]


def _is_news(due: DueText, waiting: Collection[UUID]) -> bool:
    return due.kind == MISSED or due.text_id in waiting


def _called_for(visit: Visit, rules: ReminderRules) -> list[DueText]:
    """The same, whenever the visit changed last.

    A confirmed visit is not asked about again. Of a cancelled one nothing is left but what was about to go: it is
    skipped, with its reason, at its own time.
    """
    rule, since = rules.rule_for(visit), rules.since
    if visit.status == NOSHOW and rule.after_miss and (since is None or visit.changed_at >= since):
        return [_due(visit, MISSED, AFTER_MISS, visit.changed_at)]
    if visit.status not in (BOOKED, CANCELLED) or visit.zone is None:
        return []
    until = visit.start_at if visit.status == BOOKED else min(visit.start_at, visit.changed_at + _ABOUT_TO_GO)
    leads = [lead for lead in rule.before if not (visit.confirmed_at and lead.is_early)]
    found = [_due(visit, REMINDER, str(lead), lead.before(visit.start_at, visit.zone)) for lead in leads]
    called_for = [it for it in found if (since is None or since < it.due_at) and it.due_at < until]
    return sorted(called_for, key=lambda it: it.due_at)


def _due(visit: Visit, kind: str, lead: str, due_at: datetime) -> DueText:
    start = visit.start_at.astimezone(UTC).isoformat()
    return DueText(
        text_id=derived_id(visit.appointment_id, f"text/{kind}/{lead}/{start}"),
        appointment_id=visit.appointment_id,
        kind=kind,
        start_at=visit.start_at,
        due_at=due_at,
        lead=lead,
    )


def why_not_to_remind(text: Text, visit: Visit, rules: ReminderRules, now: datetime) -> str | None:
    """Why a reminder is of no use any more, or None: nobody calls for it, a later one is due as well, or it is late."""
    due = _called_for(visit, rules)
    mine = next((it for it in due if it.text_id == text.text_id), None)
    if mine is None:
        return VISIT_CHANGED
    if visit.status == CANCELLED:
        return VISIT_CHANGED
    if mine.kind == MISSED:
        return TOO_LATE if now > mine.due_at + MISS_IS_NEWS_FOR else None
    if visit.start_at <= now:
        return TOO_LATE
    if _is_overtaken(mine, due, now):
        return SUPERSEDED
    return TOO_LATE_TO_ACT if now > visit.start_at - STILL_OF_USE else None


def _is_overtaken(mine: DueText, due: Sequence[DueText], now: datetime) -> bool:
    return any(mine.due_at < other.due_at <= now for other in due)


def of_use_until(text: Text, visit: Visit) -> datetime:
    """The last instant at which the text may still go."""
    return visit.changed_at + MISS_IS_NEWS_FOR if text.kind == MISSED else text.start_at - STILL_OF_USE
