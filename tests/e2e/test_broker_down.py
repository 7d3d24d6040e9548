"""The broker is away, and the desk goes on."""

import signal

import pytest
from fix_load import finish_when_open


@pytest.fixture
def broker(desk):
    """The system's own broker, up again at the end whatever the test did."""
    server = desk.system.rabbitmq
    yield server
    if server.pid is None:
        _up(server)


@pytest.mark.requirement("40a")
def test_while_the_broker_is_down_the_desk_goes_on_and_everything_arrives_when_it_is_back(desk, broker):
    """Seen red by: a relay that ends when the broker goes."""
    diary = desk.diary()
    people = [desk.insured() for _ in range(6)]
    before = [desk.book(diary, place, people[place]) for place in range(3)]
    arrived = desk.act(before[0], "check-in")
    desk.wait_until(
        lambda: desk.session("clinician").get(f"/v1/encounters/{arrived['encounter_id']}")["status"] == "in-progress"
    )
    broker.stop(signal.SIGKILL)
    booked = [desk.book(diary, place, people[place]) for place in range(3, 6)]
    desk.act(before[1], "move", {"start_at": diary.start(6)})
    desk.act(before[2], "cancel", {"reason": "patient called"})
    finish_when_open(desk.session("clinician"), arrived["encounter_id"])
    late = desk.act(booked[0], "check-in")
    assert len(desk.session().get("/v1/day", site_id=diary.site_id)["items"]) >= 5
    assert any("to publish" in waiting for waiting in desk.checker.waiting())
    _up(broker)
    desk.settle()
    assert desk.checker.faults() == []
    assert [kind for kind, *_ in desk.texts(before[1])] == ["booked", "rescheduled"]
    assert [desk.texts(one) for one in booked[1:]] == [[("booked", "accepted", None)]] * 2
    claims = desk.session("biller").get("/v1/claims", encounter_id=arrived["encounter_id"])["items"]
    assert [one["total_cents"] for one in claims] == [16400]
    assert desk.session("clinician").get(f"/v1/encounters/{late['encounter_id']}")["status"] == "in-progress"


@pytest.mark.requirement("3b")
def test_a_broker_that_is_killed_with_full_queues_loses_none_of_them(desk, broker):
    """Nobody reads the queue of texts while the broker dies and comes back.

    Seen red by: classic queues and transient messages.
    """
    diary = desk.diary()
    desk.system.stop("notifications")
    try:
        booked = [desk.book(diary, place) for place in range(10)]
        desk.wait_until(lambda: not [one for one in desk.checker.waiting() if "to publish" in one])
        broker.stop(signal.SIGKILL)
        _up(broker)
    finally:
        desk.system.start("notifications")
    desk.settle()
    assert desk.checker.faults() == []
    assert [desk.texts(one) for one in booked] == [[("booked", "accepted", None)]] * 10


def _up(server):
    server.start()
    server.wait_ready()
