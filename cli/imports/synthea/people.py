"""Organizations as sites, practitioners, and patients."""

from collections.abc import Mapping

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account
from cli.imports.synthea.bundles import Resource
from cli.imports.synthea.plan import Patient, Practitioner, Site
from cli.imports.synthea.zones import zone_of_state


def read_sites(account: Account) -> dict[str, Site]:
    """Sites by source id. Two organizations of one name are told apart by their city, or else by their id."""
    sites: dict[str, Site] = {}
    for organization in account.all("Organization"):
        found, zone = organization["id"], _zone(organization)
        if zone is None or not organization.get("name"):
            account.leave_out("Organization", found, "no name" if zone else "its state does not decide its time zone")
            continue
        site_name = _unique(organization, {site.name for site in sites.values()})
        sites[found] = Site(source_id=found, name=site_name, zone=zone, phone=fhir.phone(organization))
        account.plan("Organization", found)
    return sites


def _zone(organization: Resource) -> str | None:
    return zone_of_state(_address(organization).get("state"))


def _address(organization: Resource) -> Resource:
    addresses: list[Resource] = organization.get("address", [])
    return addresses[0] if addresses else {}


def _unique(organization: Resource, taken: set[str]) -> str:
    plain = organization["name"]
    candidates = (plain, f"{plain}, {_address(organization).get('city', '')}", f"{plain} ({organization['id']})")
    return next(each for each in candidates if each not in taken)


def read_practitioners(account: Account) -> dict[str, Practitioner]:
    """Practitioners by source id."""
    practitioners: dict[str, Practitioner] = {}
    for record in account.all("Practitioner"):
        found, named = record["id"], fhir.name(record)
        if not (given := " ".join(named.get("given", []))) or not (family := named.get("family")):
            account.leave_out("Practitioner", found, "no full name")
            continue
        prefix = " ".join(named.get("prefix", [])) or None
        practitioners[found] = Practitioner(source_id=found, given=given, family=family, prefix=prefix)
        account.plan("Practitioner", found)
    return practitioners


def read_patients(account: Account, sites: Mapping[str, Site]) -> dict[str, Patient]:
    """Patients by source id, each with the site seen last."""
    seen = _site_seen_last(account, sites)
    patients: dict[str, Patient] = {}
    for record in account.all("Patient"):
        if reason := _why_not(record, seen):
            account.leave_out("Patient", record["id"], reason)
            continue
        patients[record["id"]] = _patient(record, seen[record["id"]])
        account.plan("Patient", record["id"])
    return patients


def _patient(record: Resource, site: str) -> Patient:
    named = fhir.name(record)
    return Patient(
        source_id=record["id"],
        site=site,
        given=" ".join(named["given"]),
        family=named["family"],
        birth_on=fhir.day(record.get("birthDate")),
        phone=fhir.phone(record),
    )


def _why_not(record: Resource, seen: Mapping[str, str]) -> str | None:
    named = fhir.name(record)
    if not named.get("given") or not named.get("family"):
        return "no full name"
    return None if record["id"] in seen else "never seen at a site that is imported"


def _site_seen_last(account: Account, sites: Mapping[str, Site]) -> dict[str, str]:
    last: dict[str, tuple[str, str]] = {}
    for encounter in account.all("Encounter"):
        patient, site = fhir.reference(encounter.get("subject")), fhir.reference(encounter.get("serviceProvider"))
        started = str(fhir.instant(encounter.get("period", {}).get("start")) or "")
        if patient and site in sites:
            last[patient] = max(last.get(patient, ("", "")), (started, str(site)))
    return {patient: site for patient, (_, site) in last.items()}
