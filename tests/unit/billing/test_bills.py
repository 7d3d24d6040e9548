"""From a finished encounter to charges and a claim, to the cent."""

from dataclasses import replace

import pytest
from fix_billing import COLD, CPT, FEES, ICD, SNOMED, TEST, VISIT, finished, patient
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.bills import bill
from services.billing.domain.fees import FeeSchedule
from shared.events.records import Coding, Coverage, Procedure
from shared.ids import new_id
from shared.money import Money

SCHEDULE: FeeSchedule = {key: Money(cents) for key, cents in FEES.items()}
SITE = new_id()
ACME = Coverage(coverage_id=new_id(), payer_id="60054", payer_name="Acme Health", member_id="M-1")


def held(procedures: tuple[Procedure, ...] = (VISIT,), **more: object) -> tuple[str, ...]:
    encounter = finished(patient(), SITE, **{"procedures": procedures, **more})
    return bill(encounter, [ACME], SCHEDULE).causes


def test_a_price_is_fee_times_units_and_the_total_is_their_sum() -> None:
    """Seen red by: the fee without its units."""
    made = bill(finished(patient(), SITE), [ACME], SCHEDULE)
    assert [charge.amount_cents for charge in made.charges] == [12_550, 5_997]
    assert made.claim is not None
    assert [line.amount_cents for line in made.claim.lines] == [12_550, 5_997]
    assert made.claim.total_cents == 18_547
    assert (made.claim.status, made.claim.held_reason, made.causes) == ("active", None, ())


def test_a_price_that_was_stated_is_the_lines_whatever_the_fees_and_units_say() -> None:
    """Seen red by: the fee schedule asked first."""
    stated = replace(VISIT, units=3, amount_cents=4_205)
    unknown = replace(VISIT, code="99499", amount_cents=0)
    made = bill(finished(patient(), SITE, procedures=(stated, unknown, stated)), [ACME], SCHEDULE)
    assert [charge.amount_cents for charge in made.charges] == [4_205, 0, 4_205]
    assert made.claim is not None
    assert (made.claim.total_cents, made.causes) == (8_410, ())


def test_the_same_encounter_makes_the_same_bill_again() -> None:
    encounter = finished(patient(), SITE)
    assert bill(encounter, [ACME], SCHEDULE) == bill(encounter, [ACME], SCHEDULE)


def test_without_coverage_the_patient_is_asked_and_there_is_no_claim() -> None:
    made = bill(finished(patient(), SITE), [], SCHEDULE)
    assert made.claim is None
    assert {charge.payer for charge in made.charges} == {"patient"}


def test_the_first_coverage_is_billed() -> None:
    second = replace(ACME, payer_name="Second", coverage_id=new_id())
    made = bill(finished(patient(), SITE), [ACME, second], SCHEDULE)
    assert made.claim is not None
    assert (made.claim.payer_name, made.claim.coverage_id) == ("Acme Health", ACME.coverage_id)


@pytest.mark.parametrize(
    "code",
    [
        replace(VISIT, system=SNOMED, code="185349003"),
        replace(VISIT, system="http://hl7.org/fhir/sid/cvx", code="140"),
        replace(VISIT, system=ICD, code="99213"),
    ],
)
def test_a_procedure_of_another_system_holds_the_claim_and_is_never_mapped(code: Procedure) -> None:
    assert held((code,))[0] == "code-not-billable"


def test_a_diagnosis_of_another_system_holds_the_claim() -> None:
    assert held(diagnoses=(Coding(system=SNOMED, code="82272006"),)) == ("code-not-billable",)


def test_a_line_that_points_at_no_diagnosis_holds_the_claim() -> None:
    assert held((replace(VISIT, diagnosis_pointers=()),)) == ("diagnosis-missing",)
    assert held((replace(VISIT, diagnosis_pointers=()),), diagnoses=()) == ("diagnosis-missing",)


@pytest.mark.parametrize("member_id", [None, ""])
def test_a_coverage_without_a_member_id_holds_the_claim(member_id: str | None) -> None:
    made = bill(finished(patient(), SITE), [replace(ACME, member_id=member_id)], SCHEDULE)
    assert made.claim is not None
    assert (made.claim.status, made.claim.held_reason) == ("held", "member-id-missing")
    assert [charge.payer for charge in made.charges] == ["coverage", "coverage"]


def test_a_code_without_a_fee_is_not_charged_and_holds_the_claim() -> None:
    unknown = Procedure(system=CPT, code="99999", units=2, diagnosis_pointers=(1,))
    made = bill(finished(patient(), SITE, procedures=(unknown, TEST)), [ACME], SCHEDULE)
    assert [(charge.line, charge.amount_cents) for charge in made.charges] == [(2, 5_997)]
    assert made.claim is not None
    assert (made.claim.held_reason, made.claim.total_cents) == ("fee-missing", 5_997)
    assert [line.amount_cents for line in made.claim.lines] == [0, 5_997]


def test_an_uncovered_code_without_a_fee_is_a_task() -> None:
    unknown = Procedure(system=CPT, code="99999", units=2, diagnosis_pointers=(1,))
    made = bill(finished(patient(), SITE, procedures=(unknown,)), [], SCHEDULE)
    assert (made.charges, made.claim, made.causes) == ((), None, ("fee-missing",))


def test_a_visit_without_a_procedure_is_a_task() -> None:
    made = bill(finished(patient(), SITE, procedures=()), [ACME], SCHEDULE)
    assert (made.charges, made.claim, made.causes) == ((), None, ("procedure-missing",))


def test_a_claim_names_the_first_reason_and_a_task_each() -> None:
    snomed = replace(VISIT, system=SNOMED, code="1", diagnosis_pointers=())
    encounter = finished(patient(), SITE, procedures=(snomed,))
    made = bill(encounter, [replace(ACME, member_id=None)], SCHEDULE)
    assert made.causes == ("code-not-billable", "diagnosis-missing", "member-id-missing", "fee-missing")
    assert made.claim is not None
    assert made.claim.held_reason == "code-not-billable"


CODES = [*FEES, (CPT, "none")]
PROCEDURES = st.lists(
    st.builds(
        lambda key, units: Procedure(system=key[0], code=key[1], units=units, diagnosis_pointers=(1,)),
        st.sampled_from(CODES),
        st.integers(1, 9999),
    ),
    min_size=1,
    max_size=50,
).map(tuple)


@given(procedures=PROCEDURES, prices=st.lists(st.integers(0, 10**10), min_size=3, max_size=3))
def test_a_claim_asks_for_its_charges_to_the_cent(procedures: tuple[Procedure, ...], prices: list[int]) -> None:
    fees = {key: Money(cents) for key, cents in zip(FEES, prices, strict=True)}
    made = bill(finished(patient(), SITE, procedures=procedures, diagnoses=(COLD,)), [ACME], fees)
    assert made.claim is not None
    expected = sum(
        fees[done.system, done.code].cents * done.units for done in procedures if (done.system, done.code) in fees
    )
    assert made.claim.total_cents == sum(line.amount_cents for line in made.claim.lines) == expected
    assert made.claim.total_cents == sum(charge.amount_cents for charge in made.charges)
    assert (made.claim.status == "held") == bool(made.causes)
