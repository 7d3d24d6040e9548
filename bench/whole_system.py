"""The product as it is deployed on one machine: every process of docker-compose.yml, on servers of its own."""

import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench.book import Book
from bench.servers import Rows, rows, run_sql
from bench.visits import AT_ONCE, book_all
from cli.api import Api
from cli.instance import ROOT, Instance
from cli.seeding import AROUND_THE_CLOCK, Plan, Seeded, seed
from cli.servers.home import remove_home
from cli.system import System

PRACTITIONERS = 50
PATIENTS = 1000
_SETTLED_S = 60.0
_COPIES = (
    ("records", "SELECT count(*) FROM outbox WHERE published_at IS NULL"),
    ("scheduling", f"SELECT {PATIENTS} - count(*) FROM patients"),
    ("notifications", f"SELECT {PATIENTS} - count(*) FROM patients"),
)
_TEXTS = (("notifications", f"SELECT {PATIENTS} - count(*) FROM outbox WHERE type = 'text-sent'"),)


@dataclass(frozen=True)
class WholeSystem:
    """A running system with one network. `started_in` are seconds from nothing to ready, by step."""

    system: System
    seeded: Seeded
    book: Book
    started_in: Mapping[str, float]

    @property
    def gateway_url(self) -> str:
        return self.system.gateway_url

    @property
    def pids(self) -> dict[str, int]:
        """For a Meter: every process of ours, and the servers."""
        return pids_of(self.system)

    def secretary(self) -> Api:
        """A fresh session: an access token lives five minutes."""
        return self.seeded.sign_in(self.gateway_url, "secretary")

    def rows(self, service: str, statement: str, **params: Any) -> Rows:
        """What a question to a service's database finds, as the superuser."""
        return rows(self.database_url(service), statement, **params)

    def database_url(self, service: str) -> str:
        """A service's database as the superuser, whom no policy binds."""
        url = (self.system.instance.secrets / "admin_database_url").read_text("utf-8").strip()
        return urlunsplit(urlsplit(url)._replace(path=f"/{service}"))


def pids_of(system: System) -> dict[str, int]:
    """The process behind each name of docker-compose.yml that runs, and the servers'."""
    found = {name: one.pid for name, one in system.supervisor.watched.items()}
    found["postgresql"] = system.postgres.pid if system.postgres else None
    found["rabbitmq"] = system.rabbitmq.pid if system.rabbitmq else None
    return {name: pid for name, pid in found.items() if pid is not None}


@contextmanager
def fresh_system(started_in: dict[str, float]) -> Iterator[System]:
    """A system on empty databases that keep what they commit; removed at the end of the block."""
    instance = Instance(ROOT / ".run" / f"bench-{secrets.token_hex(4)}")
    began = time.monotonic()

    def note(line: str) -> None:
        started_in[line.strip().partition(" is ready")[0]] = round(time.monotonic() - began, 1)

    try:
        with System(instance, say=note) as system:
            started_in["everything"] = round(time.monotonic() - began, 1)
            instance.put_settings_into_environment(instead=True)
            yield system
    finally:
        remove_home(instance)


def furnished(system: System, started_in: Mapping[str, float]) -> WholeSystem:
    """The system with a network, fifty practitioners around the clock and a thousand patients who agree to texts.

    Each of them has a visit, as most who call a clinic had: of them scheduling knows by itself who may see them.
    """
    plan = Plan("Bench Clinics", "+12025550101", (("Main Street", "America/New_York"),))
    seeded = seed(system.gateway_url, plan)
    site_id = seeded.sites[0]["site_id"]
    practitioners = _practitioners(seeded.sign_in(system.gateway_url, "manager"), site_id)
    patients = _patients(seeded.sign_in(system.gateway_url, "secretary"), site_id)
    book = Book(site_id, seeded.types[0]["appointment_type_id"], practitioners, patients)
    whole = WholeSystem(system, seeded, book, started_in)
    _wait_for(whole, _COPIES)
    book_all(seeded.sign_in(system.gateway_url, "secretary"), "visit-of-before", book.next_bodies(PATIENTS))
    _wait_for(whole, _TEXTS)
    _know_sizes(whole)
    return whole


def _practitioners(manager: Api, site_id: str) -> list[str]:
    made = [
        manager.post("/v1/practitioners", {"given": "Noor", "family": f"Adeyemi {place}"})["practitioner_id"]
        for place in range(PRACTITIONERS)
    ]
    for practitioner_id in made:
        ids = {"practitioner_id": practitioner_id, "site_id": site_id}
        manager.put("/v1/working-hours", {**ids, "lanes": 1, "weekly": AROUND_THE_CLOCK})
    return made


def _patients(secretary: Api, site_id: str) -> list[str]:
    made: list[str] = []
    for first in range(0, PATIENTS, AT_ONCE):
        items = [_patient(place, site_id) for place in range(first, min(first + AT_ONCE, PATIENTS))]
        answers = secretary.post("/v1/patients/batch", {"items": items})["items"]
        made += [answer["body"]["patient_id"] for answer in answers]
    return made


def _patient(place: int, site_id: str) -> dict[str, Any]:
    who = {"given": "Wanda", "family": f"Marsh {place}", "phone": f"+1628555{place:04d}", "texting_consent": True}
    return {"key": f"patient-{place}", "site_id": site_id, **who}


def _know_sizes(whole: WholeSystem) -> None:
    """What autovacuum does within a minute: until then statements are planned for tables that were empty."""
    for service in ("scheduling", "records", "billing", "notifications"):
        run_sql(whole.database_url(service), "ANALYZE")


def _wait_for(whole: WholeSystem, waited_for: Sequence[tuple[str, str]]) -> None:
    deadline = time.monotonic() + _SETTLED_S
    while waiting := [question for service, question in waited_for if whole.rows(service, question)[0][0]]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not settled: {waiting}")
        time.sleep(0.2)


def forget_callers_settings() -> None:
    """A caller's servers are never measured, and never written to."""
    for name in [name for name in os.environ if name.startswith("FRONTDESK_")]:
        del os.environ[name]
