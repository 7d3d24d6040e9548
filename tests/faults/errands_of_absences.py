"""Somebody calls in sick, or a site closes: every visit of that time is listed, and something becomes of each."""

from at_work import AtWork, Errand
from fix_desk import Diary, Json
from history import Operation

VISITS = 3
_OPEN = {"offered", "declined", "to-call"}
_AWAY_FROM_IT = 40  # quarter hours, to what is picked by hand


def called_in_sick(at: AtWork) -> Errand:
    diary = at.diary("own")
    yield from _absent(at, diary, "secretary", {"practitioner_id": diary.practitioner_id})


def closed(at: AtWork) -> Errand:
    diary = at.closing()
    yield from _absent(at, diary, "manager", {"site_id": diary.site_id})


def _absent(at: AtWork, diary: Diary, role: str, whose: Json) -> Errand:
    place = at.a_day()
    wanted = [diary.body(place + each, **at.patient()) for each in range(VISITS)]
    booked = [at.writing.write("book", "/v1/appointments", body, role) for body in wanted]
    visits = {one.answer["appointment_id"] for one in booked if one.is_ok}
    yield
    said = {**whose, "from_at": diary.start(place), "until_at": diary.start(place + VISITS), "reason": "sick"}
    absence = at.writing.write("absence", "/v1/absences", said, role)
    at.must(absence.answer["tally"]["touched"] == len(visits), f"{absence.subject} touched others than {visits}")
    if at.chance(0.4):
        _said_again(at, absence, said, role)
    path = f"/v1/reschedules?absence_id={absence.answer['absence_id']}"
    listed = yield from at.items(path, role)
    at.must({each["appointment_id"] for each in listed} == visits, f"{path} lists others than {visits}")
    for turn, each in enumerate(listed):
        yield
        _settle(at, each, diary.start(place + _AWAY_FROM_IT + turn), role)
    if at.chance(0.4):
        yield from _undone(at, absence.answer["absence_id"], path, role)


def _said_again(at: AtWork, absence: Operation, said: Json, role: str) -> None:
    again = at.writing.write("absence", "/v1/absences", said, role)
    same = (again.answer["absence_id"], again.answer["version"], again.answer["tally"])
    first = (absence.answer["absence_id"], absence.answer["version"], absence.answer["tally"])
    at.must(same == first, f"the same absence said again: {same} after {first}")


def _settle(at: AtWork, listed: Json, otherwise: str, role: str) -> None:
    """One of the ways off the list, or of staying on it."""
    step, body, becomes = at.dice.choice(
        (
            ("accept-proposal", {"number": 1}, _proposed(listed)),
            ("accept-proposal", {"number": 1}, _proposed(listed)),
            ("decline-proposals", {"then": "proposals"}, {}),
            ("decline-proposals", {"then": "call"}, {}),
            ("decline-proposals", {}, {}),
            ("pick", {"start_at": otherwise}, {"start_at": otherwise}),
            ("cancel-listed", {"reason": "does not want to come"}, {}),
            ("to-call", {}, {}),
        )
    )
    if step == "accept-proposal" and not listed["proposals"]:
        return
    verb = {"accept-proposal": "accept", "decline-proposals": "decline", "cancel-listed": "cancel"}.get(step, step)
    about = {"appointment_id": listed["appointment_id"], **becomes}
    at.writing.write(step, f"/v1/reschedules/{listed['reschedule_id']}/{verb}", body, role, about)


def _proposed(listed: Json) -> Json:
    return {"start_at": listed["proposals"][0]["start_at"]} if listed["proposals"] else {}


def _undone(at: AtWork, absence_id: str, path: str, role: str) -> Errand:
    """What still is open on the list stays as it was booked."""
    listed = yield from at.items(path, role)
    still = [each["reschedule_id"] for each in listed if each["state"] in _OPEN]
    at.writing.write("undo-absence", f"/v1/absences/{absence_id}/undo", {}, role, {"withdrawn": still})
