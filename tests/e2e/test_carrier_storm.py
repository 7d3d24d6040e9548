"""A few hundred texts through real processes that are killed in mid-send and a carrier that misbehaves in every way.

The carrier's own list is the judge: no text twice, none lost in silence. The seed of the weather is printed;
FRONTDESK_STORM_SEED sets it, FRONTDESK_STORM_VISITS how many visits there are.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fix_carrier import Carrier, Held
from fix_desk import Desk, Json, desk_of
from fix_system import running_system
from fix_webhooks import HTTP_GATEWAY, Webhooks

SEED = int(os.environ.get("FRONTDESK_STORM_SEED") or 7)
VISITS = int(os.environ.get("FRONTDESK_STORM_VISITS") or 120)
WORKERS = ("notifications-work", "notifications-work-b")
# Of a hundred texts, until every visit could have had one and a half; then the carrier is well again.
WEATHER = {
    "429": 7, "503": 5, "500-before": 4, "500-after": 6, "reset-before": 4, "reset-after": 5, "cut-answer": 4,
    "no-sid": 2, "garbage": 2, "kill-before": 2, "kill-after": 2, "silent-after": 1, "bad-number": 1, "ok": 55,
}  # fmt: skip


# Texts that did not come and need no call: the visit is off, or a later text of it has come.
NO_CALL_NEEDED = """
SELECT text_id FROM texts JOIN appointments USING (network_id, appointment_id)
WHERE appointments.status <> 'booked' OR EXISTS (
    SELECT FROM texts AS later
    WHERE later.appointment_id = texts.appointment_id AND later.text_id <> texts.text_id
      AND later.due_at >= texts.due_at AND later.status IN ('accepted', 'delivered'))
