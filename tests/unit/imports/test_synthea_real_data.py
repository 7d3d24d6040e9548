"""The reader on real Synthea bundles, which lie beside the checkout and are not part of it."""

import json
import random
import tarfile
from datetime import date
from pathlib import Path

import pytest

from cli.imports.synthea.plan import ImportPlan, Window
from cli.imports.synthea.reader import Choice, read_plan

ARCHIVE = Path(__file__).parents[4] / "shared" / "data" / "synthea" / "sof-r4-raw30.tar.xz"
TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.skipif(not ARCHIVE.exists(), reason="the Synthea bundles are not beside this checkout")


@pytest.fixture(scope="module")
def whole() -> ImportPlan:
    return read_plan(ARCHIVE, TODAY)


def test_every_one_of_the_5176_records_is_planned_or_left_out(whole: ImportPlan):
    assert sum(whole.records.values()) == 5176
    assert sum(whole.planned.values()) + len(whole.left_out) == 5176
    assert whole.kinds_that_do_not_add_up() == []


def test_the_counts_are_those_of_the_source(whole: ImportPlan):
    assert (len(whole.patients), len(whole.sites), len(whole.practitioners)) == (30, 33, 33)
    assert whole.left_out_of("Encounter") == {
        "not ambulatory (EMER)": 28,
        "not ambulatory (IMP)": 4,
        "names no practitioner": 3,
        "lasts longer than 12 hours": 2,
    }
    assert (len(whole.visits), whole.ambulatory) == (433, 438)


def test_each_visits_lines_add_up_to_its_claim(whole: ImportPlan):
    assert all(line.amount_cents is not None for visit in whole.visits for line in visit.lines)
    assert sum(visit.total_cents for visit in whole.visits) == 57_094_888


def test_an_archive_a_folder_and_single_bundles_say_the_same(whole: ImportPlan, tmp_path: Path):
    with tarfile.open(ARCHIVE) as tar:
        tar.extractall(tmp_path, filter="data")
    assert read_plan(tmp_path, TODAY) == whole
    single = min(tmp_path.rglob("*.json"))
    assert len(read_plan(single, TODAY).patients) == 1


def test_the_densest_year_ends_before_today_and_needs_two_lanes(whole: ImportPlan):
    plan = read_plan(ARCHIVE, TODAY, Choice(weeks=52, shifted=True))
    assert (plan.window, len(plan.visits)) == (Window(first=date(2011, 7, 12), last=date(2012, 7, 9)), 56)
    assert max(visit.start_at.date() for visit in plan.visits) < TODAY
    assert max(hours.lanes for hours in plan.hours) == 2


def test_the_same_records_as_another_exporter_writes_them_make_the_same_visits(whole: ImportPlan, tmp_path: Path):
    """Shuffled, one resource a line, clinics and doctors named by their identifiers, what is optional left out."""
    with tarfile.open(ARCHIVE) as tar:
        texts = [file.read() for member in tar if (file := tar.extractfile(member))]
    records = [entry["resource"] for text in texts for entry in json.loads(text)["entry"]]
    named = [each for each in records if each["resourceType"] in ("Organization", "Practitioner")]
    first = ((each["id"], each["identifier"][0]) for each in named)
    identified = {found: f"{each['system']}|{each['value']}" for found, each in first}
    for record in records:
        for name in ("text", "meta", "telecom", "maritalStatus", "communication"):
            record.pop(name, None)
        if record["resourceType"] == "Encounter":
            record["serviceProvider"] = _conditional("Organization", record["serviceProvider"], identified)
            for each in record.get("participant", []):
                each["individual"] = _conditional("Practitioner", each["individual"], identified)
    random.Random(7).shuffle(records)
    (tmp_path / "all.ndjson").write_text("\n".join(map(json.dumps, records)))
    plan = read_plan(tmp_path, TODAY)
    assert plan.kinds_that_do_not_add_up() == []
    assert plan.visits == whole.visits


def _conditional(kind: str, reference: dict[str, str], identified: dict[str, str]) -> dict[str, str]:
    return {"reference": f"{kind}?identifier={identified[reference['reference'].removeprefix('urn:uuid:')]}"}
