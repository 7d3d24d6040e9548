"""Synthea's CSV export: the same clinic in rows, and its money line by line."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cli.imports.synthea.account import NO_PLACE, UNREADABLE
from cli.imports.synthea.plan import Coding, ImportPlan, Line
from cli.imports.synthea.reader import read_plan
from cli.imports.synthea.sources.csv_rows import CVX, SNOMED

TODAY = date(2026, 11, 23)
Table = list[dict[str, object]]

ENCOUNTER = {
    "Id": "visit",
    "START": "2020-07-01T13:00:44Z",
    "STOP": "2020-07-01T13:15:44Z",
    "PATIENT": "patient",
    "ORGANIZATION": "site",
    "PROVIDER": "doctor",
    "PAYER": "payer",
    "ENCOUNTERCLASS": "wellness",
    "CODE": "162673000",
    "BASE_ENCOUNTER_COST": "136.80",
    "TOTAL_CLAIM_COST": "1277.32",
    "REASONCODE": "",
}


def charge(number: int, code: str, amount: str, **other: object) -> dict[str, object]:
    row = {"ID": f"t{number}", "CLAIMID": "claim", "CHARGEID": number, "PATIENTID": "patient", "TYPE": "CHARGE"}
    return {**row, "AMOUNT": amount, "PROCEDURECODE": code, "UNITS": "1", "DIAGNOSISREF1": "", **other}


def tables() -> dict[str, Table]:
    return {
        "patients": [
            {
                "Id": "patient",
                "BIRTHDATE": "1974-02-14",
                "FIRST": "Robby",
                "MIDDLE": "Lee",
                "LAST": "Becker",
                "ZIP": "2108",
            }
        ],
        "organizations": [
            {"Id": "site", "NAME": "CLINIC", "CITY": "BOSTON", "STATE": "MA", "ZIP": "02108", "PHONE": "6172913747"}
        ],
        "providers": [{"Id": "doctor", "ORGANIZATION": "site", "NAME": "Barry Nicolas", "ENCOUNTERS": "3"}],
        "payers": [{"Id": "payer", "NAME": "Harbor Health Plan"}, {"Id": "nobody", "NAME": "NO_INSURANCE"}],
        "encounters": [dict(ENCOUNTER)],
        "conditions": [{"START": "2020-07-01", "PATIENT": "patient", "ENCOUNTER": "visit", "CODE": "38341003"}],
        "procedures": [{"START": "2020-07-01", "ENCOUNTER": "visit", "CODE": "430193006", "BASE_COST": "430.4"}],
        "immunizations": [{"DATE": "2020-07-01", "ENCOUNTER": "visit", "CODE": "140", "BASE_COST": "140.52"}],
        "observations": [{"DATE": "2020-07-01", "ENCOUNTER": "visit", "CODE": "8302-2", "VALUE": "1"}],
    }


def written(folder: Path, made: dict[str, Table]) -> Path:
    for stem, rows in made.items():
        with (folder / f"{stem}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def plan_of(folder: Path, made: dict[str, Table]) -> ImportPlan:
    plan = read_plan(written(folder, made), TODAY)
    assert plan.kinds_that_do_not_add_up() == []
    return plan


def test_rows_without_claims_state_what_each_service_costs(tmp_path: Path):
    plan = plan_of(tmp_path, tables())
    (visit,) = plan.visits
    assert (visit.start_at, visit.minutes) == (datetime(2020, 7, 1, 13, 0, tzinfo=UTC), 15)
    assert visit.lines == (
        Line(coding=Coding(system=SNOMED, code="162673000"), amount_cents=13680),
        Line(coding=Coding(system=SNOMED, code="430193006"), amount_cents=43040),
        Line(coding=Coding(system=CVX, code="140"), amount_cents=14052),
    )
    assert (visit.payer, visit.diagnoses) == ("Harbor Health Plan", (Coding(system=SNOMED, code="38341003"),))
    assert [(each.given, each.family) for each in plan.patients] == [("Robby Lee", "Becker")]
    assert [(each.zone, each.phone) for each in plan.sites] == [("America/New_York", "+16172913747")]
    assert plan.left_out_of("observations") == {NO_PLACE: 1}
    assert plan.left_out_of("Organization") == {"a payer: known by its name on coverages": 2}


def with_claim() -> dict[str, Table]:
    made = tables()
    made["claims"] = [
        {
            "Id": "claim",
            "PATIENTID": "patient",
            "PRIMARYPATIENTINSURANCEID": "payer",
            "DIAGNOSIS1": "38341003",
            "DIAGNOSIS2": "15777000",
            "APPOINTMENTID": "visit",
        }
    ]
    made["claims_transactions"] = [
        charge(3, "140", "140.52", DIAGNOSISREF1="2"),
        charge(1, "162673000", "136.80", DIAGNOSISREF1="1"),
        charge(2, "430193006", "860.80", UNITS="2"),
        {**charge(4, "", "1000.00"), "TYPE": "PAYMENT"},
        {**charge(5, "", "138.12"), "TYPE": "TRANSFERIN"},
    ]
    return made


def test_money_comes_line_by_line_from_the_claims_transactions(tmp_path: Path):
    """Seen red by: the encounter's own cost taken where there are charges."""
    plan = plan_of(tmp_path, with_claim())
    (visit,) = plan.visits
    assert [
        (line.coding.code, line.coding.system, line.units, line.amount_cents, line.pointers) for line in visit.lines
    ] == [
        ("162673000", SNOMED, 1, 13680, (1,)),
        ("430193006", SNOMED, 2, 86080, ()),
        ("140", CVX, 1, 14052, (2,)),
    ]
    assert [each.code for each in visit.diagnoses] == ["38341003", "15777000"]
    assert plan.planned["ClaimTransaction"] == 3
    assert plan.left_out_of("ClaimTransaction") == {"a payment or a transfer: only what is asked for is imported": 2}


