"""Texts that are claimed, handed over and settled together, and those among them that cannot be."""

import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fix_notifications import NOW, TOMORROW, Desk, patient_with
from fix_sender import send_in_a_child

from services.notifications.adapters.sandbox import REFUSED_NUMBER
from services.notifications.operations.gateway import Answer, Outgoing
from shared.events.scheduling import SiteChanged
from shared.ids import new_id

ACCEPTED = ("booked", "accepted", None)


def book(desk: Desk, number: str | None, consented: bool | None = True, **more: object) -> None:
    desk.hear(desk.visit(desk.patient(number, consented), **more))


def book_many(desk: Desk, count: int) -> None:
    patients = [patient_with(f"+1202555{place:04}") for place in range(count)]
    desk.hear(*patients)
    desk.hear(*[desk.visit(patient.patient_id) for patient in patients])


def transactions(desk: Desk, table: str) -> int:
    """How many transactions wrote the table's rows last."""
    [row] = desk.rows(f"SELECT count(DISTINCT xmin::text) AS n FROM {table}")
    return int(row["n"])


def test_fifty_texts_are_one_batch_and_the_next_one_is_another(notifications: Desk) -> None:
    """Seen red by: `at_once = 1` for the sandbox."""
    book_many(notifications, 51)
    assert notifications.send() == 51
    assert notifications.texts() == [ACCEPTED] * 51
    assert {name: transactions(notifications, name) for name in ("tellings", "sandbox_texts", "texts")} == {
        "tellings": 2,  # written by the claims
        "sandbox_texts": 2,
        "texts": 2,
    }
    assert notifications.events() == [("text-sent", 1)] * 51
    [audited] = notifications.rows("SELECT count(*) AS n FROM audit_entries WHERE action = 'send_text'")
    assert audited["n"] == 51


def test_each_text_of_a_batch_has_its_own_reason(notifications: Desk) -> None:
    """Seen red by: opt-outs of the whole batch taken for each of its numbers."""
    notifications.reply("STOP", "+12025550101")
    book(notifications, "+12025550100")
    book(notifications, "+12025550101")
    book(notifications, "+12025550102", consented=None)
    book(notifications, None)
    book(notifications, "+12025550103", start_at=NOW)
    book(notifications, REFUSED_NUMBER)
    assert notifications.send() == 2
    assert sorted(notifications.texts(), key=str) == [
        ACCEPTED,
        ("booked", "refused", "invalid-number"),
        ("booked", "skipped", "no-consent"),
        ("booked", "skipped", "no-phone"),
        ("booked", "skipped", "opted-out"),
        ("booked", "skipped", "too-late"),
    ]
    assert sorted(notifications.tasks()) == ["no-consent", "no-phone", "text-refused"]
    assert sorted(notifications.events()) == [
        ("patient-opted-out", 1),
        ("text-failed", 1),
        ("text-sent", 1),
        *[("text-skipped", 1)] * 4,
    ]


def test_two_visits_of_one_patient_are_told_in_one_batch(notifications: Desk) -> None:
    patient_id = notifications.patient()
    for hours in (0, 1):
        notifications.hear(notifications.visit(patient_id, start_at=TOMORROW + timedelta(hours=hours)))
    assert notifications.send() == 2
    assert len(set(notifications.bodies())) == 2


def test_a_text_that_cannot_be_claimed_keeps_no_other_and_is_tried_again(notifications: Desk) -> None:
    """Its site is in a zone that nobody knows. Seen red by: `_take_each` left out."""
    site = SiteChanged(site_id=new_id(), version=1, name="South Clinic", zone="Mars/Olympus", phone=None)
    notifications.hear(site)
    book(notifications, "+12025550199", site_id=site.site_id)
    book_many(notifications, 3)
    assert notifications.send() == 3
    assert sorted(notifications.texts(), key=str) == [ACCEPTED] * 3 + [("booked", "due", None)]
    assert len(notifications.troubles) == 1
    notifications.hear(replace(site, version=2, zone="America/New_York"))
    assert notifications.send() == 1
    assert notifications.texts() == [ACCEPTED] * 4


def test_an_outcome_that_cannot_be_recorded_keeps_no_other(notifications: Desk) -> None:
    """Seen red by: a batch that fails not settled one by one."""
    book_many(notifications, 4)
    notifications.forbid("new.status = 'accepted' AND new.number = '+12025550002'")
    assert notifications.send() == 4
    assert sorted(notifications.texts()) == [ACCEPTED] * 3 + [("booked", "claimed", None)]
    assert len(notifications.troubles) == 1
    assert len(notifications.bodies()) == 4


class MixedGateway:
    """Answers each number in its own way."""

    name = "mixed"
    at_once = 50
    per_second = None

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers
        self.taken: list[str] = []

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        self.taken += [it.to_number for it in outgoing]
        return [self._answers[it.to_number] for it in outgoing]


def test_what_needs_other_locks_is_settled_beside_its_batch(notifications: Desk) -> None:
    """Seen red by: `goes_with_others` that does not ask for the opt-out."""
    answers = [
        Answer(status="accepted", sid="S0"),
        Answer(status="not-taken", reason="carrier-busy"),
        Answer(status="refused", reason="opted-out-at-carrier", opted_out=True),
        Answer(status="unknown", reason="no-answer"),
    ]
    gateway = MixedGateway({f"+1202555{place:04}": answer for place, answer in enumerate(answers)})
    book_many(notifications, 4)
    assert notifications.send(gateway) == 4
    assert sorted(notifications.texts(), key=str) == [
        ACCEPTED,
        ("booked", "due", None),
        ("booked", "refused", "opted-out-at-carrier"),
        ("booked", "unknown", "no-answer"),
    ]
    [said] = notifications.rows("SELECT number, opted_out FROM opt_outs")
    assert said == {"number": "+12025550002", "opted_out": True}
    assert notifications.send(gateway) == 0
    assert len(gateway.taken) == 4


@pytest.mark.parametrize(
    ("place", "reached_the_carrier"), [("text.after-claim", 0), ("text.after-request", 5), ("text.after-response", 5)]
)
def test_a_crash_in_a_batch_leaves_all_of_it_unknown_and_none_of_it_sent_twice(
    notifications: Desk, place: str, reached_the_carrier: int
) -> None:
    """Seen red by: lost claims made due again."""
    book_many(notifications, 5)
    assert send_in_a_child(notifications, f"{place}:1:kill") == -signal.SIGKILL
    for minutes in (0, 10):
        notifications.real_time.instant += timedelta(minutes=minutes)
        notifications.send()
    assert len(notifications.bodies()) == reached_the_carrier
    assert {status for _, status, _ in notifications.texts()} == {"unknown"}
    assert notifications.tasks() == ["text-unknown"] * 5
