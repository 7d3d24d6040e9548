"""What patients are texted, read plainly and slowly from all that ever happened: the rules of
services/notifications/README.md said once more, without a table, a lock or a line of the product's.

It knows one network with one site in New York, quiet hours from 21 to 8, reminders two days and two hours before, a
text after a miss, and one number a patient. It knows no caps, templates, asks, receipts, look-ups or second carrier,
and no family with more than six visits a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from texting_history import Fate, History, Minute, Patient, Reply, Run, Text, Visit

ZONE = ZoneInfo("America/New_York")
MORNING, EVENING = time(8), time(21)
HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)


def fates(history: History) -> list[Fate]:
    """Of all texts, and when: sent or skipped at, or due from."""
    read = _Reading()
    for at, happened in history:
        read.go_on(at, happened)
    return read.fates + [Fate(text, "due", at) for story in read.stories.values() for text, at in story.due()]


@dataclass
class _Story:
    """A visit and what its patient was told: (status, start). `passed`: what she was last not told, (kind, start)."""

    visit: Visit
    told: tuple[str, datetime] | None = None
    passed: tuple[str, datetime] | None = None
    reminded: set[Text] = field(default_factory=set)
    waits_until: dict[Text, datetime] = field(default_factory=dict)
    waiting: set[Text] = field(default_factory=set)
    is_in_hand: bool = False

    def due(self) -> Iterator[tuple[Text, datetime]]:
        """What is to be said and was not, by the newest condition, and from when on."""
        if news := self.news():
            yield news, self.waits_until.get(news, self.visit.changed_at)
        for text, at in self.reminders().items():
            if text not in self.reminded:
                yield text, self.waits_until.get(text, at)

    def news(self) -> Text | None:
        """The visit as it is, where that is not what the patient thinks."""
        kind, start_at = None, self.visit.start_at
        thinks_it_is_on = self.told is not None and self.told[0] == "booked"
        if self.visit.status == "booked" and not thinks_it_is_on:
            kind = "booked"
        elif self.visit.status == "booked" and self.told != ("booked", start_at):
            kind = "rescheduled"
        elif self.visit.status == "cancelled" and thinks_it_is_on:
            kind = "cancelled"
        return self._text(kind) if kind and self.passed != (kind, start_at) else None

    def reminders(self) -> dict[Text, datetime]:
        """Those whose time comes after the visit became what it is, and those that waited when it changed."""
        changed_at = self.visit.changed_at
        times = self._called_for()
        return {it: at for it, at in times.items() if changed_at < at or it in self.waiting or it.kind == "missed"}

    def _called_for(self) -> dict[Text, datetime]:
        """Of a visit that was cancelled in the last hour before one, too: somebody may look for it."""
        visit = self.visit
        if visit.status == "noshow":
            return {self._text("missed", "after-miss"): visit.changed_at}
        if visit.status not in ("booked", "cancelled"):
            return {}
        ends_at = visit.start_at if visit.status == "booked" else min(visit.start_at, visit.changed_at + HOUR)
        # The same hour on the wall, two days before.
        at = {"PT2H": visit.start_at - 2 * HOUR, "P2D": visit.start_at.astimezone(ZONE) - 2 * DAY}
        if visit.is_confirmed:
            del at["P2D"]
        return {self._text("reminder", lead): it for lead, it in at.items() if it < ends_at}

    def why_useless(self, text: Text, now: datetime) -> str | None:
        if text.kind == "missed":
            return "too-late" if now > self.visit.changed_at + 2 * DAY else None
        if text.lead and self.visit.status == "cancelled":
            return "visit-changed"
        if text.start_at <= now:
            return "too-late"
        if text.lead and self._is_overtaken(text, now):
            return "superseded"
        return "too-late-to-act" if text.lead and now > text.start_at - HALF_HOUR else None

    def useful_until(self, text: Text) -> datetime:
        return self.visit.changed_at + 2 * DAY if text.kind == "missed" else text.start_at - HALF_HOUR

    def say(self, text: Text) -> None:
        """It went, or may have."""
        if text.lead:
            self.reminded.add(text)
        else:
            self.told, self.passed = ("cancelled" if text.kind == "cancelled" else "booked", text.start_at), None

    def pass_over(self, text: Text) -> None:
        if text.lead:
            self.reminded.add(text)
        else:
            self.passed = text.kind, text.start_at

    def _is_overtaken(self, text: Text, now: datetime) -> bool:
        times = self._called_for()
        return any(times[text] < at <= now for at in times.values())

    def _text(self, kind: str, lead: str | None = None) -> Text:
        return Text(self.visit.appointment_id, kind, lead, self.visit.start_at)


@dataclass
class _Reading:
    stories: dict[UUID, _Story] = field(default_factory=dict)
    patients: dict[UUID, Patient] = field(default_factory=dict)
    replies: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    fates: list[Fate] = field(default_factory=list)

    def go_on(self, now: datetime, happened: Visit | Patient | Reply | Run | Minute) -> None:
        match happened:
            case Visit():
                self._hear_of_visit(happened)
            case Patient(patient_id=patient_id, version=version):
                known = self.patients.get(patient_id)
                if known is None or known.version < version:
                    self.patients[patient_id] = happened
            case Reply() if happened.message_id not in self.replies:
                self._read(happened, now)
            case Run(dies):
                self._run(dies, now)
            case Minute():
                for story in self.stories.values():
                    story.is_in_hand = False

    def _hear_of_visit(self, visit: Visit) -> None:
        story = self.stories.setdefault(visit.appointment_id, _Story(visit))
        if story.visit.version < visit.version:
            story.waiting = set(story.reminders()) - story.reminded
            story.visit = visit
            story.waits_until.clear()  # looked at anew

    def _read(self, reply: Reply, now: datetime) -> None:
        """A STOP kills the news that would go to its number. Reminders are judged at their own time."""
        self.replies.add(reply.message_id)
        if reply.word == "START":
            self.stopped.discard(reply.number)
            return
        self.stopped.add(reply.number)
        for story in self.stories.values():
            if (news := story.news()) and self._patient(story).number == reply.number:
                self._skip(story, news, "opted-out", now)

    def _run(self, dies: str | None, now: datetime) -> None:
        """Of a visit that has a text in hand nothing goes."""
        free = [it for it in self.stories.values() if not it.is_in_hand]
        for story, text in [(it, text) for it in free for text, at in it.due() if at <= now]:
            if text in story.reminded:
                continue  # it went with another
            if reason := story.why_useless(text, now) or self._why_not_to(self._patient(story)):
                self._skip(story, text, reason, now)
            elif (morning := _end_of_night(now)) is None:
                self._send([(story, text), *self._with(story, text, free, now)], dies, now)
            elif morning > story.useful_until(text):
                self._skip(story, text, "quiet-hours", now)
            else:
                story.waits_until[text] = morning

    def _with(self, first: _Story, text: Text, free: Sequence[_Story], now: datetime) -> Iterator[tuple[_Story, Text]]:
        """Whatever else the number is to be reminded of by that window, for the same day, and may be reminded of now.
        Two hours before a visit only what would be due within two more."""
        for story in free:
            for other, at in story.due():
                is_like_it = (other.kind, other.lead, _day(other)) == ("reminder", text.lead, _day(text))
                is_soon = text.lead == "P2D" or at <= now + 2 * HOUR
                same_number = self._patient(story).number == self._patient(first).number
                why_not = story.why_useless(other, now) or self._why_not_to(self._patient(story))
                if story is not first and is_like_it and is_soon and same_number and not why_not:
                    yield story, other

    def _send(self, together: Sequence[tuple[_Story, Text]], dies: str | None, now: datetime) -> None:
        for story, text in together:
            story.say(text)
            story.is_in_hand = dies is not None
            to = None if dies == "before" else self._patient(story).number
            self.fates.append(Fate(text, "lost" if dies else "accepted", now, to, len(together)))

    def _skip(self, story: _Story, text: Text, reason: str, now: datetime) -> None:
        story.pass_over(text)
        self.fates.append(Fate(text, reason, now))

    def _patient(self, story: _Story) -> Patient:
        return self.patients[story.visit.patient_id]

    def _why_not_to(self, patient: Patient) -> str | None:
        if patient.number is None:
            return "no-phone"
        if patient.number in self.stopped:
            return "opted-out"
        return None if patient.consented else "no-consent"


def _day(text: Text) -> date:
    return text.start_at.astimezone(ZONE).date()


def _end_of_night(now: datetime) -> datetime | None:
    """The morning on which a text of this night may go; None by day."""
    local = now.astimezone(ZONE)
    if MORNING <= local.time() < EVENING:
        return None
    day = local.date() if local.time() < MORNING else local.date() + DAY
    return datetime.combine(day, MORNING, ZONE)
