"""An accepted offer and a sick day, in each of which scheduling ends: nobody else writes then, so that it is in these.

Other commands meet the same places under load; these two change most at once.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from at_work import AtWork
from crash_points import Case
from fix_desk import Desk, Json

PLACES = ("uow.before-commit", "uow.after-commit")


def break_commands(desk: Desk, file: Path, at: AtWork) -> None:
    """Each is asked again with its key until it is settled; what must be there then is the history's to say."""
    for place in PLACES:
        _broken(desk, file, place, _offered(desk, at))
    _broken(desk, file, PLACES[-1], _sick(at))


def _broken(desk: Desk, file: Path, place: str, ask: Callable[[], object]) -> None:
    desk.settle()
    file.write_text(str(Case(place, 1, "kill")), "utf-8")
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    desk.wait_until(lambda: not (desk.system.revive() or asking.is_alive()))
    assert not file.exists(), f"nothing came to {place}"


def _offered(desk: Desk, at: AtWork) -> Callable[[], object]:
    """A time at the other site is offered to somebody with a later visit here: what accepts it."""
    visit, whose = _booked(at, at.a_day()), at.diary("abroad").practitioner_id
    named = {name: visit[name] for name in ("patient_id", "appointment_type_id", "appointment_id")}
    entry = at.writing.write("wait", "/v1/waitlist", {**named, "practitioner_ids": [whose]}, "manager")
    path, offers = f"/v1/waitlist/offers?entry_id={entry.answer['entry_id']}", list[Json]()
    desk.wait_until(lambda: offers or offers.extend((at.writing.asking.read(path, "manager") or {}).get("items", ())))
    accept, about = f"/v1/waitlist/offers/{offers[0]['offer_id']}/accept", {"appointment_id": visit["appointment_id"]}
    return lambda: at.writing.write("accept-offer", accept, {}, "manager", about)


def _sick(at: AtWork) -> Callable[[], object]:
    """A practitioner with two visits."""
    diary, place = at.diary("own"), at.a_day()
    for each in range(2):
        _booked(at, place + each)
    times = {"from_at": diary.start(place), "until_at": diary.start(place + 2)}
    said = {"practitioner_id": diary.practitioner_id, **times, "reason": "sick"}
    return lambda: at.writing.write("absence", "/v1/absences", said)


def _booked(at: AtWork, place: int) -> Json:
    booked = at.writing.write("book", "/v1/appointments", at.diary("own").body(place, **at.patient()))
    return dict(booked.answer)
