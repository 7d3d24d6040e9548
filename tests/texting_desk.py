"""A network that texts, on a real database, beside the history that the model reads (texting_model)."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fix_notifications import SENDER, Desk, patient_with, told
from texting_history import Fate, Minute, Patient, Reply, Run, Text, Visit
from texting_model import ZONE, fates

from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.domain.commands import ReceiveReply, SetReminderRules, SetTextingLimits
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.reminders import Lead, ReminderRule
from services.notifications.operations import receive_reply, set_reminder_rules, set_texting_limits
from services.notifications.operations.gateway import Answer
from shared.events.scheduling import AppointmentCondition
from shared.ids import new_id

# Wednesday, eleven in New York; its summer time ends on Sunday.
BEGINS = datetime(2026, 10, 28, 15, tzinfo=UTC)
# How often an event comes at once.
_TIMES = {"later": 0, "now": 1, "sent": 1, "lost": 1, "twice": 2}
_TABLES = (
    "texts, tellings, text_runs, appointments, patients, patient_numbers, opt_outs, replies, reply_texts, responses, "
    "tasks, task_outcomes, conversations, conversation_sites, free_texts, sandbox_texts, outbox"
)
# What the carrier has is by the carrier's own table and time.
_FATES = """
SELECT t.appointment_id, t.kind, t.lead, t.start_at, coalesce(nullif(t.status, 'skipped'), t.reason) AS what,
       CASE t.status WHEN 'due' THEN t.due_at WHEN 'skipped' THEN t.changed_at ELSE t.claimed_at END AS at,
       s.to_number, s.accepted_at,
       CASE WHEN t.status IN ('due', 'skipped') THEN 1 ELSE count(*) OVER (PARTITION BY t.attempt_id) END AS together
FROM texts AS t FULL JOIN sandbox_texts AS s ON s.network_id = t.network_id AND s.attempt_id = t.attempt_id
"""


class ProcessDied(BaseException):
    """Nothing catches it: what was claimed stays so."""


class DyingCarrier(SandboxGateway):
    """Our process dies while it talks to the carrier."""

    def __init__(self, desk: Desk, dies: str) -> None:
        super().__init__(desk.worker_units, desk.clock)
        self._dies = dies

    def send(self, outgoing: Any) -> list[Answer]:
        if self._dies == "after":
            super().send(outgoing)
        raise ProcessDied


@dataclass
class Texting:
    """Whatever is done here is done by the product, and written into the history."""

    desk: Desk
    history: list[Any] = field(default_factory=list)
    visits: dict[UUID, AppointmentCondition] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    of_patients: list[Patient] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def begin(self, *patients: tuple[str, bool | None]) -> None:
        """Nothing was ever heard but of these patients, each with a number and what she said of texts to it."""
        self.desk.clock.instant = BEGINS
        self.desk.rows(f"TRUNCATE {_TABLES}")
        for number, consented in patients:
            self.patients.append(Patient(patient_id=new_id(), version=1, number=number, consented=consented))
            self.tell_of_patient(self.patients[-1], "now")

    def becomes(self, visit: AppointmentCondition, arrives: str, **changes: Any) -> None:
        self.tell(replace(visit, version=visit.version + 1, **changes), arrives)

    def tell(self, visit: AppointmentCondition, arrives: str) -> None:
        self.visits[visit.appointment_id] = visit
        self.events.append(told(visit, self.desk.network_id, self.now))
        for _ in range(_TIMES[arrives]):
            self.hear(self.events[-1:])
        if arrives == "sent":
            self.send()
        if arrives == "lost":
            self.die_while_sending("after")

    def hear(self, events: Sequence[Any]) -> None:
        """Together: of each visit only the newest counts."""
        self.desk.hear(*events)
        for event in sorted(events, key=lambda it: it.version, reverse=True):
            self._write(_visit(event))

    def tell_of_patient(self, patient: Patient, arrives: str) -> None:
        """`twice`: and after it all that was told of her before, once more."""
        self.of_patients.append(patient)
        if _TIMES[arrives]:
            self.hear_of_patient(patient)
        if arrives == "twice":
            for before in [it for it in self.of_patients[::-1] if it.patient_id == patient.patient_id]:
                self.hear_of_patient(before)

    def hear_of_patient(self, patient: Patient) -> None:
        self.desk.hear(patient_with(**vars(patient)))
        self._write(patient)

    def reply(self, reply: Reply) -> None:
        told_by_carrier = {"from_number": reply.number, "body": reply.word, "message_id": reply.message_id}
        command = ReceiveReply(to_number=SENDER, **told_by_carrier)
        receive_reply(command, self.desk.units.for_network(self.desk.network_id), self.desk.clock)
        self._write(reply)

    def send(self) -> None:
        self.desk.send()
        self._write(Run())
        assert self.desk.troubles == []

    def die_while_sending(self, dies: str) -> None:
        with suppress(ProcessDied):
            self.desk.send(DyingCarrier(self.desk, dies))
        self._write(Run(dies))

    def give_up_claims(self) -> None:
        """A new process finds what the dead one had in hand."""
        self.desk.real_time.instant += timedelta(seconds=61)
        self._write(Minute())
        self.send()

    def check(self) -> None:
        """All texts are where the model has them, and the carrier has no other."""
        by_model, by_product = Counter(fates(self.history)), Counter(map(_fate, self.desk.rows(_FATES)))
        assert by_product == by_model, f"too many: {by_product - by_model}; missing: {by_model - by_product}"

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    def next_times(self) -> list[datetime]:
        """At which something will be due."""
        return [it.at for it in fates(self.history) if it.what == "due" and it.at > self.now]

    def of(self, *status: str) -> list[AppointmentCondition]:
        return [it for it in self.visits.values() if it.status in status]

    def time(self, day: int, quarter: int) -> datetime:
        """So many days from today on, at that quarter of an hour of the clinic's day."""
        on = self.now.astimezone(ZONE).date() + timedelta(days=day)
        return datetime.combine(on, time(quarter // 4, quarter % 4 * 15), ZONE).astimezone(UTC)

    def _write(self, happened: Any) -> None:
        self.history.append((self.now, happened))


def set_up(desk: Desk) -> None:
    """What the model knows: its rules of reminders, its quiet hours, no caps."""
    units, desk.clock.instant = desk.units.for_network, BEGINS
    rules = [ReminderRule(before=(Lead(days=2), Lead(hours=2)), after_miss=True)]
    set_reminder_rules(SetReminderRules(rules=rules), units(desk.network_id), desk.clock)
    limits = SetTextingLimits(quiet=QuietHours(), most_a_day=None, most_a_week=None)
    set_texting_limits(limits, units(desk.network_id), desk.clock)


def _visit(event: Any) -> Visit:
    names = ("appointment_id", "version", "patient_id", "status", "start_at")
    same = {name: getattr(event.data, name) for name in names}
    return Visit(**same, changed_at=event.time, is_confirmed=event.data.confirmed_at is not None)


def _fate(row: dict[str, Any]) -> Fate:
    text = Text(*(row[name] for name in ("appointment_id", "kind", "lead", "start_at")))
    what = "lost" if row["what"] in ("claimed", "unknown") else row["what"]
    return Fate(text, what, row["accepted_at"] or row["at"], row["to_number"], row["together"])
