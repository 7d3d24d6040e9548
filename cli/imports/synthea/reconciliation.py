"""What the source holds, what each service holds, and every record that was left out, with its reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from cli.imports.synthea.account import ENCOUNTER_LEFT_OUT
from cli.imports.synthea.directory import Directory, ReadingApi
from cli.imports.synthea.held import ServiceRow, map_rows, visit_rows
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
        """At least 98 % of the wanted encounters ended finished, and billed where there was what to bill."""
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
        services=(*map_rows(plan, directory, api), *visit_rows(directory, outcomes, api)),
        claims=dict(Counter(_claim_state(claim) for each in outcomes for claim in each.claims)),
        texts=dict(Counter(_text_state(text) for each in outcomes for text in each.texts)),
        left_out=left_out,
        ambulatory=plan.ambulatory,
        billed=sum(each.is_settled for each in outcomes),
    )


def _stopped(plan: ImportPlan, outcomes: Sequence[Outcome]) -> Iterator[LeftOut]:
    """Visits that did not come through, and the records that come with no other."""
    stopped = {each.trail.visit.source_id: each.trail.stopped for each in outcomes if each.trail.stopped}
    for source_id, reason in stopped.items():
        yield LeftOut(kind="Encounter", source_id=source_id, reason=reason)
    for (kind, source_id), encounters in plan.hanging.items():
        if stopped.keys() >= set(encounters):
            yield LeftOut(kind=kind, source_id=source_id, reason=ENCOUNTER_LEFT_OUT)


def _source_row(kind: str, plan: ImportPlan, directory: Directory) -> SourceRow:
    refused = sum(each.kind == kind for each in directory.left_out)
    return SourceRow(
        kind=kind,
        held=plan.records[kind],
        imported=plan.planned.get(kind, 0) - refused,
        left_out=sum(plan.left_out_of(kind).values()) + refused,
    )


def _claim_state(claim: dict[str, Any]) -> str:
    return f"held: {claim['held_reason']}" if claim.get("held_reason") else str(claim["status"])


def _text_state(text: dict[str, Any]) -> str:
    return f"{text['status']}: {text['reason']}" if text.get("reason") else str(text["status"])
