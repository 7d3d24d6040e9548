"""What the network already has of a plan, found by what a person would recognise it by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from cli.api import ApiRefused
from cli.imports.synthea.plan import ImportPlan, LeftOut, Patient, Practitioner, Site

Json = dict[str, Any]
_WRONG_FIELDS = 422
R = TypeVar("R", Site, Practitioner, Patient)


class ReadingApi(Protocol):
    """What looking needs of cli.api.Api."""

    def get(self, path: str, **query: Any) -> Json: ...
    def all(self, path: str, **query: Any) -> list[Json]: ...


@dataclass(kw_only=True)
class Directory:
    """The network's ids by source id (appointment types by their minutes), and what could not be put into it.

    `hours`: practitioner and site (source ids) whose working hours are there.
    """

    sites: dict[str, str] = field(default_factory=dict)
    practitioners: dict[str, str] = field(default_factory=dict)
    patients: dict[str, str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    known_patients: set[str] = field(default_factory=set)
    hours: set[tuple[str, str]] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)


def find_known(plan: ImportPlan, api: ReadingApi) -> Directory:
    """Everything of the plan that is already there. One record of the network stands for one of the source at most."""
    directory = Directory()
    directory.sites = _matched(
        plan.sites, api.all("/v1/sites"), "site_id", lambda site: (site.name, site.zone), "name zone"
    )
    directory.practitioners = _matched(
        plan.practitioners, api.all("/v1/practitioners"), "practitioner_id", _name_of, "given family"
    )
    directory.patients = _matched(
        plan.patients, _patients(plan, api, directory), "patient_id", _person, "given family birth_on"
    )
    directory.known_patients = set(directory.patients)
    for kind in api.all("/v1/appointment-types"):
        if kind["active"] and kind["name"] == type_name(kind["minutes"]):
            directory.types[kind["minutes"]] = kind["appointment_type_id"]
    return directory


def type_name(minutes: int) -> str:
    """What an appointment type of that length is called."""
    return f"{minutes}-minute visit"


def _name_of(practitioner: Practitioner) -> tuple[str, ...]:
    return (practitioner.given, practitioner.family)


def _person(patient: Patient) -> tuple[str | None, ...]:
    return (patient.given, patient.family, patient.birth_on.isoformat() if patient.birth_on else None)


def _patients(plan: ImportPlan, api: ReadingApi, directory: Directory) -> Iterator[Json]:
    if not directory.sites:  # the network is new: nobody can be there
        return
    for family in sorted({patient.family for patient in plan.patients}):
        try:
            yield from api.all("/v1/patients", family=family)
        except ApiRefused as refused:  # a name that the API does not look for, of one letter say
            if refused.status != _WRONG_FIELDS:
                raise


def _matched(
    records: Iterable[R], there: Iterable[Json], id_field: str, key: Callable[[R], tuple[Any, ...]], fields: str
) -> dict[str, str]:
    by_key: dict[tuple[Any, ...], list[str]] = {}
    for item in there:
        ids = by_key.setdefault(tuple(item.get(name) for name in fields.split()), [])
        ids += [item[id_field]] if item[id_field] not in ids else []
    found = {}
    for record in records:
        if same := by_key.get(key(record)):
            found[record.source_id] = same.pop(0)
    return found
