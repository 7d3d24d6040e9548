"""07:40 on a Tuesday, a practitioner with 24 visits calls in sick: from the command to the last text."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from fix_desk import NEW_YORK, Answer, Desk, answer, desk_of, stamp
from fix_system import running_system

VISITS = 24
TEN_MINUTES = timedelta(minutes=10)
OFFICE = [{"weekday": day, "starts": "08:00", "ends": "17:00"} for day in range(1, 6)]
Json = dict[str, Any]


def next_tuesday() -> datetime:
    """07:40 on a Tuesday that has not come, so that the clock is set forward only."""
    today = datetime.now(NEW_YORK).replace(hour=7, minute=40, second=0, microsecond=0)
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


class Morning:
    """The desk on that Tuesday: a practitioner with 24 visits from eight to twelve, and two colleagues."""

    def __init__(self, desk: Desk, people: list[Json] | None = None) -> None:
        self.desk = desk
        self.manager, self.secretary = desk.session("manager"), desk.session("secretary")
        self.site_id = desk.elm.sites[0]["site_id"]
        self.eight = desk.now.replace(hour=8, minute=0)
        self.noon = self.eight + timedelta(hours=4)
        kind = {"name": "Brief visit", "minutes": 10, "due_window_days": 14}
        self.type_id = self.manager.post("/v1/appointment-types", kind)["appointment_type_id"]
        self.sick, *self.colleagues = (self.practitioner(name) for name in ("Okafor", "Silva", "Tanaka"))
        self.people = people or [self.desk.newcomer() for _ in range(VISITS)]
        with ThreadPoolExecutor(6) as clerks:
            self.visits = list(clerks.map(self.book, range(VISITS)))

    def practitioner(self, family: str) -> str:
        made = self.manager.post("/v1/practitioners", {"given": "Ada", "family": family})["practitioner_id"]
        place = {"practitioner_id": made, "site_id": self.site_id}
        self.manager.put("/v1/working-hours", {**place, "lanes": 1, "weekly": OFFICE})
        return str(made)

    def body(self, place: int, practitioner_id: str) -> Json:
        ids = {"site_id": self.site_id, "practitioner_id": practitioner_id, "appointment_type_id": self.type_id}
        return {**ids, "start_at": stamp(self.eight + TEN_MINUTES * place)}

    def book(self, place: int) -> Json:
        return self.secretary.post(
            "/v1/appointments", {**self.body(place, self.sick), "new_patient": self.people[place]}
        )

    def mark(self) -> Json:
        times = {"from_at": stamp(self.eight), "until_at": stamp(self.noon)}
        return self.secretary.post("/v1/absences", {"practitioner_id": self.sick, **times, "reason": "sick"})

    def tally(self, absence: Json) -> Json:
        return self.secretary.get(f"/v1/absences/{absence['absence_id']}")["tally"]

    def listed(self, absence: Json) -> list[Json]:
        return self.secretary.all("/v1/reschedules", absence_id=absence["absence_id"])

    def calls(self) -> Counter[str]:
        """How many of these patients are to be called for each reason; a phone that nobody could match counts too."""
        mine = {visit["patient_id"] for visit in self.visits} | {None}
        tasks = self.secretary.all("/v1/tasks", site_id=self.site_id)
        return Counter(
            reason for reason, _ in {(it["reason"], it["patient_id"]) for it in tasks if it["patient_id"] in mine}
        )

    def step(self, listed: Json, verb: str, body: Json | None = None) -> Answer:
        return answer(self.secretary, "POST", f"/v1/reschedules/{listed['reschedule_id']}/{verb}", body or {})


@pytest.fixture(scope="module")
def tuesday() -> Iterator[Desk]:
    """A system of these tests alone: its clock stands at 07:40."""
    with running_system({}) as system:
        yield desk_of(system, next_tuesday())


@pytest.fixture
def morning(tuesday: Desk) -> Morning:
    return Morning(tuesday)


@pytest.mark.requirement("5a")
@pytest.mark.requirement("5b")
@pytest.mark.requirement("5e")
@pytest.mark.requirement("5g")
@pytest.mark.requirement("5h")
@pytest.mark.timeout(300)
def test_a_practitioner_with_24_visits_calls_in_sick_at_0740_and_none_is_forgotten(morning: Morning) -> None:
    """Seen red by: a list without the visits of the last half hour."""
    desk = morning.desk
    absence = morning.mark()
    assert absence["tally"]["touched"] == VISITS

    listed = morning.listed(absence)
    assert [each["appointment_id"] for each in listed] == [each["appointment_id"] for each in morning.visits]
    must_be_ranked(morning, listed)

    again = morning.mark()
    assert (again["absence_id"], again["version"], again["tally"]) == (
        absence["absence_id"],
        absence["version"],
        absence["tally"],
    )
    refused = answer(
        morning.secretary,
        "POST",
        "/v1/appointments",
        {**morning.body(3, morning.sick), "patient_id": morning.visits[3]["patient_id"]},
    )
    assert (refused.status, refused.slug) == (409, "outside-working-hours")

    with ThreadPoolExecutor(6) as patients:
        accepted = list(patients.map(lambda each: morning.step(each, "accept", {"number": 1}), listed[:12]))
    assert [each.status for each in accepted] == [200] * 12
    assert morning.step(listed[12], "decline", {"then": "proposals"}).body["state"] == "offered"
    assert morning.step(listed[13], "decline", {"then": "call"}).body["state"] == "to-call"
    assert morning.step(listed[14], "decline").body["state"] == "declined"
    assert morning.step(listed[15], "to-call").body["state"] == "to-call"
    assert morning.step(listed[16], "cancel", {"reason": "does not want to come"}).body["state"] == "cancelled"
    late = {"start_at": stamp(morning.noon + timedelta(days=2, minutes=1))}
    assert morning.step(listed[17], "pick", late).body["state"] == "moved"

    tally = morning.tally(absence)
    assert tally == {
        "touched": VISITS, "moved": 13, "offered": 7, "declined": 1, "to_call": 2, "cancelled": 1, "withdrawn": 0
    }  # fmt: skip
    desk.settle()
    must_be_told_truly(morning, listed)
    she_comes_after_all(morning, absence)
    desk.settle()
    assert desk.checker.faults() == []


def must_be_ranked(morning: Morning, listed: list[Json]) -> None:
    allowed, last = {morning.sick, *morning.colleagues}, stamp(morning.eight + timedelta(days=15))
    for each in listed:
        assert each["state"] == "offered"
        assert [proposal["number"] for proposal in each["proposals"]] == [1, 2, 3]
        assert each["proposals"][0]["practitioner_id"] == morning.sick  # she may be back at noon
        for proposal in each["proposals"]:
            assert proposal["practitioner_id"] in allowed
            assert proposal["site_id"] == morning.site_id
            assert stamp(morning.desk.now) < proposal["start_at"] < last
    times = Counter((it["practitioner_id"], it["start_at"]) for each in listed for it in each["proposals"])
    assert max(times.values()) == 1


def must_be_told_truly(morning: Morning, listed: list[Json]) -> None:
    """Each visit is told moved at most once, and each list place by what became of it."""
    for place, each in enumerate(listed):
        told = morning.desk.events_of("scheduling", each["appointment_id"])
        moved = place < 12 or place == 17
        expected = ["appointment-rescheduled"] if moved else ["appointment-cancelled"] if place == 16 else []
        assert told == ["appointment-booked", *expected], place
        assert morning.desk.events_of("scheduling", each["reschedule_id"])[0] == "reschedule-offered"
    (data,) = morning.desk.rows(
        "scheduling",
        "SELECT data FROM outbox WHERE aggregate_id = %(id)s AND type = 'reschedule-offered' AND version = 1",
        id=listed[0]["reschedule_id"],
    )
    assert [each["start_at"].replace("+00:00", "Z") for each in data["data"]["proposals"]] == [
        each["start_at"] for each in listed[0]["proposals"]
    ]
    assert "sick" not in str(data)


def she_comes_after_all(morning: Morning, absence: Json) -> None:
    """Who was not moved keeps the time."""
    path = f"/v1/absences/{absence['absence_id']}/undo"
    undone = answer(morning.secretary, "POST", path, {})
    tally = undone.body["tally"]
    assert (tally["withdrawn"], tally["touched"], tally["moved"], tally["cancelled"]) == (10, 14, 13, 1)
    for each in (each for each in morning.listed(absence) if each["state"] == "withdrawn"):
        kept = morning.secretary.get(f"/v1/appointments/{each['appointment_id']}")
        assert (kept["status"], kept["start_at"]) == ("booked", each["start_at"])
    again = answer(morning.secretary, "POST", path, {})
    assert (again.status, again.slug) == (409, "absence-undone")


@pytest.mark.requirement("5c")
@pytest.mark.requirement("5d")
@pytest.mark.requirement("5g")
@pytest.mark.requirement("5h")
@pytest.mark.requirement("10b")
@pytest.mark.requirement("10c")
@pytest.mark.timeout(300)
def test_each_is_asked_by_text_and_who_is_not_reached_or_says_no_is_called(tuesday: Desk) -> None:
    """Ten say yes, three no, one has no phone, two share one. Seen red by: replies to proposals passed over."""
    desk, people = tuesday, [tuesday.newcomer() for _ in range(VISITS)]
    del people[20]["phone"], people[20]["texting_consent"]
    family = people[21]["phone"] = people[22]["phone"]
    morning = Morning(desk, people)
    desk.settle()
    absence = morning.mark()
    desk.settle()
    listed = {each["appointment_id"]: each for each in morning.listed(absence)}
    asked = [listed[visit["appointment_id"]] for visit in morning.visits]
    must_be_asked(morning)

    for person in people[:10]:
        desk.reply(person["phone"], "YES")
    desk.reply(people[0]["phone"], "yes")  # said twice
    for person in people[10:13]:
        desk.reply(person["phone"], "No")
    desk.reply(family, "YES")  # to whose?
    desk.settle()
    tally = morning.tally(absence)
    assert tally == {
        "touched": VISITS, "moved": 10, "offered": 10, "declined": 0, "to_call": 4, "cancelled": 0, "withdrawn": 0
    }  # fmt: skip
    for visit, place in zip(morning.visits[:10], asked[:10], strict=True):
        now = morning.secretary.get(f"/v1/appointments/{visit['appointment_id']}")
        assert now["start_at"] == place["proposals"][0]["start_at"]
        assert [kind for kind, *_ in desk.texts(visit)] == ["booked", "reschedule-proposal", "rescheduled"]
    assert morning.calls() == Counter({"reply-decline": 3, "no-phone": 1, "reply-unmatched": 1})

    sent = len(desk.rows("notifications", "SELECT FROM sandbox_texts"))
    assert morning.mark()["tally"] == tally
    desk.settle()
    assert len(desk.rows("notifications", "SELECT FROM sandbox_texts")) == sent
    assert desk.checker.faults() == []


def must_be_asked(morning: Morning) -> None:
    """One text each, of the first of the proposals; who has no phone has none and is to call."""
    for place, visit in enumerate(morning.visits):
        reached = ("accepted", None) if place != 20 else ("skipped", "no-phone")
        assert morning.desk.texts(visit) == [("booked", *reached), ("reschedule-proposal", *reached)], place
    (text,) = (each for each in morning.desk.sent_to(morning.people[0]["phone"]) if "cannot take place" in each["body"])
    assert "sick" not in text["body"]
    assert "Okafor" not in text["body"]
