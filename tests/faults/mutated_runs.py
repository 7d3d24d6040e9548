"""What happens in the run of each mutation: some work, and the fault or the haste that brings it to light.

Each gives what went wrong in the work itself; what it leaves behind is for the checker. Where an event may be lost a
later one is waited for, which the same handler takes: what is missing then does not come any more.
"""

import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pika
from asking import Asking, Sessions
from fix_desk import answer
from ground import Ground
from held import taken_while_held
from history import History
from recorded import RecordingApi
from tap import tap

AT_ONCE = 8


def many_ask_for_one_time(ground: Ground) -> list[str]:
    """Eight clients ask for one time, and again for the next one."""
    desk, diary = ground.desk, ground.desk.diary()
    patient = desk.register()

    def ask(place: int) -> None:
        answer(desk.session(), "POST", "/v1/appointments", diary.body(place, patient_id=patient["patient_id"]))

    for place in range(5):
        _at_once(ask, [place] * AT_ONCE)
    return []


def bookings_end_in_another_order(ground: Ground) -> list[str]:
    """Eight desks book, each in a diary of its own, and no transaction takes as long as another."""
    desk, diaries = ground.desk, [ground.desk.diary() for _ in range(AT_ONCE)]
    _at_once(lambda place: desk.book(diaries[place % AT_ONCE], place), range(3 * AT_ONCE))
    return []


def two_relays_find_a_backlog(ground: Ground) -> list[str]:
    """Both stand still while appointments are moved again and again; then both see all of it."""
    desk, system, diary = ground.desk, ground.system, ground.desk.diary(lanes=3)
    with ground.another("relay", "relay-b"), tap(desk) as read_along:
        booked = [desk.book(diary, 0) for _ in range(3)]
        with ground.standing_still(system.pid("relay"), system.pid("relay-b")):
            for place in range(1, 13):
                for one in booked:
                    desk.act(one, "move", {"start_at": diary.start(place)})
        ground.wait_until(lambda: not desk.checker.waiting())
        return read_along.out_of_order()


def a_handler_dies_behind_its_inbox_row(ground: Ground) -> list[str]:
    return _a_site_is_renamed(ground, "handler.after-inbox:1:kill")


def a_relay_dies_with_what_it_sent(ground: Ground) -> list[str]:
    return _a_site_is_renamed(ground, "relay.after-publish:1:kill")


def a_handler_errs_once(ground: Ground) -> list[str]:
    return _a_site_is_renamed(ground, "handler.after-inbox:1:raise")


def a_broker_dies_with_what_it_was_given(ground: Ground) -> list[str]:
    """It stands still, is sent an event, and is killed before it has read it."""
    broker = ground.system.rabbitmq
    with ground.standing_still(broker.pid):
        ground.rename_site(0)
        time.sleep(1.5)  # nothing tells that the relay has sent it: it has had a wake-up and 70 looks
        broker.stop(signal.SIGKILL)
        broker.start()
        broker.wait_ready()
    ground.wait_for_site(ground.rename_site(1))
    return []


def a_binding_is_missing_for_a_while(ground: Ground) -> list[str]:
    """An event that one handler hears finds no queue; then its binding is mended."""
    place = {"queue": "notifications.on_site", "exchange": "scheduling.events", "routing_key": "site-changed"}
    settled = "SELECT count(*) AS n FROM outbox WHERE aggregate_type = 'site' AND published_at IS NULL AND attempts = 0"
    with closing(pika.BlockingConnection(pika.URLParameters(ground.system.rabbitmq.amqp_url))) as connection:
        channel = connection.channel()
        channel.queue_unbind(**place)
        ground.rename_site(0)
        ground.wait_until(lambda: not ground.desk.rows("scheduling", settled)[0]["n"])
        channel.queue_bind(**place)
    ground.wait_for_site(ground.rename_site(1))
    return []


def clients_ask_again_with_their_keys(ground: Ground) -> list[str]:
    """Their answers are lost, so they ask again: a booking, a move, a check-in."""
    desk, diary = ground.desk, ground.desk.diary(lanes=4)
    api = RecordingApi(History(), desk.session(), loses_answers=True)
    booked = api.post("/v1/appointments", diary.body(0, new_patient=desk.newcomer()))
    path = f"/v1/appointments/{booked['appointment_id']}"
    api.post(f"{path}/move", {"start_at": diary.start(1)})
    api.post(f"{path}/check-in")
    return api.otherwise


def many_move_one_appointment(ground: Ground) -> list[str]:
    desk, diary = ground.desk, ground.desk.diary()
    one = desk.book(diary, 0)
    _at_once(lambda place: desk.act(one, "move", {"start_at": diary.start(place)}), range(1, 3 * AT_ONCE))
    return []


def a_sender_dies_once_the_carrier_has_the_text(ground: Ground) -> list[str]:
    with ground.breaking("text.after-request:1:kill"):
        ground.desk.book(ground.desk.diary(), 0)
    return []


def a_stop_comes_while_a_text_is_queued(ground: Ground) -> list[str]:
    """Nobody sends while the patient books and then says STOP."""
    desk, person = ground.desk, ground.desk.newcomer()
    ground.system.stop("notifications-work")
    booked = desk.book(desk.diary(), 0, person)
    ground.wait_until(lambda: [text for text in desk.texts(booked) if text[1] == "due"])
    assert desk.reply(person["phone"], "STOP") == 200
    ground.system.start("notifications-work")
    return []


def a_held_time_is_wanted_by_another(ground: Ground) -> list[str]:
    """Held, asked for by somebody else, and given up: by what both were told."""
    desk, diary, history = ground.desk, ground.desk.diary(), History()
    sessions, door = Sessions(desk.elm.accounts), [desk.system.gateway_url]
    one, other = (Asking(name, door, sessions, history) for name in ("one", "other"))
    patient = {"patient_id": desk.register()["patient_id"]}
    hold = one.write("hold", "/v1/holds", {**diary.body(0), "minutes": 5})
    other.write("book", "/v1/appointments", diary.body(0, **patient))
    one.write("release", f"/v1/holds/{hold.answer['hold_id']}", {})
    return list(taken_while_held(history.operations))


def somebody_takes_an_earlier_time_at_the_other_site(ground: Ground) -> list[str]:
    """Waits with a visit of this site, is offered a time at the other one, and accepts."""
    desk, manager = ground.desk, ground.desk.session("manager")
    visit, whose = desk.book(desk.diary(), 96), desk.diary(site=1).practitioner_id
    named = {name: visit[name] for name in ("patient_id", "appointment_type_id", "appointment_id")}
    entry_id = manager.post("/v1/waitlist", {**named, "practitioner_ids": [whose]})["entry_id"]
    offers = f"/v1/waitlist/offers?entry_id={entry_id}"
    ground.wait_until(lambda: manager.get(offers)["items"])
    manager.post(f"/v1/waitlist/offers/{manager.get(offers)['items'][0]['offer_id']}/accept")
    return []


def _a_site_is_renamed(ground: Ground, case: str) -> list[str]:
    with ground.breaking(case):
        ground.rename_site(0)
    ground.wait_for_site(ground.rename_site(1))
    return []


def _at_once(ask: Callable[[int], object], places: "range | list[int]") -> None:
    with ThreadPoolExecutor(AT_ONCE) as clients:
        list(clients.map(ask, places))
