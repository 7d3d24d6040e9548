"""What a desk does with visits, holds, series and time: the first half of the machine of test_model.py."""

from datetime import timedelta
from typing import Any

from diary import Away
from fix_diary import DAY, HALF_HOUR, NINE, Desk
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_range import TimeRange

QUARTER = timedelta(minutes=15)
# Every quarter of an hour of both days, and some before nine and so late that the visit would end after noon.
times = st.builds(
    lambda day, quarter: TimeRange.lasting(NINE + day * DAY + quarter * QUARTER, HALF_HOUR),
    st.integers(0, 1),
    st.integers(-1, 11),
)
people, some = st.integers(0, 1), st.integers(0, 1000)


class Visits(RuleBasedStateMachine):
    """Each rule asks the model first and then does it; what is done is told to the model."""

    desk: Desk
    steps = 0

    @initialize()
    def begin(self) -> None:
        self.desk.begin()
        self.model = self.desk.model
        self.leaps = 0

    @rule(person=people, during=times)
    def book(self, person: int, during: TimeRange) -> None:
        who = self.desk.whom(person)
        no = self.model.refusal(who, during)
        if made := self.desk.expect(no, operations.book_appointment, self.desk.booking(who, during)):
            self.model.book(made.appointment_id, who, during)

    @rule(person=people, during=times, minutes=st.sampled_from([5, 30]))
    def hold(self, person: int, during: TimeRange, minutes: int) -> None:
        who = self.desk.whom(person)
        command = commands.HoldTime(**self.desk.names(who), start_at=during.start_at, minutes=minutes)
        if held := self.desk.expect(self.model.refusal(who, during), operations.hold_time, command):
            self.model.hold(held.hold_id, who, during, self.model.now + timedelta(minutes=minutes))

    @rule(person=people, during=times)
    def let_a_hold_expire(self, person: int, during: TimeRange) -> None:
        """Nobody has cleared it away when the next one asks for its time."""
        self.hold(person, during, 5)
        self.desk.pass_by(timedelta(minutes=5))
        self.book(person, during)

    @precondition(lambda self: self.model.holds)
    @rule(which=some)
    def book_what_is_held(self, which: int) -> None:
        hold_id = chosen(self.model.holds, which)
        row = self.desk.waitlist.rows(
            f"SELECT practitioner_id, start_at, end_at FROM holds WHERE hold_id = '{hold_id}'"
        )
        if not row:  # forgotten a day after it was over
            return
        who, during = row[0]["practitioner_id"], TimeRange(row[0]["start_at"], row[0]["end_at"])
        command = self.desk.booking(who, during, hold_id=hold_id)
        no = self.model.refusal_of_held_booking(hold_id)
        if made := self.desk.expect(no, operations.book_appointment, command):
            room_id = self.model.room(self.model.taken[hold_id])
            self.model.end_hold(hold_id)
            self.model.book(made.appointment_id, who, during, room_id)

    @precondition(lambda self: self.model.holds)
    @rule(which=some)
    def release(self, which: int) -> None:
        hold_id = chosen(self.model.holds, which)
        no, command = self.model.refusal_of_hold(hold_id), commands.ReleaseHold(hold_id=hold_id)
        if self.desk.expect(no, operations.release_hold, command):
            self.model.end_hold(hold_id)

    @precondition(lambda self: self.model.visits)
    @rule(which=some, person=people, during=times)
    def move(self, which: int, person: int, during: TimeRange) -> None:
        visit_id, who = chosen(self.model.visits, which), self.desk.whom(person)
        command = commands.MoveAppointment(appointment_id=visit_id, start_at=during.start_at, practitioner_id=who)
        if self.desk.expect(self.model.refusal_of_move(visit_id, who, during), operations.move_appointment, command):
            self.model.book(visit_id, who, during)

    @precondition(lambda self: self.model.visits)
    @rule(which=some)
    def cancel(self, which: int) -> None:
        visit_id = chosen(self.model.visits, which)
        command = commands.CancelAppointment(appointment_id=visit_id, reason="asked")
        if self.desk.expect(self.model.refusal_of_cancel(visit_id), operations.cancel_appointment, command):
            self.model.cancel(visit_id)

    @precondition(lambda self: self.model.visits)
    @rule(which=some)
    def reinstate(self, which: int) -> None:
        visit_id = chosen(self.model.visits, which)
        command = commands.OneAppointment(appointment_id=visit_id)
        no = self.model.refusal_of_reinstatement(visit_id)
        if self.desk.expect(no, operations.reinstate_appointment, command):
            self.model.reinstate(visit_id)

    @rule(person=people, during=times)
    def book_series(self, person: int, during: TimeRange) -> None:
        """That day and the next."""
        booking = self.desk.booking(self.desk.whom(person), during)
        names = {name: value for name, value in vars(booking).items() if name in _OF_A_SERIES}
        dates = [TimeRange.lasting(during.start_at + days * DAY, HALF_HOUR) for days in range(2)]
        no = self.model.refusal_of_series(booking.practitioner_id, dates)
        command = commands.BookSeries(**names, rrule="FREQ=DAILY;COUNT=2")
        if made := self.desk.expect(no, operations.book_series, command):
            visits = [each.appointment_id for each in made["appointments"]]
            for visit_id, date in zip(visits, dates, strict=True):
                self.model.book(visit_id, booking.practitioner_id, date)
            self.model.series[made["series_id"]] = visits

    @precondition(lambda self: self.model.series)
    @rule(which=some)
    def cancel_series(self, which: int) -> None:
        series_id = chosen(self.model.series, which)
        named, off = self.model.series[series_id][0], self.model.changeable(series_id)
        command = commands.CancelSeries(series_id=series_id, appointment_id=named, reach="all", reason="asked")
        if self.desk.expect(None if off else "series-empty", operations.cancel_series, command):
            for visit_id in off:
                self.model.cancel(visit_id)

    @rule(which=people, during=times, halves=st.integers(1, 3))
    def block_a_room(self, which: int, during: TimeRange, halves: int) -> None:
        """What is booked stays."""
        away = Away(self.desk.rooms[which], TimeRange.lasting(during.start_at, halves * HALF_HOUR))
        span = Span(start_at=away.during.start_at, end_at=away.during.end_at)
        command = commands.AddWorkingException(kind="blocked", span=span, resource_id=away.resource_id)
        made = self.desk.expect(None, operations.add_working_exception, command)
        self.model.blocked[made["exception_id"]] = away

    @precondition(lambda self: self.model.blocked)
    @rule(which=some)
    def clear_a_room(self, which: int) -> None:
        exception_id = chosen(self.model.blocked, which)
        command = commands.RemoveException(exception_id=exception_id)
        self.desk.expect(None, operations.remove_working_exception, command)
        del self.model.blocked[exception_id]

    @rule(which=people, capacity=st.integers(1, 2))
    def furnish_a_room(self, which: int, capacity: int) -> None:
        self.desk.furnish(self.desk.rooms[which], capacity)

    @rule(minutes=st.sampled_from([4, 16]))
    def time_passes(self, minutes: int) -> None:
        self.desk.pass_by(timedelta(minutes=minutes))

    @precondition(lambda self: self.leaps < 2 and len(self.model.visits) > 4 * (1 + self.leaps))
    @rule()
    def a_night_passes(self) -> None:
        self.leaps += 1
        self.desk.pass_by(DAY)

    @rule()
    def expired_holds_are_swept(self) -> None:
        self.desk.sweep()

    @invariant()
    def is_as_the_model_says(self) -> None:
        type(self).steps += 1
        self.desk.check()


_OF_A_SERIES = ("site_id", "practitioner_id", "appointment_type_id", "patient_id", "start_at")


def chosen(among: Any, which: int) -> Any:
    return list(among)[which % len(among)]
