"""When somebody works is changed while visits stand in it, and changed back."""

from at_work import AtWork, Errand
from fix_desk import Diary, Json

from cli.seeding import AROUND_THE_CLOCK

MORNINGS = [{"weekday": day, "starts": "07:00", "ends": "12:30"} for day in range(1, 8)]


def changed(at: AtWork) -> Errand:
    """Leave over a visit names it as stranded; shorter hours and those of before; the leave is taken back."""
    diary, place = at.diary("hours"), at.a_day()
    booked = at.writing.write("book", "/v1/appointments", diary.body(place, **at.patient()))
    yield
    away = {"start_at": diary.start(place), "end_at": diary.start(place + 1), "kind": "leave"}
    whose = {"practitioner_id": diary.practitioner_id}
    leave = at.writing.write("leave", "/v1/working-exceptions", {**whose, **away}, "manager")
    stranded = [each["appointment_id"] for each in leave.answer["stranded"]]
    at.must(stranded == [booked.answer["appointment_id"]], f"leave strands {stranded}, booked is {booked.answer}")
    yield
    _set(at, diary, at.dice.choice((1, 2)), MORNINGS)
    yield
    path = f"/v1/working-exceptions/{leave.answer['exception_id']}"
    at.writing.write("remove-exception", path, {}, "manager")
    yield
    _set(at, diary, 1, AROUND_THE_CLOCK)
    at.writing.act("cancel", booked.answer, {"reason": "patient called"})


def _set(at: AtWork, diary: Diary, lanes: int, weekly: list[Json]) -> None:
    whose = {"practitioner_id": diary.practitioner_id, "site_id": diary.site_id}
    at.writing.write("hours", "/v1/working-hours", {**whose, "lanes": lanes, "weekly": weekly}, "manager")
