"""Practitioners and patients."""

from collections.abc import Mapping
from math import cos, hypot, radians

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account
from cli.imports.synthea.places import Places, town_of
from cli.imports.synthea.plan import Patient, Practitioner
from cli.imports.synthea.sources import Resource
from cli.imports.synthea.zones import Point, point_of

NO_FULL_NAME = "no full name"
_DEGREE_KM = 111.0
_NEAR_KM = 200.0


def read_practitioners(account: Account) -> dict[str, Practitioner]:
    """Practitioners by source id."""
    practitioners: dict[str, Practitioner] = {}
    for record in account.all("Practitioner"):
        found, named = record["id"], fhir.name(record)
        if not named["given"] or not named["family"]:
            account.leave_out("Practitioner", found, NO_FULL_NAME)
            continue
        practitioners[found] = Practitioner(source_id=found, **named)
        account.plan("Practitioner", found)
    return practitioners


def read_patients(account: Account, places: Places, seen: Mapping[str, str]) -> dict[str, Patient]:
    """Patients by source id, each with the site seen last (`seen`), or where the record says that they belong."""
    homes = Homes(account, places)
    patients: dict[str, Patient] = {}
    for record in account.all("Patient"):
        named = fhir.name(record)
        if not named["given"] or not named["family"]:
            account.leave_out("Patient", record["id"], NO_FULL_NAME)
        elif (site := seen.get(record["id"]) or homes.of(record)) is None:
            account.leave_out("Patient", record["id"], "no visit at a site that is imported, and no such site near")
        else:
            patients[record["id"]] = _patient(record, site)
            account.plan("Patient", record["id"])
    return patients


class Homes:
    """Where a patient belongs who was never seen: the organization that keeps them, or else the nearest site."""

    def __init__(self, account: Account, places: Places) -> None:
        self._account, self._places = account, places

    def of(self, patient: Resource) -> str | None:
        """The site; None where nothing says one."""
        if site := self._keeper(patient):
            return site
        for address in patient.get("address", []):
            if (home := point_of(address)) and (near := self._nearest(home)):
                return near
            if named := self._places.of_town.get(town_of(address)):
                return named
        return next(iter(self._places.sites)) if len(self._places.sites) == 1 else None

    def _keeper(self, patient: Resource) -> str | None:
        named = (patient.get("managingOrganization"), *patient.get("generalPractitioner", []))
        found = (self._account.references.find("Organization", each) for each in named)
        return next((site for each in found if (site := self._places.at("Organization", each))), None)

    def _nearest(self, home: Point) -> str | None:
        distances = ((_km(home, point), key) for key, point in self._places.points.items())
        km, key = min(distances, default=(_NEAR_KM, None))
        return key if km < _NEAR_KM else None


def _patient(record: Resource, site: str) -> Patient:
    named = fhir.name(record)
    return Patient(
        source_id=record["id"],
        site=site,
        given=named["given"],
        family=named["family"],
        birth_on=fhir.day(record.get("birthDate")),
        phone=fhir.phone(record),
        language=fhir.language(record),
    )


def _km(one: Point, other: Point) -> float:
    """On a plane, which is near enough for finding the nearest of a state's sites."""
    north = (one[0] - other[0]) * _DEGREE_KM
    east = (one[1] - other[1]) * _DEGREE_KM * cos(radians((one[0] + other[0]) / 2))
    return hypot(north, east)
