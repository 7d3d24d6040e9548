"""Which encounters can become appointments, with their times on the site's clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account
from cli.imports.synthea.people import read_patients, read_practitioners
from cli.imports.synthea.places import Places, read_places
from cli.imports.synthea.plan import Patient, Practitioner, Site
from cli.imports.synthea.sources import Resource

# A visit to a practitioner at a place, or by video (v3-ActEncounterCode).
AMBULATORY = frozenset({"AMB", "VR"})
_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(hours=12)  # the longest kind of appointment that Frontdesk gives
_EARLIEST = 1800  # the first year that the API takes


@dataclass(frozen=True, kw_only=True)
class People:
    """Who and where, by source id."""

    places: Places
    practitioners: dict[str, Practitioner]
    patients: dict[str, Patient]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An encounter that could be booked: `start_at` in UTC on the whole minute, as long as it took, rounded up."""

    encounter: Resource
    site: Site
    practitioner: str
    patient: str
    start_at: datetime
    minutes: int

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.zone)

    @property
    def day(self) -> date:
        """The day it began, by the site's calendar."""
        return self.start_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The day it ended: one that ran past midnight ends a day later."""
        return (self.start_at + self.minutes * _MINUTE).astimezone(self.zone).date()


def read_people(account: Account, zone: str | None = None) -> People:
    """Everyone of the source who can be imported."""
    places = read_places(account, zone)
    practitioners = read_practitioners(account)
    return People(
        places=places,
        practitioners=practitioners,
        patients=read_patients(account, places, _sites_seen_last(account, places)),
    )


def read_candidates(account: Account, people: People, classes: Collection[str] = AMBULATORY) -> list[Candidate]:
    """Every encounter of these classes that is not left out, oldest first."""
    found = []
    for encounter in account.all("Encounter"):
        if reason := _why_not(account, encounter, people, classes):
            account.leave_out("Encounter", encounter["id"], reason)
        else:
            found.append(_candidate(account, encounter, people))
    return sorted(found, key=lambda each: (each.start_at, each.encounter["id"]))


def site_of(account: Account, encounter: Resource, places: Places) -> str | None:
    """The site: its location's, else its organization's."""
    return next((site for kind, found in _where(account, encounter) if (site := places.at(kind, found))), None)


def class_of(encounter: Resource) -> str:
    """Its code of v3-ActEncounterCode."""
    return str(encounter.get("class", {}).get("code", "no class"))


def _why_not(account: Account, encounter: Resource, people: People, classes: Collection[str]) -> str | None:
    if class_of(encounter) not in classes:
        return f"not ambulatory ({class_of(encounter)})"
    if encounter.get("status") != "finished":
        return f"not finished ({encounter.get('status', 'no status')})"
    return _who_is_missing(account, encounter, people) or _what_is_wrong_with_the_time(encounter)


def _who_is_missing(account: Account, encounter: Resource, people: People) -> str | None:
    practitioner = _practitioner(account, encounter)
    if practitioner not in people.practitioners:
        named = any(each.get("individual") for each in encounter.get("participant", []))
        return "its practitioner is not imported" if named else "names no practitioner"
    if site_of(account, encounter, people.places) is None:
        named = bool(encounter.get("serviceProvider") or encounter.get("location"))
        return "its site is not imported" if named else "names no site"
    patient = account.references.find("Patient", encounter.get("subject"))
    return None if patient in people.patients else "its patient is not imported"


def _what_is_wrong_with_the_time(encounter: Resource) -> str | None:
    start_at, end_at = _period(encounter)
    if start_at is None or end_at is None:
        return "no start or no end"
    if start_at.year <= _EARLIEST:
        return f"before {_EARLIEST + 1}"
    if end_at < start_at:
        return "ends before it starts"
    return "lasts longer than 12 hours" if end_at - start_at > _LONGEST else None


def _candidate(account: Account, encounter: Resource, people: People) -> Candidate:
    start_at, end_at = _period(encounter)
    if start_at is None or end_at is None:
        raise ValueError("a candidate has both times")
    return Candidate(
        encounter=encounter,
        site=people.places.sites[str(site_of(account, encounter, people.places))],
        practitioner=str(_practitioner(account, encounter)),
        patient=str(account.references.find("Patient", encounter.get("subject"))),
        start_at=start_at.replace(second=0, microsecond=0),
        # One that took no time, as some exporters write them, took a minute.
        minutes=max(1, -((start_at - end_at) // _MINUTE)),
    )


def _period(encounter: Resource) -> tuple[datetime | None, datetime | None]:
    period = encounter.get("period", {})
    return fhir.instant(period.get("start")), fhir.instant(period.get("end"))


def _practitioner(account: Account, encounter: Resource) -> str | None:
    named = (
        account.references.find("Practitioner", each.get("individual")) for each in encounter.get("participant", [])
    )
    return next((each for each in named if each), None)


def _where(account: Account, encounter: Resource) -> Iterator[tuple[str, str | None]]:
    for each in encounter.get("location", []):
        yield "Location", account.references.find("Location", each.get("location"))
    yield "Organization", account.references.find("Organization", encounter.get("serviceProvider"))


def _sites_seen_last(account: Account, places: Places) -> dict[str, str]:
    last: dict[str, tuple[str, str]] = {}
    for encounter in account.all("Encounter"):
        patient = account.references.find("Patient", encounter.get("subject"))
        site = site_of(account, encounter, places)
        started = str(fhir.instant(encounter.get("period", {}).get("start")) or "")
        if patient and site:
            last[patient] = max(last.get(patient, ("", "")), (started, site))
    return {patient: site for patient, (_, site) in last.items()}
