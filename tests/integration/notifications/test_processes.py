"""The real processes: events in by the broker, commands and questions by HTTP, texts out by `work`."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import urllib3
from fix_messaging import NETWORK, ROOT, Line, until
from fix_notifications import SENDER, patient_with, visit_of
from joserfc.jwk import OKPKey

from cli.servers.ports import free_ports
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.calls.outcomes import CallRefused
from shared.clock import BusinessClock
from shared.events.scheduling import SiteChanged
from shared.ids import new_id

KEY = OKPKey.generate_key("Ed25519")
NUMBER = "+12025550100"


@dataclass
class Running:
    """`serve` and `work` of notifications behind a line."""

    line: Line
    client: ServiceClient
    ports: dict[str, int]
    site_id: UUID

    def start(self, kind: str, **more: str) -> subprocess.Popen[bytes]:
        environment = {
            **self.line.environment(kind),
            "FRONTDESK_ADDRESS": f"127.0.0.1:{self.ports[kind]}",
            "FRONTDESK_CLAIMS_PUBLIC_KEY": json.dumps(KEY.as_dict(private=False)),
            **more,
        }
        log = (self.line.logs / f"notifications-{kind}.log").open("ab")
        command = [sys.executable, "-m", "shared.run", kind, "notifications"]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        self.line.processes.append(process)
        return process

    def is_ready(self, kind: str) -> bool:
        try:
            answer = urllib3.request("GET", f"http://127.0.0.1:{self.ports[kind]}/readyz", timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200

    def asker(self, *scopes: str, sites: frozenset[UUID] | None = None) -> Asker:
        return Asker(
            actor_id="a-1",
            actor_kind="client",
            network_id=NETWORK,
            sites=sites,
            scopes=frozenset(scopes),
            correlation_id="corr-1",
        )

    def book(self, number: str = NUMBER) -> UUID:
        """A patient with consent and her visit of tomorrow by the processes' own clock, told by way of the broker."""
        patient, now = patient_with(number), BusinessClock().now().replace(microsecond=0)
        start, end = now + timedelta(days=1), now + timedelta(days=1, minutes=30)
        visit = visit_of(patient.patient_id, self.site_id, booked_at=now, start_at=start, end_at=end)
        self.line.tell(visit, patient)
        return visit.appointment_id

    def statuses(self, appointment_id: UUID) -> list[tuple[str, str | None]]:
        body = {"appointment_id": str(appointment_id)}
        try:
            items = self.client.query("texts", body, self.asker("texts:read"))["items"]
        except CallRefused:  # not-found: its event has not arrived yet
            return []
        return [(item["status"], item["reason"]) for item in items]


@pytest.fixture
def running(line: Line) -> Running:
    """A network that is open, a site that is known, and every process ready."""
    ports = dict(zip(("serve", "work"), free_ports(2), strict=True))
    client = ServiceClient(
        "notifications", f"http://127.0.0.1:{ports['serve']}", Signer(KEY.as_dict(private=True), "gateway")
    )
    made = Running(line, client, ports, new_id())
    line.relay()
    made.start("serve")
    made.start("work")
    until(lambda: made.is_ready("serve") and made.is_ready("work"))
    network = {"network_id": str(NETWORK), "name": "North", "sender_number": SENDER}
    client.command("open_network", network, replace(made.asker("operator"), actor_kind="operator"), "open-1")
    # These processes go by the machine's clock, which may say that it is night.
    by_night_too = {"quiet": None, "most_a_day": None, "most_a_week": None}
    client.command("set_texting_limits", by_night_too, made.asker("texts:templates"), "limits-1")
    line.tell(SiteChanged(site_id=made.site_id, version=1, name="North Clinic", zone="America/Chicago", phone=None))
    return made


def reply(running: Running, body: str, message_id: str) -> dict[str, Any]:
    told = {"from_number": NUMBER, "to_number": SENDER, "body": body, "message_id": message_id}
    return dict(running.client.command("receive_reply", told, running.asker("texts:reply"), f"reply/{message_id}"))


@pytest.mark.requirement("8b")
def test_a_visit_told_by_the_broker_becomes_a_text_and_a_stop_by_http_is_in_force(running: Running) -> None:
    """Seen red by: a STOP that is read and not kept."""
    first = running.book()
    until(lambda: running.statuses(first) == [("accepted", None)])
    [kept] = running.client.query("sandbox_texts", {}, running.asker("texts:read"))["items"]
    assert (kept["to_number"], kept["appointment_id"]) == (NUMBER, str(first))
    assert "North Clinic" in kept["body"]
    assert reply(running, " stop. Thank you", "m1")["opted_out"]
    second = running.book()
    until(lambda: running.statuses(second) == [("skipped", "opted-out")])
    written = "".join(path.read_text(errors="replace") for path in running.line.logs.glob("notifications-*.log"))
    assert "texts-sent" in written
    for secret in (NUMBER, NUMBER[2:], "Quillon", "North Clinic:", "Thank you"):
        assert secret not in written


def test_a_secretary_of_another_site_sees_neither_texts_nor_tasks_nor_the_sandbox(running: Running) -> None:
    """Seen red by: the questions without require_site."""
    appointment_id = running.book()
    until(lambda: running.statuses(appointment_id) == [("accepted", None)])
    stranger = running.asker("texts:read", "tasks:read", sites=frozenset({new_id()}))
    for name, body in (
        ("texts", {"site_id": str(running.site_id)}),
        ("texts", {"appointment_id": str(appointment_id)}),
        ("tasks", {"site_id": str(running.site_id)}),
        ("tasks", {"site_id": str(new_id())}),
    ):
        with pytest.raises(CallRefused) as caught:
            running.client.query(name, body, stranger)
        assert (caught.value.slug, caught.value.details) == ("not-found", {})
    assert running.client.query("sandbox_texts", {}, stranger)["items"] == []


def test_work_killed_in_mid_text_sends_the_rest_when_it_is_back(running: Running) -> None:
    """Seen red by: a claim that is not committed before the carrier is asked."""
    worker = running.line.processes[-1]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0
    broken = running.start("work", FRONTDESK_FAILPOINTS="1", FAILPOINT="text.after-request:1:kill")
    booked = [running.book("+12025550000")]
    until(lambda: broken.poll() is not None)
    booked += [running.book(f"+1202555{place:04}") for place in range(1, 8)]
    running.start("work")
    until(lambda: sum(running.statuses(it) == [("accepted", None)] for it in booked) == len(booked) - 1)
    held = running.client.query("sandbox_texts", {}, running.asker("texts:read"))["items"]
    assert len(held) == len({text["to_number"] for text in held}) == len(booked)
    assert sorted(running.statuses(it)[0][0] for it in booked) == ["accepted"] * 7 + ["claimed"]
