"""Locations and organizations as sites.

A site is a place: a Location is one, and an Organization that names none. An Organization with Locations is where its
Location is, so both records are one site.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cli.imports.synthea import fhir
from cli.imports.synthea.account import Account, Key
from cli.imports.synthea.plan import Site
from cli.imports.synthea.sources import Resource
from cli.imports.synthea.zones import Point, point_of, zone_of

PAYER = "a payer: known by its name on coverages"
_PAYERS = frozenset({"pay", "ins"})
_NO_ZONE = "its address does not decide its time zone (--zone says it)"


@dataclass(frozen=True, kw_only=True)
class Places:
    """The sites of a source, and which of its records is which site."""

    sites: dict[str, Site] = field(default_factory=dict)
    of_record: dict[Key, str] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)
    of_town: dict[str, str] = field(default_factory=dict)

    def at(self, kind: str, source_id: str | None) -> str | None:
        """The site that this Location or Organization is."""
        return self.of_record.get((kind, source_id or ""))


def read_places(account: Account, zone: str | None = None) -> Places:
    """All sites. `zone` is for those whose address does not decide it."""
    places = Places()
    for location in account.all("Location"):
        _add_location(location, account, places, zone)
    houses = _houses(account, places)
    for organization in account.all("Organization"):
        _add_organization(organization, houses.get(organization["id"]), account, places, zone)
    _name_apart(places, account)
    return places


def is_payer(organization: Resource) -> bool:
    """Whether it pays and sees nobody (valueset-organization-type)."""
    return bool(fhir.codes(organization.get("type", [])) & _PAYERS)


def town_of(address: Resource) -> str:
    """City and state in one spelling; empty where one is missing."""
    words = [address.get(name, "").strip().casefold() for name in ("city", "state")]
    return ", ".join(words) if all(words) else ""


def _add_location(location: Resource, account: Account, places: Places, zone: str | None) -> None:
    if location.get("mode") == "kind":
        account.leave_out("Location", location["id"], "a kind of place, and no place")
    elif account.named("Location", location.get("partOf")):
        account.leave_out("Location", location["id"], "part of another place")
    else:
        owner = account.named("Organization", location.get("managingOrganization")) or {}
        address = location.get("address") or _address(owner)
        _add_site("Location", location, location.get("name") or owner.get("name"), address, account, places, zone)


def _add_organization(
    organization: Resource, house: str | None, account: Account, places: Places, zone: str | None
) -> None:
    found = organization["id"]
    if is_payer(organization):
        account.leave_out("Organization", found, PAYER)
    elif house:
        site = places.sites[house]
        places.of_record["Organization", found] = house
        places.sites[house] = replace(site, records=(*site.records, ("Organization", found)))
        account.plan("Organization", found)
    else:
        address = _address(organization)
        _add_site("Organization", organization, organization.get("name"), address, account, places, zone)


def _add_site(
    kind: str, record: Resource, name: str | None, address: Resource, account: Account, places: Places, zone: str | None
) -> None:
    found, decided = record["id"], zone_of(address) or zone
    if not (name or "").strip() or decided is None:
        account.leave_out(kind, found, _NO_ZONE if decided is None else "no name")
        return
    key = f"{kind}/{found}"
    telephone = fhir.phone(record)
    places.sites[key] = Site(source_id=key, name=str(name), zone=decided, phone=telephone, records=((kind, found),))
    places.of_record[kind, found] = key
    if point := point_of(address) or point_of(record.get("position", {})):
        places.points[key] = point
    if town := town_of(address):
        places.of_town.setdefault(town, key)
    account.plan(kind, found)


def _houses(account: Account, places: Places) -> Mapping[str, str]:
    """The first site of each organization that has Locations."""
    found: dict[str, str] = {}
    for location in account.all("Location"):
        site = places.at("Location", location["id"])
        owner = account.references.find("Organization", location.get("managingOrganization"))
        if site and owner:
            found.setdefault(owner, site)
    return found


def _name_apart(places: Places, account: Account) -> None:
    """Two sites of one name are told apart by their city, or else by their id: a person has to know which is meant."""
    taken: set[str] = set()
    for key, site in places.sites.items():
        (_, source_id), city = site.records[0], _city(site, account)
        in_city = f"{site.name}, {city}" if city else site.name
        candidates = (site.name, in_city, f"{site.name} ({source_id})")
        places.sites[key] = replace(site, name=next(each for each in candidates if each not in taken))
        taken.add(places.sites[key].name)


def _city(site: Site, account: Account) -> str:
    records: Iterator[Resource] = (account.find(kind, found) or {} for kind, found in site.records)
    return next((city for each in records if (city := _address(each).get("city", ""))), "")


def _address(record: Resource) -> Resource:
    """Of a Location its address, of an Organization its first."""
    address = record.get("address", {})
    if isinstance(address, list):
        return address[0] if address else {}
    return dict(address)
