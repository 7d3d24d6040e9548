"""`clinic`: the two seeded networks on the session's whole system, with their people signed in."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from fix_system import RunningSystem

from cli.api import Api, ApiRefused
from cli.morning import stamp
from cli.seeding import ELM, HARBOR, Seeded, seed

Json = dict[str, Any]
QUARTER = timedelta(minutes=15)


@dataclass
class Clinic:
    """Both networks. Ids are Elm's first site, its practitioner who is always there, and its shortest visit."""

    system: RunningSystem
    elm: Seeded
    harbor: Seeded
    as_elm: Callable[[str], Api] = field(init=False)
    as_harbor: Callable[[str], Api] = field(init=False)

    def __post_init__(self) -> None:
        self.as_elm = cache(lambda role: self.elm.sign_in(self.system.gateway_url, role))
        self.as_harbor = cache(lambda role: self.harbor.sign_in(self.system.gateway_url, role))

    @property
    def place(self) -> Json:
        """Where a visit at Elm's first site can be booked."""
        return place_of(self.elm)

    def book(self, given: str = "Maria", family: str = "Lindqvist", **patient: Any) -> Json:
        """A new caller's visit on the site's present day, at any hour of which a manager may book."""
        newcomer = {"given": given, "family": family, **patient}
        patient_id = None
        for start in self._times_of_today():
            who = {"patient_id": patient_id} if patient_id else {"new_patient": newcomer}
            try:
                return self.as_elm("manager").post("/v1/appointments", self.place | who | {"start_at": stamp(start)})
            except ApiRefused as refused:
                if refused.slug != "appointment-overlaps":
                    raise
                patient_id = refused.problem["details"].get("patient_id", patient_id)
        raise AssertionError("the day is full")

    def _times_of_today(self) -> Iterator[datetime]:
        """Quarters of an hour that still come, then those that are over, the nearest first."""
        now = datetime.fromisoformat(self.as_elm("manager").get("/v1/me")["now"])
        zone = ZoneInfo(self.elm.sites[0]["zone"])
        first = now.replace(minute=now.minute - now.minute % 15, second=0) + QUARTER
        for start in (*(first + QUARTER * n for n in range(96)), *(first - QUARTER * n for n in range(1, 96))):
            if day_of(start, zone) == day_of(start + QUARTER, zone) == day_of(now, zone):
                yield start


def place_of(seeded: Seeded, site: int = 0) -> Json:
    """Site, practitioner who is always there, and shortest type."""
    site_id = seeded.sites[site]["site_id"]
    practitioner = next(one for one in seeded.practitioners if one["site_id"] == site_id)
    return {
        "site_id": site_id,
        "practitioner_id": practitioner["practitioner_id"],
        "appointment_type_id": seeded.types[0]["appointment_type_id"],
    }


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day there."""
    return instant.astimezone(zone).date()


@pytest.fixture(scope="session")
def clinic(system: RunningSystem) -> Iterator[Clinic]:
    """Seeded once a session; tests add to it and take nothing away."""
    with patch.dict(os.environ, system.environment):
        yield Clinic(system, seed(system.gateway_url, ELM), seed(system.gateway_url, HARBOR))
