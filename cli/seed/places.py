"""The network's map: sites, who works there and when, what appointments are given for, what procedures cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cli.seed.copying import Batch
from cli.seed.ids import Ids
from cli.seed.names import Names, site_names
from cli.seed.procedures import FEES
from cli.seed.size import Size
from services.scheduling.domain.places import AppointmentType, Practitioner, Site
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours
from shared.money import CURRENCY

# (name, minutes, share of all visits)
TYPES = (("Urgent care", 15, 0.5), ("Follow-up", 20, 0.3), ("New patient", 40, 0.2))
MEAN_MINUTES = sum(minutes * share for _, minutes, share in TYPES)
# A diary that is walked through is free again after so many minutes where nobody booked.
PAUSE = timedelta(minutes=15)
_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
_FULLEST = 0.85
_WEEKS_A_YEAR = 365.25 / 7

# The first of a site is there every day, as in urgent care; the others have an office's week.
_EVERY_DAY = tuple(WeeklyHours(weekday=day, starts=8 * 60, ends=20 * 60) for day in range(1, 8))
_OFFICE = tuple(
    tuple(
        WeeklyHours(weekday=day, starts=start * 60, ends=end * 60)
        for day in range(1, 6)
        for start, end in ((first, first + 4), (first + 5, first + 9))
    )
    for first in (8, 9)
)


@dataclass(frozen=True)
class Clinic:
    """One site with its people and their hours; `fullness` is the chance that a time of a diary is taken."""

    number: int
    site: Site
    staff: Sequence[tuple[Practitioner, WorkingHours]]
    fullness: float


def appointment_types(ids: Ids) -> list[AppointmentType]:
    """The network's appointment types, in the order of TYPES."""
    return [
        AppointmentType(appointment_type_id=ids.of("type", number), name=name, minutes=minutes)
        for number, (name, minutes, _) in enumerate(TYPES)
    ]


def clinics(size: Size, ids: Ids, names: Names) -> list[Clinic]:
    """Every site, with as many practitioners as its patients' visits need."""
    return [
        _clinic(number, called, size, ids, names) for number, called in enumerate(site_names(size.seed, size.sites))
    ]


def write_map(batch: Batch, found: Sequence[Clinic], types: Sequence[AppointmentType]) -> None:
    """All of it, with the copies of sites that notifications keeps, and the fees."""
    batch.put_all(
        "scheduling.appointment_types",
        ((it.appointment_type_id, it.name, it.minutes, it.active, it.version) for it in types),
    )
    batch.put_all("billing.fees", ((system, code, cents, CURRENCY) for (system, code), cents in FEES.items()))
    for clinic in found:
        site = clinic.site
        batch.put("scheduling.sites", *vars(site).values())
        batch.put("notifications.sites", site.site_id, site.version, site.name, site.zone, site.phone)
        for practitioner, hours in clinic.staff:
            _write_practitioner(batch, practitioner, hours)


def _write_practitioner(batch: Batch, practitioner: Practitioner, hours: WorkingHours) -> None:
    place = (hours.practitioner_id, hours.site_id)
    name = (practitioner.given, practitioner.family, practitioner.prefix)
    batch.put("scheduling.practitioners", practitioner.practitioner_id, *name, practitioner.version)
    batch.put("scheduling.working_hours", *place, hours.lanes, hours.version)
    batch.put_all("scheduling.weekly_hours", ((*place, it.weekday, it.starts, it.ends) for it in hours.weekly))
    batch.put("scheduling.resource_lanes", hours.practitioner_id, 1)


def _clinic(number: int, called: str, size: Size, ids: Ids, names: Names) -> Clinic:
    chance = size.chance("site", number)
    zone = _ZONES[number * len(_ZONES) // size.sites]
    site = Site(site_id=ids.of("site", number), name=called, zone=zone, phone=f"+1202555{number % 10_000:04d}")
    weeks, fullness = _weeks(len(size.patients_of(number)) * size.visits_a_year / _WEEKS_A_YEAR)
    staff = []
    for place, weekly in enumerate(weeks):
        given, family = names.person(chance)
        practitioner_id = ids.of("practitioner", number * 1000 + place)
        hours = WorkingHours(practitioner_id=practitioner_id, site_id=site.site_id, weekly=weekly, version=1)
        staff.append((Practitioner(practitioner_id=practitioner_id, given=given, family=family, prefix="Dr."), hours))
    return Clinic(number, site, staff, fullness)


def _weeks(visits: float) -> tuple[list[tuple[WeeklyHours, ...]], float]:
    """As many diaries as so many visits a week need, and how full they are then."""
    weeks: list[tuple[WeeklyHours, ...]] = [_EVERY_DAY]
    while (fullness := _fullness(visits, weeks)) > _FULLEST:
        weeks.append(_OFFICE[len(weeks) % len(_OFFICE)])
    return weeks, fullness


def _fullness(visits: float, weeks: Sequence[Sequence[WeeklyHours]]) -> float:
    # Of `minutes`, each step takes a visit's length with this chance and a pause otherwise.
    minutes = sum(it.ends - it.starts for week in weeks for it in week)
    pause = PAUSE / timedelta(minutes=1)
    left = minutes - visits * (MEAN_MINUTES - pause)
    return pause * visits / left if left > 0 else 1.0
