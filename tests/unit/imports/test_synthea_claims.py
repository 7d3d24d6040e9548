from pathlib import Path
from typing import Any

import pytest

from cli.imports.synthea.plan import Coding, Line, Visit
from cli.imports.synthea.reader import read_plan
from tests.unit.imports.synthea_records import (
    CLINIC,
    CVX,
    SNOMED,
    claim,
    concept,
    encounter,
    item,
    of_encounter,
    organization,
    refers_to,
    written,
)
from tests.unit.imports.test_synthea_reader import TODAY

FLU = concept("140", CVX)
CHECK_UP = Coding(system=SNOMED, code="185349003")


def visit_of(folder: Path, *resources: dict[str, Any]) -> Visit:
    plan = read_plan(written(folder, *CLINIC, encounter(), *resources), TODAY)
    assert plan.kinds_that_do_not_add_up() == []
    return plan.visits[0]


def test_a_claim_gives_lines_with_their_own_amounts_and_the_visit_what_the_total_leaves(tmp_path: Path):
    visit = visit_of(tmp_path, of_encounter("Immunization", "i", FLU), claim("c", 265.52, item(FLU, 140.52)))
    assert visit.lines == (
        Line(coding=CHECK_UP, amount_cents=12500),
        Line(coding=Coding(system=CVX, code="140"), amount_cents=14052),
    )
    assert (visit.payer, visit.total_cents) == ("private", 26552)


def test_an_item_that_only_names_a_diagnosis_is_no_service(tmp_path: Path):
    named = {"productOrService": concept("38341003"), "diagnosisSequence": [1]}
    visit = visit_of(tmp_path, of_encounter("Condition", "d", concept("38341003")), claim("c", 125.0, named))
    assert visit.lines == (Line(coding=CHECK_UP, amount_cents=12500),)
    assert visit.diagnoses == (Coding(system=SNOMED, code="38341003"),)


def test_a_reason_that_is_also_a_condition_is_one_diagnosis(tmp_path: Path):
    record = encounter(reasonCode=[concept("38341003"), concept("1")])
    again = of_encounter("Condition", "d", concept("38341003"))
    plan = read_plan(written(tmp_path, *CLINIC, record, again), TODAY)
    assert [each.code for each in plan.visits[0].diagnoses] == ["38341003", "1"]


def test_amounts_that_are_not_stated_stay_unknown_and_are_not_invented(tmp_path: Path):
    unstated = {"productOrService": FLU}
    assert [line.amount_cents for line in visit_of(tmp_path, claim("c", 265.52, unstated)).lines] == [None, None]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (claim("c", 100.0, item(FLU, 140.52)), "its claim's lines come to more than its total"),
        (claim("c", 100.0, item(FLU, 40.525)), "an amount of its claim cannot be billed"),
        (claim("c", 100.0, item(FLU, -40.5)), "an amount of its claim cannot be billed"),
        (claim("c", 100.0, {**item(FLU, 40.5), "net": {"value": 40.5, "currency": "EUR"}}), "its claim is not in USD"),
        (claim("c", 100.0, item({}, 40.5)), "a line of its claim names no code"),
        (claim("c", 9000.0, *[item(FLU, 1.0) for _ in range(60)]), "more than 50 diagnoses or lines"),
    ],
)
def test_a_visit_whose_money_cannot_be_billed_as_it_stands_is_left_out_with_the_reason(
    tmp_path: Path, made: dict[str, Any], reason: str
):
    """Seen red by: amounts that are finer than a cent rounded, and other currencies taken for dollars."""
    plan = read_plan(written(tmp_path, *CLINIC, encounter(), made), TODAY)
    assert plan.left_out_of("Encounter") == {reason: 1}
    assert plan.left_out_of("Claim") == {"its encounter is left out": 1}
    assert plan.kinds_that_do_not_add_up() == []


def test_noise_of_floating_point_is_no_fraction_of_a_cent(tmp_path: Path):
    visit = visit_of(tmp_path, claim("c", 200.0, item(FLU, 136.79999999999998)))
    assert [line.amount_cents for line in visit.lines] == [6320, 13680]


def test_a_line_of_units_costs_its_net_or_else_price_times_units(tmp_path: Path):
    net = {**item(FLU, 30.0), "quantity": {"value": 3}}
    price = {"productOrService": FLU, "unitPrice": {"value": 12.5}, "quantity": {"value": 2}}
    visit = visit_of(tmp_path, claim("c", 100.0, net, price))
    assert [(line.units, line.amount_cents) for line in visit.lines] == [(1, 4500), (3, 3000), (2, 2500)]