"""


class Storm:
    """The system, its carrier, and what was told of each message."""

    def __init__(self, desk: Desk, carrier: Carrier, chance: random.Random) -> None:
        self.desk, self.carrier, self.chance = desk, carrier, chance
        self.webhooks = Webhooks(desk.system.gateway_url)
        self.told: dict[str, str] = {}  # the furthest state that was told of a message and answered 204
        self.kills = 0
        self.odd: list[tuple[str, int]] = []
        carrier.behave, carrier.kill = self.weather, self.kill_the_workers

    def weather(self, n: int) -> str:
        if n > 1.5 * VISITS:
            return "ok"
        return self.chance.choices(list(WEATHER), list(WEATHER.values()))[0]

    def kill_the_workers(self) -> None:
        for name in WORKERS:
            if pid := self.desk.system.pid(name):
                os.kill(pid, signal.SIGKILL)
        self.kills += 1

    def look_after(self) -> None:
        """Whoever was killed is started again."""
        for name in WORKERS:
            if self.desk.system.pid(name) is None:
                self.desk.system.start_at_once(name)

    def tell_receipts(self, stopping: threading.Event) -> None:
        """Of most messages, in a random order, some twice, some forged; of the others nothing is ever told."""
        waiting: list[tuple[Held, str]] = []
        seen = 0
        while not (stopping.is_set() and seen == len(self.carrier.held) and not waiting):
            for held in self.carrier.held[seen:]:
                waiting += [(held, word) for word in self._words()]
            seen = len(self.carrier.held)
            self.chance.shuffle(waiting)
            told = [waiting.pop() for _ in range(min(20, len(waiting)))]
            waiting += [(held, word) for held, word in told if not self._tell(held, word)]
            time.sleep(0.05)

    def _words(self) -> list[str]:
        if self.chance.random() < 0.3:
            return []
        last = "undelivered" if self.chance.random() < 0.1 else "delivered"
        return self.chance.choices(["queued", "sent", last, last, "forged"], k=4)

    def _tell(self, held: Held, word: str) -> bool:
        """False where it has to be told again: nobody answered, or not in time."""
        if word == "forged":
            status, expected = self.webhooks.receipt(held, "undelivered", signature="no"), 403
        else:
            status, expected = self.webhooks.receipt(held, word), 204
        if status in (503, 504):
            return False
        if status != expected:
            self.odd.append((word, status))
        elif word in ("delivered", "undelivered"):
            self.told[held.sid] = {"delivered": "delivered", "undelivered": "failed"}[word]
        return True

    def rows(self, statement: str) -> list[Json]:
        return self.desk.rows("notifications", statement)

    def waits(self) -> Counter[str]:
        """What is not settled yet."""
        rows = self.rows("SELECT status FROM texts WHERE status IN ('due', 'claimed', 'unknown')")
        return Counter(row["status"] for row in rows)


@pytest.fixture
def storm() -> Iterator[Storm]:
    """Two workers, and a carrier whose list is complete after half a minute."""
    carrier = Carrier()
    settings = HTTP_GATEWAY | {"FRONTDESK_TEXT_GATEWAY_URL": carrier.url, "FRONTDESK_TEXT_GRACE_S": "30"}
    try:
        with running_system(settings) as system:
            system.start_another(WORKERS[0], WORKERS[1])
            yield Storm(desk_of(system), carrier, random.Random(SEED))
    finally:
        carrier.close()


def book_many(storm: Storm) -> list[Json]:
    """Each visit of a person of her own; some move, some are cancelled."""
    diary = storm.desk.diary(lanes=100)
    secretary = storm.desk.session()

    def one(place: int) -> Json:
        body = diary.body(2 * place % 36 + 8, new_patient=storm.desk.newcomer())
        booked = secretary.post("/v1/appointments", body)
        path = f"/v1/appointments/{booked['appointment_id']}"
        if place % 6 == 1:
            secretary.post(f"{path}/move", {"start_at": diary.start(2 * place % 36 + 9)})
        if place % 9 == 2:
            secretary.post(f"{path}/cancel", {"reason": "patient called"})
        return booked

    with ThreadPoolExecutor(3) as desks:
        return list(desks.map(one, range(VISITS)))


def until(storm: Storm, true: Callable[[], Any], within: float) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, (SEED, storm.waits(), storm.kills)
        storm.look_after()
        time.sleep(0.1)


@pytest.mark.timeout(900)
def test_no_text_twice_and_none_lost_in_silence_through_kills_and_a_carrier_in_every_weather(storm: Storm) -> None:
    """Judged by the list of the carrier, which nothing of ours can touch."""
    print(f"FRONTDESK_STORM_SEED={SEED}")
    stopping = threading.Event()
    with ThreadPoolExecutor(2) as aside:
        receipts = aside.submit(storm.tell_receipts, stopping)
        try:
            booking = aside.submit(book_many, storm)
            until(storm, booking.done, 300)
            booked = booking.result()
            until(storm, lambda: not storm.desk.checker.waiting(), 300)
            until(storm, lambda: not storm.waits(), 400)
        finally:
            stopping.set()
        receipts.result()
    print(Counter(storm.carrier.behaved), f"kills: {storm.kills}, held: {len(storm.carrier.held)}")
    assert storm.odd == []
    judge(storm, booked)


def judge(storm: Storm, booked: list[Json]) -> None:
    held = storm.carrier.held
    twice = [key for key, count in Counter((it.to_number, it.body) for it in held).items() if count > 1]
    assert twice == []
    texts = storm.rows("SELECT text_id, sid, status, reason FROM texts")
    ours = {row["sid"]: row for row in texts if row["sid"]}
    assert {it.sid for it in held} == set(ours)  # what the carrier has, we know of, and the other way round
    went_out = {"accepted", "delivered", "failed"}
    assert {row["status"] for row in texts if row["sid"]} <= went_out
    assert [row for row in texts if row["status"] in went_out and not row["sid"]] == []
    for sid, status in storm.told.items():
        known = ours[sid]["status"]
        assert known == status or known == "delivered", (sid, status, known)
    untold = storm.rows(
        "SELECT appointment_id FROM appointments LEFT JOIN tellings USING (network_id, appointment_id)"
        " WHERE status = 'booked' AND (told_status, told_start_at) IS DISTINCT FROM ('booked', start_at)"
    )
    assert untold == []
    missing = {str(row["text_id"]) for row in texts if row["status"] in ("refused", "failed")}
    tasks = storm.rows("SELECT text_id FROM tasks WHERE done_at IS NULL AND reason <> 'reply'")
    called_for = {str(row["text_id"]) for row in tasks}
    assert called_for <= missing <= called_for | {str(row["text_id"]) for row in storm.rows(NO_CALL_NEEDED)}
    assert storm.kills > 0
    assert len(booked) == VISITS
