"""Whatever happens to visits, consents, replies and processes: what is texted is what a plain reading of it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fix_notifications import Desk, visit_of
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from texting_desk import Texting, set_up
from texting_history import Reply
from texting_model import fates

from shared.events.scheduling import AppointmentCondition
from shared.ids import new_id

EXAMPLES, STEPS = 16, 40
# Shrinking takes minutes: a run is shown as it was found. Add Phase.shrink to look closer.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
# Of a mother and her child, and of somebody else.
NUMBERS = ("+12025550100", "+12025550100", "+12025550101")

some = st.integers(0, 1000)
patients = st.integers(0, 2)
# Whether there is a phone, and what was said of texts to it.
agreements = st.sampled_from([(True, True), (True, True), (True, False), (True, None), (False, None)])
days = st.integers(0, 6)
# From seven in the morning to eight in the evening.
quarters = st.integers(7 * 4, 20 * 4)
# How an event comes: at once, and the job that sends runs, or dies; at once; not before `deliver`; at once and twice.
arrivals = st.sampled_from(["sent", "sent", "sent", "lost", "now", "later", "twice"])


class Machine(RuleBasedStateMachine):
    """Each rule does it, and writes it into the history that the model reads."""

    desk: Desk
    steps = 0

    @initialize(first=st.lists(st.tuples(patients, days, quarters), min_size=2, max_size=3))
    def begin(self, first: list[tuple[int, int, int]]) -> None:
        """Of the third patient nobody knows whether she wants texts."""
        self.texting = Texting(self.desk)
        self.texting.begin(*zip(NUMBERS, (True, True, None), strict=True))
        for who, day, quarter in first:
            self.book(who, day, quarter, "sent")

    @precondition(lambda self: len(self.texting.visits) < 5)
    @rule(who=patients, day=days, quarter=quarters, arrives=arrivals)
    def book(self, who: int, day: int, quarter: int, arrives: str) -> None:
        patient_id, start_at = self.texting.patients[who].patient_id, self.texting.time(day, quarter)
        self.texting.tell(visit_of(patient_id, self.desk.site_id, start_at=start_at), arrives)

    @precondition(lambda self: self.texting.of("booked") and len(self.texting.visits) < 5)
    @rule(which=some, who=patients, quarters_later=st.integers(-12, 12), arrives=arrivals)
    def book_on_the_same_day(self, which: int, who: int, quarters_later: int, arrives: str) -> None:
        """Somebody of the family, or of another, comes then too."""
        start_at = self._one(which, "booked").start_at + quarters_later * timedelta(minutes=15)
        visit = visit_of(self.texting.patients[who].patient_id, self.desk.site_id, start_at=start_at)
        self.texting.tell(visit, arrives)

    @precondition(lambda self: self.texting.of("booked"))
    @rule(which=some, day=days, quarter=quarters, arrives=arrivals)
    def move(self, which: int, day: int, quarter: int, arrives: str) -> None:
        start_at = self.texting.time(day, quarter)
        self.texting.becomes(self._one(which, "booked"), arrives, start_at=start_at, confirmed_at=None)

    @precondition(lambda self: self.texting.of("booked"))
    @rule(which=some, arrives=arrivals)
    def cancel(self, which: int, arrives: str) -> None:
        self.texting.becomes(self._one(which, "booked"), arrives, status="cancelled")

    @precondition(lambda self: self.texting.of("booked"))
    @rule(which=some, arrives=arrivals)
    def confirm(self, which: int, arrives: str) -> None:
        self.texting.becomes(self._one(which, "booked"), arrives, confirmed_at=self.texting.now)

    @precondition(lambda self: self.texting.of("booked"))
    @rule(which=some, arrives=arrivals)
    def miss(self, which: int, arrives: str) -> None:
        self.texting.becomes(self._one(which, "booked"), arrives, status="noshow")

    @precondition(lambda self: self.texting.of("cancelled", "noshow"))
    @rule(which=some, arrives=arrivals)
    def take_place_after_all(self, which: int, arrives: str) -> None:
        self.texting.becomes(self._one(which, "cancelled", "noshow"), arrives, status="booked")

    @rule(which=st.lists(st.integers(0, 7), min_size=1, max_size=4), together=st.booleans())
    def deliver(self, which: list[int], together: bool) -> None:
        """The last events, in any order, whether they came before or not."""
        told = self.texting.events
        events = [told[-1 - it % len(told)] for it in which]
        for batch in [events] if together else [[it] for it in events]:
            self.texting.hear(batch)

    @rule(what=st.sampled_from(["visits", "patient", "reply"]), which=some)
    def repeat(self, what: str, which: int) -> None:
        """All that was ever told of visits, the newest first; an old event of a patient; an old reply."""
        of_patients, replies = self.texting.of_patients, self.texting.replies
        if what == "visits":
            self.texting.hear(self.texting.events[::-1])
        elif what == "patient":
            self.texting.hear_of_patient(of_patients[which % len(of_patients)])
        elif replies:
            self.texting.reply(replies[which % len(replies)])

    @rule(who=patients, said=agreements, arrives=st.sampled_from(["now", "later", "twice", "twice"]))
    def agree(self, who: int, said: tuple[bool, bool | None], arrives: str) -> None:
        known, (has_phone, consented) = self.texting.patients[who], said
        number = NUMBERS[who] if has_phone else None
        patient = replace(known, version=known.version + 1, number=number, consented=consented)
        self.texting.patients[who] = patient
        self.texting.tell_of_patient(patient, arrives)

    @rule(number=st.sampled_from(NUMBERS), word=st.sampled_from(["STOP", "START"]))
    def say(self, number: str, word: str) -> None:
        self.texting.replies.append(Reply(message_id=str(new_id()), number=number, word=word))
        self.texting.reply(self.texting.replies[-1])

    @rule(hours=st.sampled_from([0.1, 1, 7, 11, 24]), and_send=st.booleans())
    def pass_by(self, hours: float, and_send: bool) -> None:
        self.desk.clock.instant += timedelta(hours=hours)
        if and_send:
            self.texting.send()

    @precondition(lambda self: self.texting.next_times())
    @rule(seconds=st.sampled_from([-1, 0, 0, 1]), and_send=st.booleans())
    def wait_for_the_next_text(self, seconds: int, and_send: bool) -> None:
        self._wait_until(min(self.texting.next_times()) + timedelta(seconds=seconds))
        if and_send:
            self.texting.send()

    @precondition(lambda self: self.texting.next_times())
    @rule(texts=st.integers(2, 4))
    def live_on(self, texts: int) -> None:
        """Until so many more were due, each sent in its time."""
        for _ in range(texts):
            if times := self.texting.next_times():
                self._wait_until(min(times))
                self.texting.send()

    @rule()
    def send(self) -> None:
        self.texting.send()

    @rule(dies=st.sampled_from(["before", "after"]))
    def die_while_sending(self, dies: str) -> None:
        self.texting.die_while_sending(dies)

    @rule()
    def give_up_claims(self) -> None:
        self.texting.give_up_claims()

    @invariant()
    def what_is_texted_is_what_the_model_says(self) -> None:
        type(self).steps += 1
        self.texting.check()

    def _wait_until(self, at: datetime) -> None:
        self.desk.clock.instant = max(self.texting.now, at.astimezone(UTC))

    def _one(self, which: int, *status: str) -> AppointmentCondition:
        found = self.texting.of(*status)
        return found[which % len(found)]


def test_what_is_texted_is_what_a_plain_model_says(notifications: Desk) -> None:
    """Within what the model knows (its docstring).

    Seen red by: a claim that does not ask for the opt-out, or for consent; a moved visit's old reminders that are not
    dropped; an old or repeated event that plans anew; an old event of a patient that counts; a lost claim that is sent
    again; two days that are 48 hours; no quiet hours; a STOP or START that is done again when the carrier repeats it;
    companions of another day, or that may not be texted; a text two hours before that tells of the evening as well.
    """
    set_up(notifications)

    class AtThisDesk(Machine):
        desk = notifications

    run_state_machine_as_test(
        AtThisDesk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=UNSHRUNK,
        ),
    )
    assert AtThisDesk.steps >= 300


def test_every_kind_of_text_is_one_that_the_model_knows(notifications: Desk) -> None:
    """A day of a mother and her child, hour by hour, however the dice fall above."""
    set_up(notifications)
    texting = Texting(notifications)
    texting.begin(*zip(NUMBERS, (True, True, None), strict=True))
    mother, child = texting.patients[0].patient_id, texting.patients[1].patient_id
    ten, eleven, noon = (texting.time(4, hour * 4) for hour in (10, 11, 12))
    first, second, third = (visit_of(it, notifications.site_id, start_at=ten) for it in (mother, child, mother))
    for visit in (first, second, third):
        texting.tell(visit, "sent")
    texting.becomes(second, "sent", start_at=eleven)
    texting.becomes(third, "sent", status="cancelled")
    for _ in range(2):
        notifications.clock.instant = min(texting.next_times())
        texting.send()
        texting.check()
    notifications.clock.instant = noon
    texting.becomes(first, "sent", status="noshow")
    texting.check()
    found = fates(texting.history)
    went = {it.text.kind for it in found if it.what == "accepted"}
    assert went == {"booked", "rescheduled", "cancelled", "reminder", "missed"}
    assert [it.together for it in found if it.text.kind == "reminder" and it.what == "accepted"] == [2, 2, 2, 2]