def test_a_claim_for_medicines_alone_is_a_pharmacys(tmp_path: Path):
    made = with_claim()
    made["medications"] = [{"START": "2020-07-01", "ENCOUNTER": "visit", "CODE": "310965"}]
    made["claims"].append({**made["claims"][0], "Id": "drug"})
    made["claims_transactions"].append({**charge(6, "310965", "12.00"), "CLAIMID": "drug"})
    plan = plan_of(tmp_path, made)
    assert plan.visits[0].total_cents == 113_812
    assert plan.left_out_of("Claim") == {"a pharmacy's claim": 1}


def test_nobody_pays_where_the_payer_is_none(tmp_path: Path):
    made = tables()
    made["encounters"][0]["PAYER"] = "nobody"
    assert plan_of(tmp_path, made).visits[0].payer is None


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("emergency", "not ambulatory (EMER)"),
        ("hospice", "not ambulatory (hospice)"),
        ("", "not ambulatory (no class)"),
    ],
)
def test_a_row_that_is_no_visit_says_why(tmp_path: Path, kind: str, place: str):
    made = tables()
    made["encounters"][0]["ENCOUNTERCLASS"] = kind
    plan = plan_of(tmp_path, made)
    assert plan.left_out_of("Encounter") == {place: 1}


def test_a_column_that_is_missing_is_a_field_that_is_missing(tmp_path: Path):
    made = tables()
    for row in (made["encounters"][0], made["procedures"][0], made["immunizations"][0]):
        for name in ("BASE_ENCOUNTER_COST", "BASE_COST", "TOTAL_CLAIM_COST", "PAYER", "REASONCODE"):
            row.pop(name, None)
    (visit,) = plan_of(tmp_path, made).visits
    assert [(line.coding.code, line.amount_cents) for line in visit.lines] == [("430193006", None), ("140", None)]


def test_rows_that_are_none_are_told_by_their_line(tmp_path: Path):
    folder = written(tmp_path, tables())
    with (folder / "encounters.csv").open("a", encoding="utf-8") as file:
        file.write("only,three,fields\n" + "too," * 20 + "many\n\n")
    plan = read_plan(folder, TODAY)
    assert plan.kinds_that_do_not_add_up() == []
    told = {each.source_id: each.reason for each in plan.left_out if each.kind == UNREADABLE}
    assert told == {
        "encounters.csv:3": "3 fields, and the header names 12",
        "encounters.csv:4": "21 fields, and the header names 12",
    }
    assert len(plan.visits) == 1
