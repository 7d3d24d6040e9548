"""The real processes of records and billing: a check-in comes by the broker, a claim leaves on the feed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pika
import pytest
import urllib3
from fix_messaging import EVENT_KEYS, ROOT, until
from fix_records import booked, told_as
from fix_servers import PASSWORD, BrokerUrls, DatabaseUrls
from fix_told import NOW, as_event
from joserfc.jwk import OKPKey

from cli import feed_queue
from cli.feed_rows import FeedOrder, Row
from cli.servers.ports import free_ports
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.calls.outcomes import CallRefused
from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.envelope import encode
from shared.events.scheduling import AppointmentArrived
from shared.ids import encounter_id_of, new_id
from shared.messaging import topology
from shared.messaging.broker_api import ApiRequest, BrokerApi
from shared.messaging.claim_feed import feed_queue as queue_of
from shared.messaging.claim_feed import open_feed

KEY = OKPKey.generate_key("Ed25519")
SERVICES = ("records", "billing")
ICD, CPT = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt"
CANARIES = ("Zephyrine", "Quillon", "2025550100", "1968-04-12", "MEMBER-77")


@dataclass
class Desk:
    """serve and work of records and billing, and the relay, behind one broker."""

    broker: BrokerUrls
    databases: dict[str, DatabaseUrls]
    logs: Path
    ports: dict[str, int]
    network_id: UUID = field(default_factory=new_id)
    site_id: UUID = field(default_factory=new_id)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, kind: str, *names: str) -> None:
        """One process; `serve` answers at its port."""
        user = "relay" if kind == "relay" else names[0]
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "FRONTDESK_ADDRESS": f"127.0.0.1:{self.ports[f'{kind}-{names[0]}']}",
            "FRONTDESK_AMQP_URL": self.broker.amqp_as(user),
            "FRONTDESK_RABBITMQ_API_URL": self.broker.api,
            "FRONTDESK_EVENT_KEYS": EVENT_KEYS,
            "FRONTDESK_CLAIMS_PUBLIC_KEY": json.dumps(KEY.as_dict(private=False)),
        }
        for name, urls in self.databases.items():
            environment |= {
                f"FRONTDESK_{name.upper()}_DATABASE_URL": urls.app,
                f"FRONTDESK_{name.upper()}_WORKER_DATABASE_URL": urls.worker,
                f"FRONTDESK_{name.upper()}_RELAY_DATABASE_URL": urls.relay,
            }
        log = (self.logs / f"{kind}-{names[0]}.log").open("ab")
        command = [sys.executable, "-m", "shared.run", kind, *names]
        self.processes.append(
            subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        )

    def is_ready(self, process: str) -> bool:
        try:
            answer = urllib3.request("GET", f"http://127.0.0.1:{self.ports[process]}/readyz", timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200

    def asker(self, *scopes: str) -> Asker:
        sites = frozenset({self.site_id})
        return Asker(
            actor_id="u1", actor_kind="user", network_id=self.network_id, sites=sites, scopes=frozenset(scopes)
        )

    def client(self, service: str) -> ServiceClient:
        return ServiceClient(
            service, f"http://127.0.0.1:{self.ports[f'serve-{service}']}", Signer(KEY.as_dict(private=True), "cli")
        )

    def tell(self, service: str, command: str, scope: str, /, **body: Any) -> Any:
        return self.client(service).command(command, body, self.asker(scope), str(new_id()), 20.0)

    def ask(self, service: str, question: str, scope: str, /, **body: Any) -> Any:
        return self.client(service).query(question, body, self.asker(scope), 20.0)

    def publish(self, condition: Condition) -> None:
        """A fact of scheduling's, as its relay publishes it."""
        body = json.dumps(encode(as_event(condition, self.network_id), Keyring.parse(EVENT_KEYS))).encode()
        with closing(pika.BlockingConnection(pika.URLParameters(self.broker.amqp))) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish("scheduling.events", condition.type, body, mandatory=True)

    def feed(self) -> list[Row]:
        """What a reader of the feed gets now."""
        rows: list[Row] = []
        queue = queue_of(self.network_id)
        feed_queue.drain(self.broker.amqp_as(queue), queue, FeedOrder(lambda _: []), rows.append)
        return rows

    def logged(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.logs.glob("*.log"))


@pytest.fixture
def desk(database: Callable[[str], DatabaseUrls], broker: BrokerUrls, tmp_path: Path) -> Iterator[Desk]:
    """Running processes with one network in both services."""
    api = BrokerApi(broker.api)
    topology.declare(api, dict.fromkeys(topology.broker_users(), PASSWORD))
    names = [*(f"{kind}-{name}" for kind in ("serve", "work") for name in SERVICES), "relay-records"]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    made = Desk(broker, {name: database(name) for name in SERVICES}, tmp_path, ports)
    open_feed(api, made.network_id, PASSWORD)
    for name in SERVICES:
        made.start("serve", name)
        made.start("work", name)
    made.start("relay", *SERVICES)
    try:
        for name in names:
            until(lambda name=name: made.is_ready(name), within=90)
        for name in SERVICES:
            made.tell(name, "open_network", "operator", network_id=str(made.network_id), name="North")
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()
        api.send(ApiRequest("DELETE", f"/api/users/{queue_of(made.network_id)}"))


@pytest.mark.requirement("3a")
def test_a_check_in_becomes_an_encounter_charges_a_claim_and_one_row_of_the_feed(desk: Desk) -> None:
    """And no name, number, birth date or member id stands in a log. Seen red by: the family name in a warning."""
    fee = {"system": CPT, "code": "99213", "amount_cents": 12_550, "currency": "USD"}
    desk.tell("billing", "set_fees", "fees:write", fees=[fee])
    coverage = {"payer_name": "Acme", "payer_id": "60054", "member_id": "MEMBER-77"}
    person = {"given": "Quillon", "family": "Zephyrine", "birth_on": "1968-04-12", "phone": "+12025550100"}
    body = {"site_id": str(desk.site_id), **person, "texting_consent": True, "coverage": coverage}
    patient = desk.tell("records", "register_patient", "patients:write", **body)
    visit = booked(UUID(patient["patient_id"]), desk.site_id)
    arrival_id = new_id()
    arrived = told_as(AppointmentArrived, visit, status="arrived", arrival_id=arrival_id, arrived_at=NOW)
    desk.publish(arrived)
    desk.publish(visit)
    desk.publish(arrived)
    encounter_id = str(encounter_id_of(arrival_id))
    until(lambda: found(lambda: desk.ask("records", "encounter", "encounters:read", encounter_id=encounter_id)))
    codes = {"diagnoses": [{"system": ICD, "code": "J06.9"}]}
    done = {"system": CPT, "code": "99213", "units": 2, "diagnosis_pointers": [1]}
    desk.tell("records", "finish_encounter", "encounters:write", encounter_id=encounter_id, **codes, procedures=[done])
    claims = {"encounter_id": encounter_id}
    (claim,) = until(lambda: desk.ask("billing", "claims", "claims:read", **claims)["items"])
    assert (claim["status"], claim["total_cents"], claim["payer_id"]) == ("active", 25_100, "60054")
    (row,) = until(desk.feed)
    assert (row["sequence"], row["claim_id"], row["total_cents"]) == (1, claim["claim_id"], 25_100)
    with pytest.raises(CallRefused) as refused:
        desk.tell("records", "register_patient", "patients:write", **{**body, "phone": "2025550100 x Zephyrine"})
    assert not any(canary in str(vars(refused.value)) for canary in CANARIES)
    assert [canary for canary in CANARIES if canary in desk.logged()] == []


def found(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except CallRefused:
        return None
