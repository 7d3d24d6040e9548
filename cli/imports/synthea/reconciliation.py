"""What the source holds, what each service holds, and every record that was left out, with its reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from cli.imports.synthea.account import ENCOUNTER_LEFT_OUT
from cli.imports.synthea.directory import Directory, ReadingApi
from cli.imports.synthea.outcomes import Outcome
from cli.imports.synthea.plan import ImportPlan, LeftOut

ENOUGH = 0.98


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """Records of one kind in the source: held = imported + left_out."""

    kind: str
    held: int
    imported: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class ServiceRow:
    """What one service should hold of the import, and what its API shows."""

    service: str
    what: str
    expected: int
    found: int


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """The whole account of an import. Amounts are cents."""

    source: tuple[SourceRow, ...]
    services: tuple[ServiceRow, ...]
    claims: dict[str, int]
    texts: dict[str, int]
    left_out: tuple[LeftOut, ...]
    ambulatory: int
    billed: int

    @property
    def adds_up(self) -> bool:
        """Every record has its verdict and every service holds what it should."""
        told = all(row.held == row.imported + row.left_out for row in self.source)
        return told and all(row.expected == row.found for row in self.services)

    @property
    def is_enough(self) -> bool:
        """At least 98 % of the window's ambulatory encounters ended finished and billed."""
        return self.billed >= ENOUGH * self.ambulatory

    def as_json(self) -> dict[str, Any]:
        """All of it, each record that was left out too."""
        return {**asdict(self), "adds_up": self.adds_up, "is_enough": self.is_enough}


def reconcile(plan: ImportPlan, directory: Directory, outcomes: Sequence[Outcome], api: ReadingApi) -> Reconciliation:
    """The account, as the services' API shows it now."""
    directory = replace(directory, left_out=[*directory.left_out, *_stopped(plan, outcomes)])
    left_out = (*plan.left_out, *directory.left_out)
    return Reconciliation(
        source=tuple(_source_row(kind, plan, directory) for kind in plan.records),
        services=(*_map_rows(plan, directory, api), *_visit_rows(plan, directory, outcomes)),
        claims=dict(Counter(_claim_state(claim) for each in outcomes for claim in each.claims)),
        texts=dict(Counter(_text_state(text) for each in outcomes for text in each.texts)),
        left_out=left_out,
        ambulatory=plan.ambulatory,
        billed=sum(each.is_billed for each in outcomes),
    )


def _stopped(plan: ImportPlan, outcomes: Sequence[Outcome]) -> Iterator[LeftOut]:
    """Visits that did not come through, and what hangs on them."""
    for trail in (each.trail for each in outcomes if each.trail.stopped):
        found = trail.visit.source_id
        yield LeftOut(kind="Encounter", source_id=found, reason=trail.stopped)
        for kind, source_id in plan.hanging.get(found, ()):
            yield LeftOut(kind=kind, source_id=source_id, reason=ENCOUNTER_LEFT_OUT)


def _source_row(kind: str, plan: ImportPlan, directory: Directory) -> SourceRow:
    refused = sum(each.kind == kind for each in directory.left_out)
    return SourceRow(
        kind=kind,
        held=plan.records[kind],
        imported=plan.planned.get(kind, 0) - refused,
        left_out=sum(plan.left_out_of(kind).values()) + refused,
    )


def _map_rows(plan: ImportPlan, directory: Directory, api: ReadingApi) -> list[ServiceRow]:
    sites = {site["site_id"] for site in api.all("/v1/sites")}
    practitioners = {each["practitioner_id"] for each in api.all("/v1/practitioners")}
    patients = sum(api.get(f"/v1/patients/{found}")["patient_id"] == found for found in directory.patients.values())
    return [
        _map_row("scheduling", "sites", "Organization", plan, directory, len(sites & {*directory.sites.values()})),
        _map_row(
            "scheduling",
            "practitioners",
            "Practitioner",
            plan,
            directory,
            len(practitioners & {*directory.practitioners.values()}),
        ),
        _map_row("records", "patients", "Patient", plan, directory, patients),
    ]


def _map_row(service: str, what: str, kind: str, plan: ImportPlan, directory: Directory, found: int) -> ServiceRow:
    imported = _source_row(kind, plan, directory).imported
    return ServiceRow(service=service, what=what, expected=imported, found=found)


def _visit_rows(plan: ImportPlan, directory: Directory, outcomes: Sequence[Outcome]) -> list[ServiceRow]:
    sent = [each.trail.visit for each in outcomes if not each.trail.stopped]
    finished = [each.encounter for each in outcomes if each.encounter.get("status") == "finished"]
    fulfilled = sum(each.appointment.get("status") == "fulfilled" for each in outcomes)
    rows = [
        ("scheduling", "appointments fulfilled", len(sent), fulfilled),
        ("records", "encounters finished", len(sent), len(finished)),
        ("records", "diagnoses", sum(len(each.diagnoses) for each in sent), sum(len(e["diagnoses"]) for e in finished)),
        ("records", "procedures", sum(len(each.lines) for each in sent), sum(len(e["procedures"]) for e in finished)),
        (
            "billing",
            "encounters with a claim",
            sum(each.is_claimed for each in sent),
            _claimed(outcomes),
        ),
        (
            "billing",
            "encounters the patient pays",
            sum(each.is_charged for each in sent),
            _own(outcomes),
        ),
        ("billing", "cents asked for", sum(each.total_cents for each in sent), sum(each.cents for each in outcomes)),
    ]
    return [
        ServiceRow(service=service, what=what, expected=wanted, found=found) for service, what, wanted, found in rows
    ]


def _claimed(outcomes: Sequence[Outcome]) -> int:
    return sum(bool(each.claims) for each in outcomes)


def _own(outcomes: Sequence[Outcome]) -> int:
    return sum(bool(each.charges) and not each.claims for each in outcomes)


def _claim_state(claim: dict[str, Any]) -> str:
    return f"held: {claim['held_reason']}" if claim.get("held_reason") else str(claim["status"])


def _text_state(text: dict[str, Any]) -> str:
    return f"{text['status']}: {text['reason']}" if text.get("reason") else str(text["status"])
