"""What each service should hold of an import, and what its API shows: counts, and the content line by line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cli.imports.synthea.bookings import Book
from cli.imports.synthea.directory import Directory, ReadingApi
from cli.imports.synthea.finishing import codes_of
from cli.imports.synthea.outcomes import Outcome
from cli.imports.synthea.plan import ImportPlan, Visit


@dataclass(frozen=True)
class ServiceRow:
    """What one service should hold of the import, and what its API shows."""

    service: str
    what: str
    expected: int
    found: int


def map_rows(plan: ImportPlan, directory: Directory, api: ReadingApi) -> list[ServiceRow]:
    """Sites, practitioners and patients."""
    refused = {(each.kind, each.source_id) for each in directory.left_out}
    sites = {site["site_id"] for site in api.all("/v1/sites")}
    practitioners = {each["practitioner_id"] for each in api.all("/v1/practitioners")}
    patients = sum(api.get(f"/v1/patients/{found}")["patient_id"] == found for found in directory.patients.values())
    return [
        ServiceRow(
            "scheduling",
            "sites",
            sum(not refused & set(site.records) for site in plan.sites),
            len(sites & {*directory.sites.values()}),
        ),
        ServiceRow(
            "scheduling",
            "practitioners",
            sum(("Practitioner", each.source_id) not in refused for each in plan.practitioners),
            len(practitioners & {*directory.practitioners.values()}),
        ),
        ServiceRow(
            "records", "patients", sum(("Patient", each.source_id) not in refused for each in plan.patients), patients
        ),
    ]


def visit_rows(directory: Directory, outcomes: Sequence[Outcome], api: ReadingApi) -> list[ServiceRow]:
    """What became of the visits that were sent."""
    sent = [each for each in outcomes if not each.trail.stopped]

    def row(service: str, what: str, wanted: Callable[[Visit], int], found: Callable[[Outcome], int]) -> ServiceRow:
        return ServiceRow(service, what, sum(wanted(each.trail.visit) for each in sent), sum(map(found, sent)))

    fulfilled = _fulfilled(directory, sent, api)
    return [
        row("scheduling", "appointments fulfilled", _one, lambda each: each.trail.appointment_id in fulfilled),
        row("records", "encounters finished", _one, lambda each: each.encounter.get("status") == "finished"),
        row("records", "of them with the source's codes", _one, _has_its_codes),
        row("records", "diagnoses", lambda visit: len(visit.diagnoses), lambda each: _count(each, "diagnoses")),
        row("records", "procedures", lambda visit: len(visit.lines), lambda each: _count(each, "procedures")),
        row("billing", "encounters with a claim", lambda visit: visit.is_claimed, lambda each: bool(each.claims)),
        row("billing", "encounters the patient pays", lambda visit: visit.is_charged, _is_own),
        row("billing", "bills with the source's lines and payer", _is_billed, _has_its_bill),
        row("billing", "cents asked for", lambda visit: visit.total_cents, lambda each: each.cents),
    ]


def _one(_: Visit) -> int:
    return 1


def _fulfilled(directory: Directory, sent: Sequence[Outcome], api: ReadingApi) -> set[str]:
    book = Book(api)
    sites = {directory.sites[each.trail.visit.site] for each in sent}
    return {each["appointment_id"] for site in sites for each in book.all(site) if each["status"] == "fulfilled"}


def _count(outcome: Outcome, name: str) -> int:
    return len(outcome.encounter.get(name, []))


def _has_its_codes(outcome: Outcome) -> bool:
    wanted = codes_of(outcome.trail.visit)
    given = [{name: v for name, v in each.items() if v is not None} for each in outcome.encounter.get("procedures", [])]
    return bool(outcome.encounter.get("diagnoses") == wanted["diagnoses"]) and given == wanted["procedures"]


def _is_own(outcome: Outcome) -> bool:
    return bool(outcome.charges) and not outcome.claims


def _is_billed(visit: Visit) -> bool:
    return visit.is_claimed or visit.is_charged


def _has_its_bill(outcome: Outcome) -> bool:
    """Line by line code, units and cents, and the payer's name. A line without an amount in the source is 0 here."""
    visit = outcome.trail.visit
    lines = [(each.coding.system, each.coding.code, each.units, each.amount_cents or 0) for each in visit.lines]
    payers = {claim["payer_name"] for claim in outcome.claims} or {None}
    return _is_billed(visit) and outcome.lines == lines and payers == {visit.payer}
