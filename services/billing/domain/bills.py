"""From a finished encounter to its charges and, where somebody else pays, its claim."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.billing.domain.codes import are_billable
from services.billing.domain.fees import FeeSchedule
from shared.events.billing import ChargeCaptured, ClaimCondition, ClaimCreated, ClaimHeld, ClaimLine
from shared.events.records import Coding, Coverage, EncounterCondition, Procedure
from shared.ids import derived_id
from shared.money import CURRENCY, Money, total

C = TypeVar("C", bound=ClaimCondition)

FINISHED = "finished"
ACTIVE = "active"
HELD = "held"
BY_COVERAGE = "coverage"
BY_PATIENT = "patient"

# Why a claim is held. It names the first that applies; a task is opened for each.
CODE_NOT_BILLABLE = "code-not-billable"
DIAGNOSIS_MISSING = "diagnosis-missing"
MEMBER_ID_MISSING = "member-id-missing"
FEE_MISSING = "fee-missing"
# A finished visit without a procedure: nothing to ask of anybody, so a person has to look.
PROCEDURE_MISSING = "procedure-missing"


@dataclass(frozen=True, kw_only=True)
class Charge:
    """The price of one procedure; `line` is its 1-based place in the encounter, `payer` who is asked."""

    charge_id: UUID
    version: int
    encounter_id: UUID
    line: int
    patient_id: UUID
    site_id: UUID
    payer: str
    system: str
    code: str
    units: int
    amount_cents: int
    currency: str
    captured_at: datetime

    def captured(self) -> ChargeCaptured:
        """The fact."""
        return ChargeCaptured(**{each.name: getattr(self, each.name) for each in fields(ChargeCaptured)})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a payer is asked for. A line without a fee stands with 0 cents, and the claim is held."""

    claim_id: UUID
    version: int
    encounter_id: UUID
    patient_id: UUID
    site_id: UUID
    coverage_id: UUID
    payer_id: str | None
    payer_name: str
    status: str
    held_reason: str | None
    diagnoses: tuple[Coding, ...]
    lines: tuple[ClaimLine, ...]
    total_cents: int
    currency: str
    created_at: datetime

    def told(self) -> ClaimCondition:
        """The fact that the claim now stands like this."""
        return self._as(ClaimHeld if self.status == HELD else ClaimCreated)

    def _as(self, event: type[C]) -> C:
        return event(**{each.name: getattr(self, each.name) for each in fields(event)})


@dataclass(frozen=True)
class Bill:
    """What a finished encounter brings about. `causes` say what a person has to mend."""

    charges: tuple[Charge, ...]
    claim: Claim | None
    causes: tuple[str, ...]


def bill(encounter: EncounterCondition, coverages: Sequence[Coverage], fees: FeeSchedule) -> Bill:
    """The charges and the claim of a finished encounter. The first coverage is billed; without one the patient is.

    Ids follow from the encounter's, times are the encounter's: each replay makes the same bill.
    """
    if not encounter.procedures:
        return Bill((), None, (PROCEDURE_MISSING,))
    coverage = next(iter(coverages), None)
    charges = tuple(_charges(encounter, BY_COVERAGE if coverage else BY_PATIENT, fees))
    if coverage is None:
        return Bill(charges, None, (FEE_MISSING,) if len(charges) < len(encounter.procedures) else ())
    causes = tuple(_held_causes(encounter, coverage, fees))
    return Bill(charges, _claim(encounter, coverage, fees, causes), causes)


def claim_id_of(encounter_id: UUID) -> UUID:
    """The claim of an encounter."""
    return derived_id(encounter_id, "claim")


def charge_id_of(encounter_id: UUID, line: int) -> UUID:
    """The charge of an encounter's procedure (1-based)."""
    return derived_id(encounter_id, f"charge/{line}")


def _charges(encounter: EncounterCondition, payer: str, fees: FeeSchedule) -> Iterator[Charge]:
    for line, done in enumerate(encounter.procedures, start=1):
        price = _price(done, fees)
        if price is not None:
            yield Charge(
                charge_id=charge_id_of(encounter.encounter_id, line),
                version=1,
                encounter_id=encounter.encounter_id,
                line=line,
                patient_id=encounter.patient_id,
                site_id=encounter.site_id,
                payer=payer,
                system=done.system,
                code=done.code,
                units=done.units,
                amount_cents=price.cents,
                currency=price.currency,
                captured_at=_finished_at(encounter),
            )


def _claim(encounter: EncounterCondition, coverage: Coverage, fees: FeeSchedule, causes: tuple[str, ...]) -> Claim:
    prices = [_price(done, fees) or Money(0) for done in encounter.procedures]
    return Claim(
        claim_id=claim_id_of(encounter.encounter_id),
        version=1,
        encounter_id=encounter.encounter_id,
        patient_id=encounter.patient_id,
        site_id=encounter.site_id,
        coverage_id=coverage.coverage_id,
        payer_id=coverage.payer_id,
        payer_name=coverage.payer_name,
        status=HELD if causes else ACTIVE,
        held_reason=causes[0] if causes else None,
        diagnoses=encounter.diagnoses,
        lines=tuple(_lines(encounter.procedures, prices)),
        total_cents=total(prices).cents,
        currency=CURRENCY,
        created_at=_finished_at(encounter),
    )


def _lines(procedures: Iterable[Procedure], prices: Iterable[Money]) -> Iterator[ClaimLine]:
    for line, (done, price) in enumerate(zip(procedures, prices, strict=True), start=1):
        yield ClaimLine(
            line=line,
            system=done.system,
            code=done.code,
            units=done.units,
            amount_cents=price.cents,
            diagnosis_pointers=done.diagnosis_pointers,
        )


def _held_causes(encounter: EncounterCondition, coverage: Coverage, fees: FeeSchedule) -> Iterator[str]:
    if not are_billable(encounter.diagnoses, encounter.procedures):
        yield CODE_NOT_BILLABLE
    # 837P: SV107 has to point at a diagnosis on every line.
    if not all(done.diagnosis_pointers for done in encounter.procedures):
        yield DIAGNOSIS_MISSING
    if not coverage.member_id:
        yield MEMBER_ID_MISSING
    if any(_price(done, fees) is None for done in encounter.procedures):
        yield FEE_MISSING


def _price(done: Procedure, fees: FeeSchedule) -> Money | None:
    """What was stated with the visit comes before the fee schedule."""
    if done.amount_cents is not None:
        return Money(done.amount_cents)
    fee = fees.get((done.system, done.code))
    return None if fee is None else fee.times(done.units)


def _finished_at(encounter: EncounterCondition) -> datetime:
    if encounter.finished_at is None:
        raise ValueError("only a finished encounter is billed")
    return encounter.finished_at
