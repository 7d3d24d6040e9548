"""PractitionerRole: who works where, and when, as far as it says."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.imports.synthea.account import Account
from cli.imports.synthea.encounters import People
from cli.imports.synthea.plan import Hours, Stretch
from cli.imports.synthea.sources import Resource

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_END_OF_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Role:
    """One record: a practitioner at a site, with the hours that it states (often none)."""

    source_id: str
    hours: Hours


def read_roles(account: Account, people: People) -> list[Role]:
    """Every role of somebody and some place that are imported."""
    roles = []
    for record in account.all("PractitionerRole"):
        who, at = _who(account, record), _where(account, record, people)
        if who not in people.practitioners:
            account.leave_out("PractitionerRole", record["id"], "its practitioner is not imported")
        elif at is None:
            account.leave_out("PractitionerRole", record["id"], "its site is not imported")
        else:
            hours = Hours(practitioner=str(who), site=at, lanes=1, weekly=tuple(sorted(_weekly(record))))
            roles.append(Role(source_id=record["id"], hours=hours))
            account.plan("PractitionerRole", record["id"])
    return roles


def _who(account: Account, record: Resource) -> str | None:
    return account.references.find("Practitioner", record.get("practitioner"))


def _where(account: Account, record: Resource, people: People) -> str | None:
    locations = (account.references.find("Location", each) for each in record.get("location", []))
    organization = account.references.find("Organization", record.get("organization"))
    sites = [people.places.at("Location", each) for each in locations]
    return next((site for site in (*sites, people.places.at("Organization", organization)) if site), None)


def _weekly(record: Resource) -> Iterator[Stretch]:
    """`availableTime` (practitionerrole.html): days of the week and two times of day."""
    for each in record.get("availableTime", []):
        starts, ends = _minutes(each.get("availableStartTime")), _minutes(each.get("availableEndTime"))
        days = [_DAYS.index(day) + 1 for day in each.get("daysOfWeek", []) if day in _DAYS]
        if starts is not None and ends is not None and starts < ends:
            yield from (Stretch(weekday=day, starts=starts, ends=ends) for day in days)


def _minutes(time_of_day: str | None) -> int | None:
    hours, _, rest = (time_of_day or "").partition(":")
    minutes = rest[:2]
    if not (hours.isdigit() and minutes.isdigit()):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if found <= _END_OF_DAY else None
