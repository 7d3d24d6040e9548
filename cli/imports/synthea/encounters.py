"""Which encounters can become appointments, with their times on the site's clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account
from cli.imports.synthea.bundles import Resource
from cli.imports.synthea.people import read_patients, read_practitioners, read_sites
from cli.imports.synthea.plan import Patient, Practitioner, Site

_MINUTE = timedelta(minutes=1)
_LONGEST = timedelta(hours=12)  # the longest kind of appointment that Frontdesk gives


@dataclass(frozen=True, kw_only=True)
class People:
    """Who and where, by source id."""

    sites: dict[str, Site]
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


def read_people(account: Account) -> People:
    """Everyone of the source who can be imported."""
    sites = read_sites(account)
    return People(sites=sites, practitioners=read_practitioners(account), patients=read_patients(account, sites))


def read_candidates(account: Account, people: People) -> list[Candidate]:
    """Every encounter that is not left out, oldest first."""
    found = []
    for encounter in account.all("Encounter"):
        if reason := why_not(encounter, people):
            account.leave_out("Encounter", encounter["id"], reason)
        else:
            found.append(_candidate(encounter, people))
    return sorted(found, key=lambda each: (each.start_at, each.encounter["id"]))


def why_not(encounter: Resource, people: People) -> str | None:
    """Why this encounter cannot become an appointment; None when it can."""
    code = encounter.get("class", {}).get("code", "no class")
    if code != "AMB":
        return f"not ambulatory ({code})"
    if encounter.get("status") != "finished":
        return f"not finished ({encounter.get('status', 'no status')})"
    return _who_is_missing(encounter, people) or _what_is_wrong_with_the_time(encounter)


def _who_is_missing(encounter: Resource, people: People) -> str | None:
    if _practitioner(encounter) is None:
        return "names no practitioner"
    if _practitioner(encounter) not in people.practitioners:
        return "its practitioner is not imported"
    if fhir.reference(encounter.get("serviceProvider")) not in people.sites:
        return "its site is not imported"
    return None if fhir.reference(encounter.get("subject")) in people.patients else "its patient is not imported"


def _what_is_wrong_with_the_time(encounter: Resource) -> str | None:
    start_at, end_at = _period(encounter)
    if start_at is None or end_at is None:
        return "no start or no end"
    if end_at <= start_at:
        return "ends before it starts"
    return "lasts longer than 12 hours" if end_at - start_at > _LONGEST else None


def _candidate(encounter: Resource, people: People) -> Candidate:
    start_at, end_at = _period(encounter)
    if start_at is None or end_at is None:
        raise ValueError("a candidate has both times")
    return Candidate(
        encounter=encounter,
        site=people.sites[str(fhir.reference(encounter["serviceProvider"]))],
        practitioner=str(_practitioner(encounter)),
        patient=str(fhir.reference(encounter["subject"])),
        start_at=start_at.replace(second=0, microsecond=0),
        minutes=-((start_at - end_at) // _MINUTE),
    )


def _period(encounter: Resource) -> tuple[datetime | None, datetime | None]:
    period = encounter.get("period", {})
    return fhir.instant(period.get("start")), fhir.instant(period.get("end"))


def _practitioner(encounter: Resource) -> str | None:
    named = (fhir.reference(each.get("individual")) for each in encounter.get("participant", []))
    return next((each for each in named if each), None)
