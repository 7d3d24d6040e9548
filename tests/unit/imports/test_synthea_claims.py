from pathlib import Path
from typing import Any

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
    written,
)
from tests.unit.imports.test_synthea_reader import ALL, TODAY

FLU = concept("140", CVX)
CHECK_UP = Coding(system=SNOMED, code="185349003")


def visit_of(folder: Path, *resources: dict[str, Any]) -> Visit:
    plan = read_plan(written(folder, *CLINIC, encounter(), *resources), TODAY, window=ALL)
    assert plan.kinds_that_do_not_add_up() == []
    return plan.visits[0]


def test_a_claim_gives_lines_with_their_own_amounts_and_the_visit_what_the_total_leaves(tmp_path: Path):
    visit = visit_of(tmp_path, of_encounter("Immunization", "i", FLU), claim("c", 265.52, item(FLU, 140.52)))
    assert visit.lines == (
        Line(coding=CHECK_UP, amount_cents=12500),
        Line(coding=Coding(system=CVX, code="140"), amount_cents=14052),
    )
    assert (visit.claim, visit.payer, visit.total_cents) == ("c", "private", 26552)


def test_an_item_that_only_names_a_diagnosis_is_no_service(tmp_path: Path):
    named = {"productOrService": concept("38341003"), "diagnosisSequence": [1]}
    visit = visit_of(tmp_path, of_encounter("Condition", "d", concept("38341003")), claim("c", 125.0, named))
    assert visit.lines == (Line(coding=CHECK_UP, amount_cents=12500),)
    assert visit.diagnoses == (Coding(system=SNOMED, code="38341003"),)


def test_a_reason_that_is_also_a_condition_is_one_diagnosis(tmp_path: Path):
    record = encounter(reasonCode=[concept("38341003"), concept("1")])
    again = of_encounter("Condition", "d", concept("38341003"))
    plan = read_plan(written(tmp_path, *CLINIC, record, again), TODAY, window=ALL)
    assert [each.code for each in plan.visits[0].diagnoses] == ["38341003", "1"]


def test_amounts_that_cannot_be_told_stay_unknown_and_are_not_invented(tmp_path: Path):
    unstated = {"productOrService": FLU}
    assert [line.amount_cents for line in visit_of(tmp_path, claim("c", 265.52, unstated)).lines] == [None, None]
    below = visit_of(tmp_path, claim("c", 100.0, item(FLU, 140.52)))
    assert [line.amount_cents for line in below.lines] == [None, 14052]
    finer = visit_of(tmp_path, claim("c", 100.0, item(FLU, 40.525)))
    assert [line.amount_cents for line in finer.lines] == [None, None]


def test_an_encounter_without_a_claim_keeps_its_procedures_without_amounts(tmp_path: Path):
    visit = visit_of(tmp_path, of_encounter("Procedure", "p", concept("22523008")))
    assert visit.lines == (Line(coding=Coding(system=SNOMED, code="22523008"), amount_cents=None),)
    assert (visit.claim, visit.payer) == (None, None)


def test_a_pharmacys_claim_is_not_the_visits_claim(tmp_path: Path):
    plan = read_plan(
        written(tmp_path, *CLINIC, encounter(), claim("drug", 255.0, kind="pharmacy"), claim("c", 125.0)),
        TODAY,
        window=ALL,
    )
    assert plan.visits[0].claim == "c"
    assert plan.left_out_of("Claim") == {"a pharmacy's claim": 1}


def test_no_insurance_is_no_payer(tmp_path: Path):
    assert visit_of(tmp_path, claim("c", 125.0, payer="NO_INSURANCE")).payer is None
