"""Visits that are agreed together, in a diary of which the other desk of the pair wants the same days."""

from at_work import A_DAY, AtWork, Errand
from fix_desk import Diary, Json
from history import Operation
from writing import CLASHES

_RULE = "FREQ=DAILY;COUNT=4"
_DAYS, _HOURS = 12, 8


def agreed(at: AtWork) -> Errand:
    """Booked, where days are taken at what is proposed instead; then moved, and cancelled in whole or in part."""
    diary = at.shared.beside(at.writing.asking)
    made = _booked(at, diary)
    yield
    if not made.is_ok:
        return
    series, first = f"/v1/series/{made.answer['series_id']}", made.answer["appointments"][0]
    if at.chance(0.6):
        start_at = diary.start(_place(at))
        named = {"appointment_id": first["appointment_id"], "reach": at.dice.choice(("one", "following", "all"))}
        at.writing.write("change-series", f"{series}/change", {**named, "start_at": start_at})
        yield
    if at.chance(0.6):
        which = at.dice.choice(made.answer["appointments"])
        named = {"appointment_id": which["appointment_id"], "reach": at.dice.choice(("one", "all"))}
        at.writing.write("cancel-series", f"{series}/cancel", {**named, "reason": "moves away"})


def _booked(at: AtWork, diary: Diary) -> Operation:
    body = diary.body(_place(at), **at.patient()) | {"rrule": _RULE}
    made = at.writing.write("book-series", "/v1/series", body)
    if made.slug != CLASHES:
        return made
    choices = [_choice(clash) for clash in made.answer["details"]["clashes"]]
    return at.writing.write("book-series", "/v1/series", {**body, "choices": choices})


def _choice(clash: Json) -> Json:
    """The last of the times that are proposed, or none on that day."""
    times = clash["next_free_times"]
    return {"on": clash["on"], "instead_at": times[-1]["start_at"] if times else None}


def _place(at: AtWork) -> int:
    return A_DAY * (2 + at.dice.randrange(_DAYS)) + at.dice.randrange(_HOURS)
