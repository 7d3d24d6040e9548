"""The job that sends, network after network: whose turn it is, how long a call lasts, and which carriers there are."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from fix_carrier import Carrier
from fix_carrier_http import ACCOUNT, SECRET
from fix_notifications import Desk

from services.notifications import jobs
from services.notifications.adapters.no_carrier import WITHOUT
from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.operations import SendRun
from services.notifications.operations.send_texts import TURN
from shared.ids import new_id
from shared.jobs import JobContext
from tests.integration.notifications.test_several_carriers import NOT_THIS_ONE
from tests.integration.notifications.test_text_runs import a_run


@dataclass
class Flies:
    """Real time, of which a whole turn goes by whenever somebody looks; and not for ever."""

    desk: Desk
    looks: int = 200

    def now(self) -> Any:
        self.looks -= 1
        assert self.looks, "it spins"
        self.desk.real_time.instant += TURN
        return self.desk.real_time.now()


@pytest.fixture
def job(notifications: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., jobs.Sending]:
    """The job by that real time, prepared with these settings."""

    def made(real_time: Any, **settings: str) -> jobs.Sending:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(jobs, "RealTime", lambda: real_time)
        found = jobs.Sending(SendRun, "texts-sent")
        found.prepare(context_of(notifications))
        return found

    return made


def context_of(desk: Desk) -> JobContext:
    return JobContext("notifications", desk.worker_units, desk.clock, Event())


def visits(desk: Desk, number: int) -> None:
    for each in range(number):
        desk.hear(desk.visit(desk.patient(f"+1202555{each:04}")))


def claims(desk: Desk) -> list[Any]:
    rows = desk.rows("SELECT network_id FROM audit_entries WHERE action = 'send_text' ORDER BY entry_id")
    return [row["network_id"] for row in rows]


def test_networks_take_turns_whatever_they_send(notifications: Desk, job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red by: a turn that ends with texts of runs alone."""
    monkeypatch.setattr(SandboxGateway, "at_once", 1)
    other = replace(notifications, network_id=new_id(), site_id=new_id())
    other.open("South", "+12025550998")
    for desk in (notifications, other):
        visits(desk, 2)
    job(Flies(notifications))(context_of(notifications))
    first, second, *rest = claims(notifications)
    assert (first != second, rest) == (True, [first, second])


def test_a_call_ends_while_there_is_more_to_send(
    notifications: Desk, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a job that works is taken for one that hangs. Seen red by: a call that ends with the last text."""
    monkeypatch.setattr(SandboxGateway, "at_once", 1)
    visits(notifications, 40)
    sending = job(Flies(notifications, 1000))
    sending(context_of(notifications))
    sent = len(claims(notifications))
    assert 0 < sent < 40
    sending(context_of(notifications))
    assert len(claims(notifications)) > sent


def test_texts_that_cannot_be_claimed_end_the_call(
    notifications: Desk, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: a network that leaves off though it sent nothing."""
    monkeypatch.setattr(SandboxGateway, "at_once", 1)
    a_run(notifications, 3)
    ids = [row["appointment_id"] for row in notifications.rows("SELECT appointment_id FROM texts")]
    with notifications.units.for_network(notifications.network_id) as uow:
        uow.copies.lock_visits(ids)
        job(Flies(notifications))(context_of(notifications))
    assert claims(notifications) == []


def test_texts_whose_claim_fails_are_tried_once_a_call(
    notifications: Desk, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While others of the network go, though it comes first.

    Seen red by: what failed forgotten with each turn; a turn in which nothing but it was decided, taken for the last.
    """
    monkeypatch.setattr(SandboxGateway, "at_once", 1)
    monkeypatch.setattr(random, "sample", lambda ready, many: list(ready)[:many])
    visits(notifications, 4)
    [bad] = notifications.rows("SELECT patient_id FROM texts ORDER BY due_at, text_id LIMIT 1")
    notifications.rows(NOT_THIS_ONE.format(**bad))
    troubles: list[Exception] = []
    monkeypatch.setattr(jobs, "_troubled", lambda _id, error: troubles.append(error))
    job(Flies(notifications))(context_of(notifications))
    assert (len(claims(notifications)), len(troubles)) == (3, 1)


def settings_of(carrier: Carrier, *networks: Any) -> dict[str, str]:
    accounts = {"main": {"url": carrier.url, "account": ACCOUNT, "secret": SECRET}}
    told = {"accounts": accounts, "networks": {str(it): ["main"] for it in networks}}
    return {
        "FRONTDESK_TEXT_GATEWAY": "http",
        "FRONTDESK_PUBLIC_URL": "https://desk.example",
        "FRONTDESK_TEXT_CARRIERS": json.dumps(told),
    }


def test_carriers_are_read_once_so_that_what_is_written_wrong_later_ends_no_job(
    notifications: Desk, carrier: Carrier, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: the setting read again by every call."""
    sending = job(notifications.real_time, **settings_of(carrier, "*"))
    visits(notifications, 1)
    monkeypatch.setenv("FRONTDESK_TEXT_CARRIERS", "{")
    with suppress(SystemExit):
        sending(context_of(notifications))
    assert len(carrier.held) == 1
    with pytest.raises(SystemExit):
        sending.prepare(context_of(notifications))


def test_the_texts_of_every_network_without_an_account_are_tried_as_others_are(
    notifications: Desk, carrier: Carrier, job: Any
) -> None:
    """Each text at its own times, and each network told of once. Seen red by: one that is left alone after three
    attempts in vain; somebody else's attempts counted; a network that each of the jobs tells of.
    """
    others = [replace(notifications, network_id=new_id(), site_id=new_id()) for _ in range(4)]
    for place, desk in enumerate(others):
        desk.open("South", f"+1202555099{place}")
    for desk in (notifications, *others):
        visits(desk, 2)
    before, settings = set(jobs.NOBODY.told), settings_of(carrier, new_id())
    for _ in range(2):
        job(notifications.real_time, **settings)(context_of(notifications))
    tried = notifications.rows("SELECT tries, next_try_at FROM texts")
    assert [(row["tries"], row["next_try_at"] is not None) for row in tried] == [(1, True)] * 10
    assert jobs.NOBODY.told - before == {it.network_id for it in (notifications, *others)}
    notifications.real_time.instant += timedelta(hours=4)
    job(notifications.real_time, **settings)(context_of(notifications))
    assert notifications.rows("SELECT DISTINCT status, reason FROM texts") == [
        {"status": "refused", "reason": "no-carrier"}
    ]


def test_a_network_without_an_account_is_told_of_and_its_texts_have_their_reason(
    notifications: Desk, carrier: Carrier, job: Any
) -> None:
    """Its texts wait first, as where the carrier is away. Seen red by: no carrier where there is no account."""
    sending = job(notifications.real_time, **settings_of(carrier, new_id()))
    visits(notifications, 1)
    sending(context_of(notifications))
    assert notifications.texts() == [("booked", "due", None)]
    assert WITHOUT.labels("notifications")._value.get() == len(jobs.NOBODY.told)
    assert notifications.network_id in jobs.NOBODY.told
    notifications.real_time.instant += timedelta(hours=4)
    sending(context_of(notifications))
    assert notifications.texts() == [("booked", "refused", "no-carrier")]
    assert (notifications.tasks(), carrier.posted) == (["text-refused"], [])
