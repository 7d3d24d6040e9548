"""A network's rules of reminders, and how far they are carried out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from services.notifications.domain.reminders import Place, Plan, ReminderRule, ReminderRules, lead_of
from shared.database.repository import Repository
from shared.database.session import Row


class ReminderRepository(Repository):
    """One row a network, made with its first plan."""

    def rules(self) -> ReminderRules:
        """What was set, or what holds where nothing was."""
        row = self.one("reminder-rules")
        return _rules(row) if row else ReminderRules()

    def keep(self, rules: ReminderRules) -> None:
        """From now on these hold; what is to come is planned anew, a batch at a time."""
        self.run("keep-reminder-rules", **_row(rules))

    def begin(self, since: datetime) -> None:
        """The default becomes the network's own, from then on; nothing where there are rules."""
        self.run("begin-reminder-rules", **_row(ReminderRules(since=since)))

    def take_plan(self) -> Plan | None:
        """The rules that are still to be carried out, locked, and how far they are; None: all is planned, or is
        being planned."""
        row = self.one("take-plan")
        if row is None:
            return None
        at, last_id = row["planned_to_at"], row["planned_to_id"]
        return Plan(rules=_rules(row), to=Place(start_at=at, appointment_id=last_id) if at else None)

    def to_plan(self, after: Place, limit: int) -> list[Place]:
        """The next visits after that place, by their start."""
        rows = self.all("visits-to-plan", after_at=after.start_at, after_id=after.appointment_id, limit=limit)
        return [Place(**row) for row in rows]

    def keep_plan(self, to: Place | None) -> None:
        """How far the rules are carried out; None: they are."""
        at, last_id = (to.start_at, to.appointment_id) if to else (None, None)
        self.run("keep-plan", done=to is None, planned_to_at=at, planned_to_id=last_id)


def _row(rules: ReminderRules) -> dict[str, Any]:
    return {
        "rules": Json([_plain(rule) for rule in rules.rules]),
        "since": rules.since,
        "version": rules.version,
    }


def _plain(rule: ReminderRule) -> dict[str, Any]:
    ids = {name: str(value) for name in ("site_id", "appointment_type_id") if (value := getattr(rule, name))}
    return {"before": [str(lead) for lead in rule.before], "after_miss": rule.after_miss, **ids}


def _rules(row: Row) -> ReminderRules:
    return ReminderRules(
        rules=tuple(_rule(plain) for plain in row["rules"]), since=row["since"], version=row["version"]
    )


def _rule(plain: dict[str, Any]) -> ReminderRule:
    ids = {name: UUID(plain[name]) for name in ("site_id", "appointment_type_id") if name in plain}
    return ReminderRule(before=tuple(map(lead_of, plain["before"])), after_miss=plain["after_miss"], **ids)