def test_a_line_points_at_the_diagnoses_that_its_claim_links(tmp_path: Path):
    conditions = [of_encounter("Condition", each, concept(each)) for each in ("z9", "a1")]
    linked = {**item(FLU, 40.0), "diagnosisSequence": [2]}
    made = claim("c", 100.0, linked)
    made["diagnosis"] = [
        {"sequence": 1, "diagnosisReference": refers_to("z9")},
        {"sequence": 2, "diagnosisCodeableConcept": concept("b2")},
    ]
    visit = visit_of(tmp_path, *conditions, made)
    assert [each.code for each in visit.diagnoses] == ["z9", "b2", "a1"]
    assert [line.pointers for line in visit.lines] == [(), (2,)]


def test_two_lines_of_one_code_keep_their_own_amounts(tmp_path: Path):
    """Seen red by: one fee a code (both lines were billed at the first one's price)."""
    visit = visit_of(tmp_path, claim("c", 265.52, item(FLU, 100.0), item(FLU, 140.52)))
    assert [line.amount_cents for line in visit.lines] == [2500, 10000, 14052]


def test_claims_of_one_encounter_to_one_payer_are_one_bill_and_another_payers_is_left_out(tmp_path: Path):
    source = written(
        tmp_path, *CLINIC, encounter(), claim("c", 100.0), claim("d", 50.0), claim("e", 9.0, payer="other")
    )
    plan = read_plan(source, TODAY)
    assert plan.visits[0].total_cents == 15000
    assert plan.left_out_of("Claim") == {"a second claim for its encounter, to another payer": 1}


def test_an_encounter_without_a_claim_keeps_its_procedures_without_amounts(tmp_path: Path):
    visit = visit_of(tmp_path, of_encounter("Procedure", "p", concept("22523008")))
    assert visit.lines == (Line(coding=Coding(system=SNOMED, code="22523008"), amount_cents=None),)
    assert visit.payer is None


def test_what_was_done_and_is_not_asked_for_is_left_out_and_says_so(tmp_path: Path):
    """Seen red by: every procedure of a visit counted as imported, sent or not."""
    done = [of_encounter("Immunization", each, FLU) for each in ("i1", "i2")]
    unclaimed = of_encounter("Procedure", "p", concept("430193006"))
    nameless = of_encounter("Condition", "d", {"text": "a cold"})
    made = claim("c", 265.52, item(FLU, 140.52))
    plan = read_plan(written(tmp_path, *CLINIC, encounter(), *done, unclaimed, nameless, made), TODAY)
    assert len(plan.visits[0].lines) == 2
    assert plan.planned["Immunization"] == 1
    assert plan.left_out_of("Immunization") == {"its encounter's claim does not ask for it": 1}
    assert plan.left_out_of("Procedure") == {"its encounter's claim does not ask for it": 1}
    assert plan.left_out_of("Condition") == {"names no code and its system": 1}
    assert plan.kinds_that_do_not_add_up() == []


def test_a_pharmacys_claim_is_not_the_visits_claim(tmp_path: Path):
    plan = read_plan(
        written(tmp_path, *CLINIC, encounter(), claim("drug", 255.0, kind="pharmacy"), claim("c", 125.0)),
        TODAY,
    )
    assert plan.hanging["Claim", "c"] == ("visit",)
    assert plan.left_out_of("Claim") == {"a pharmacy's claim": 1}


def test_no_insurance_is_no_payer(tmp_path: Path):
    assert visit_of(tmp_path, claim("c", 125.0, payer="NO_INSURANCE")).payer is None


def test_the_payer_is_the_coverages_with_the_member_id(tmp_path: Path):
    made = claim("c", 125.0)
    made["insurance"] = [{"coverage": {"reference": "Coverage/v"}}]
    covers = {"resourceType": "Coverage", "id": "v", "payor": [{"reference": "Organization/p"}], "subscriberId": "M-1"}
    payer = organization("p", name="Harbor Health Plan", type=[{"coding": [{"code": "ins"}]}])
    plan = read_plan(written(tmp_path, *CLINIC, encounter(), made, covers, payer), TODAY)
    assert (plan.visits[0].payer, plan.visits[0].member_id) == ("Harbor Health Plan", "M-1")
    assert plan.hanging["Coverage", "v"] == ("visit",)
    assert plan.left_out_of("Organization") == {"a payer: known by its name on coverages": 1}
