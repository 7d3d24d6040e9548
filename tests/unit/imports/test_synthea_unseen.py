"""Sets of exporters that nobody here has seen: another order, other references, fields left out, broken lines."""

import gzip
import json
import lzma
import random
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.imports.synthea.account import UNREADABLE
from cli.imports.synthea.plan import ImportPlan
from cli.imports.synthea.reader import Choice, read_plan
from tests.unit.imports.synthea_records import (
    CLINIC,
    CVX,
    claim,
    concept,
    encounter,
    item,
    of_encounter,
    organization,
    patient,
    practitioner,
    refers_to,
    written,
)

Json = dict[str, Any]
TODAY = date(2026, 11, 23)
FLU = concept("140", CVX)
NPI, SYNTHEA = "http://hl7.org/fhir/sid/us-npi", "https://github.com/synthetichealth/synthea"
LATER = {"start": "2020-07-08T13:00:00+00:00", "end": "2020-07-08T13:15:00+00:00"}


def whole_clinic() -> list[Json]:
    """Two visits with codes, prices and a vaccine."""
    second = claim("c2", 125.0, payer="NO_INSURANCE")
    second["item"][0]["encounter"] = [refers_to("later")]
    visits = [encounter(), encounter("later", **LATER)]
    codes = [of_encounter("Condition", "d", concept("38341003")), of_encounter("Immunization", "i", FLU)]
    return [*CLINIC, *visits, *codes, claim("c1", 265.52, item(FLU, 140.52)), second]


def plan_of(folder: Path, *resources: Json, choice: Choice | None = None) -> ImportPlan:
    plan = read_plan(written(folder, *resources), TODAY, choice)
    assert plan.kinds_that_do_not_add_up() == []
    return plan


@pytest.mark.parametrize("seed", range(8))
def test_records_in_any_order_make_the_same_plan(tmp_path: Path, seed: int):
    expected = plan_of(tmp_path, *whole_clinic())
    shuffled = whole_clinic()
    random.Random(seed).shuffle(shuffled)
    assert plan_of(tmp_path, *shuffled) == expected


def as_ndjson(folder: Path, records: list[Json], pack: Callable[[bytes], bytes] = bytes, suffix: str = "") -> Path:
    folder.mkdir()
    for kind in {each["resourceType"] for each in records}:
        lines = "".join(json.dumps(each) + "\n" for each in records if each["resourceType"] == kind)
        (folder / f"{kind}.ndjson{suffix}").write_bytes(pack(lines.encode()))
    return folder


def test_bulk_files_compressed_or_not_and_archives_say_what_the_bundle_says(tmp_path: Path):
    records = whole_clinic()
    expected = plan_of(tmp_path, *records)
    plain = as_ndjson(tmp_path / "plain", records)
    packed = as_ndjson(tmp_path / "xz", records, lzma.compress, ".xz")
    zipped = as_ndjson(tmp_path / "gz", records, gzip.compress, ".gz")
    archive = tmp_path / "bulk.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(packed, "bulk")
    assert [read_plan(each, TODAY) for each in (plain, packed, zipped, archive)] == [expected] * 4


def conditional(kind: str, system: str, value: str, bar: str = "|") -> Json:
    return {"reference": f"{kind}?identifier={system}{bar}{value}"}


def identified(record: Json, system: str, value: str) -> Json:
    return {**record, "identifier": [{"system": system, "value": value}]}


def logical(kind: str, system: str, value: str) -> Json:
    return {"type": kind, "identifier": {"system": system, "value": value}, "display": "somebody"}


@pytest.mark.parametrize("form", [conditional, logical, lambda *words: conditional(*words, bar="%7C")])
def test_conditional_and_logical_references_name_what_their_identifier_names(tmp_path: Path, form: Callable[..., Json]):
    """Seen red by: the text after the last slash taken for an id."""
    people = [
        identified(organization(), SYNTHEA, "o-1"),
        identified(practitioner(), NPI, "9999"),
        identified(patient(), SYNTHEA, "p-1"),
    ]
    named = {
        "serviceProvider": form("Organization", SYNTHEA, "o-1"),
        "participant": [{"individual": form("Practitioner", NPI, "9999")}],
        "subject": form("Patient", SYNTHEA, "p-1"),
    }
    (visit,) = plan_of(tmp_path, *people, encounter(**named)).visits
    assert (visit.site, visit.practitioner, visit.patient) == ("Organization/site", "doctor", "patient")


def test_an_identifier_that_two_bear_or_of_another_system_names_neither(tmp_path: Path):
    twins = [identified(practitioner(each), NPI, "9999") for each in ("a", "b")]
    both = encounter(participant=[{"individual": conditional("Practitioner", NPI, "9999")}])
    other = encounter("other", participant=[{"individual": conditional("Practitioner", SYNTHEA, "9999")}])
    plan = plan_of(tmp_path, *CLINIC, *twins, both, other)
    assert plan.left_out_of("Encounter") == {"its practitioner is not imported": 2}


@pytest.mark.parametrize(
    "reference",
    ["Practitioner/doctor", "https://fhir.example.org/r4/Practitioner/doctor", "Practitioner/doctor/_history/3"],
)
def test_relative_absolute_and_versioned_references_name_the_same_record(tmp_path: Path, reference: str):
    (visit,) = plan_of(tmp_path, *CLINIC, encounter(participant=[{"individual": {"reference": reference}}])).visits
    assert visit.practitioner == "doctor"


def test_a_reference_to_another_kind_names_nobody(tmp_path: Path):
    odd = encounter(participant=[{"individual": {"reference": "Patient/doctor"}}])
    assert plan_of(tmp_path, *CLINIC, odd).left_out_of("Encounter") == {"its practitioner is not imported": 1}


def test_a_bundles_addresses_name_records_whatever_their_ids_are(tmp_path: Path):
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in whole_clinic()]
    for entry in entries:
        entry["resource"] = {**entry["resource"], "id": f"server-{entry['resource']['id']}"}
    (tmp_path / "bundle.json").write_text(json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries}))
    plan = read_plan(tmp_path, TODAY)
    assert [visit.source_id for visit in plan.visits] == ["server-visit", "server-later"]
    assert sum(visit.total_cents for visit in plan.visits) == 39052


def test_a_record_without_an_id_takes_that_of_its_address(tmp_path: Path):
    nameless = {name: value for name, value in practitioner().items() if name != "id"}
    entries = [{"fullUrl": "urn:uuid:doctor", "resource": nameless}]
    entries += [{"resource": each} for each in (organization(), patient(), encounter())]
    (tmp_path / "bundle.json").write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    assert [visit.practitioner for visit in read_plan(tmp_path, TODAY).visits] == ["doctor"]


OPTIONAL = {
    "Patient": ["birthDate", "telecom", "communication"],
    "Practitioner": [],
    "Organization": ["telecom"],
    "Encounter": ["reasonCode", "type"],
    "Claim": ["insurance", "diagnosis", "created"],
    "Condition": ["onsetDateTime", "clinicalStatus"],
}


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, names in OPTIONAL.items() for field in names])
def test_what_is_optional_may_be_missing_or_null(tmp_path: Path, kind: str, field: str):
    records = [dict(each) for each in whole_clinic()]
    for each in records:
        if each["resourceType"] == kind:
            each[field] = None
    plan = plan_of(tmp_path, *records)
    assert (len(plan.visits), len(plan.left_out)) == (2, 0)
    assert sum(visit.total_cents for visit in plan.visits) == 39052


NEEDED = {
    ("Patient", "name"): "no full name",
    ("Practitioner", "name"): "no full name",
    ("Organization", "name"): "no name",
    ("Organization", "address"): "its address does not decide its time zone (--zone says it)",
    ("Encounter", "class"): "not ambulatory (no class)",
    ("Encounter", "status"): "not finished (no status)",
    ("Encounter", "period"): "no start or no end",
    ("Encounter", "participant"): "names no practitioner",
    ("Encounter", "serviceProvider"): "names no site",
    ("Encounter", "subject"): "its patient is not imported",
}


@pytest.mark.parametrize(("kind", "field"), NEEDED)
def test_a_record_that_lacks_what_is_needed_says_what(tmp_path: Path, kind: str, field: str):
    records = [
        {name: v for name, v in each.items() if (each["resourceType"], name) != (kind, field)} for each in CLINIC
    ]
    visit = {name: value for name, value in encounter().items() if ("Encounter", name) != (kind, field)}
    plan = plan_of(tmp_path, *records, visit)
    assert plan.left_out_of(kind) == {NEEDED[kind, field]: 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "yesterday"},
        {"period": {"start": 7, "end": 8}},
        {"class": ["AMB"]},
        {"participant": {"individual": {}}},
        {"subject": "patient"},
        {"reasonCode": [7]},
        {"status": True},
        {"id": 12},
    ],
)
def test_a_record_of_another_shape_is_left_out_and_says_where(tmp_path: Path, wrong: Json):
    plan = plan_of(tmp_path, *CLINIC, encounter(), encounter("odd", **wrong))
    (reason,) = plan.left_out_of("Encounter")
    assert reason.startswith(f"not in the shape of its kind: {next(iter(wrong))}")
    assert len(plan.visits) == 1


def test_broken_lines_and_files_are_told_by_their_place_and_cost_no_other_record(tmp_path: Path):
    """Seen red by: a file that is no bundle ends the import."""
    lines = [json.dumps(each).encode() for each in whole_clinic()]
    garbage = [b"", b"{", b"[1]", b'"text"', b"\xff\xfe\x00", b'{"resourceType": 7}', b"[" * 100_000, b"NaN"]
    (tmp_path / "all.ndjson").write_bytes(b"\n".join([*garbage, *lines, b'{"resourceType": "Pat']))
    (tmp_path / "notes.json").write_text("not JSON at all")
    (tmp_path / "cut.ndjson.gz").write_bytes(gzip.compress(b"\n".join(lines))[:-20])
    (tmp_path / "LICENSE").write_text("no record")
    plan = read_plan(tmp_path, TODAY)
    assert plan.kinds_that_do_not_add_up() == []
    assert len(plan.visits) == 2
    told = {each.source_id: each.reason for each in plan.left_out if each.kind == UNREADABLE}
    assert told["all.ndjson:2"] == told["all.ndjson:7"] == "not JSON"
    assert told["all.ndjson:3"] == "not a FHIR resource"
    assert told["notes.json:1"] == "not JSON"
    assert told["cut.ndjson.gz"] == "the file breaks off (EOFError)"


def test_text_that_nobody_can_store_is_no_text(tmp_path: Path):
    (tmp_path / "p.ndjson").write_text('{"resourceType": "Patient", "id": "p", "name": [{"family": "\\ud800"}]}\n')
    plan = read_plan(tmp_path, TODAY)
    assert plan.left_out_of("Patient") == {"not in the shape of its kind: name.family is no text": 1}


def test_letters_of_windows_that_were_read_as_controls_are_mended(tmp_path: Path):
    """One clinic of the SMART sample set is called so."""
    odd = organization(name="SAINT LUKE\x92S\tHOSPICE\x81\n")
    assert [site.name for site in plan_of(tmp_path, odd).sites] == ["SAINT LUKE\u2019S HOSPICE"]


def test_a_location_is_a_site_and_its_organization_the_same_one(tmp_path: Path):
    clinic = identified(organization(), SYNTHEA, "o-1")
    address = {"city": "WICHITA", "state": "KS", "postalCode": "672092508"}
    east = {"resourceType": "Location", "id": "east", "name": "EAST", "address": address}
    east["managingOrganization"] = {"identifier": {"system": SYNTHEA, "value": "o-1"}}
    room = {"resourceType": "Location", "id": "room", "partOf": {"reference": "Location/east"}}
    home = {"resourceType": "Location", "id": "home", "mode": "kind"}
    at = [{"location": {"reference": "Location/east"}}]
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": refers_to("doctor"),
        "location": [at[0]["location"]],
    }
    role["availableTime"] = [{"daysOfWeek": ["mon"], "availableStartTime": "08:30:00", "availableEndTime": "12:00:00"}]
    visits = [encounter(location=at), encounter("later", **LATER)]
    plan = plan_of(tmp_path, clinic, practitioner(), patient(), east, room, home, role, *visits)
    assert [(site.name, site.zone) for site in plan.sites] == [("EAST", "America/Chicago")]
    assert plan.sites[0].records == (("Location", "east"), ("Organization", "site"))
    assert {visit.site for visit in plan.visits} == {"Location/east"}
    assert plan.left_out_of("Location") == {"a kind of place, and no place": 1, "part of another place": 1}
    (hours,) = plan.hours
    assert [(each.weekday, each.starts, each.ends) for each in hours.weekly] == [(1, 510, 720), (3, 480, 495)]


def geolocated(latitude: float, longitude: float) -> list[Json]:
    parts = [{"url": "latitude", "valueDecimal": latitude}, {"url": "longitude", "valueDecimal": longitude}]
    url = "http://hl7.org/fhir/StructureDefinition/geolocation"
    return [{"city": "X", "extension": [{"url": url, "extension": parts}]}]


def test_a_patient_who_was_never_seen_belongs_to_the_keeper_or_the_nearest_site(tmp_path: Path):
    places = [
        {
            **organization(each),
            "resourceType": "Location",
            "address": {"state": "MA"},
            "position": {"latitude": at, "longitude": -71.0},
        }
        for each, at in (("north", 42.6), ("south", 41.7))
    ]
    people = [
        patient("near", address=geolocated(42.5, -71.1)),
        patient("far", address=geolocated(10.0, 10.0)),
        patient("kept", managingOrganization=refers_to("keeper")),
        patient("lost"),
    ]
    plan = plan_of(tmp_path, *places, organization("keeper"), *people)
    assert {each.source_id: each.site for each in plan.patients} == {
        "near": "Location/north",
        "kept": "Organization/keeper",
    }
    assert plan.left_out_of("Patient") == {"no visit at a site that is imported, and no such site near": 2}


def test_where_there_is_one_site_every_patient_belongs_to_it(tmp_path: Path):
    assert [each.site for each in plan_of(tmp_path, *CLINIC).patients] == ["Organization/site"]


def test_a_name_that_is_only_written_out_is_taken_apart(tmp_path: Path):
    named = patient(name=[{"text": "Ana Maria Becker"}])
    (found,) = plan_of(tmp_path, organization(), named).patients
    assert (found.given, found.family) == ("Ana Maria", "Becker")


def test_other_classes_are_visits_where_that_is_asked(tmp_path: Path):
    urgent = encounter("er", **{"class": {"code": "EMER"}})
    assert len(plan_of(tmp_path, *CLINIC, urgent).visits) == 0
    assert len(plan_of(tmp_path, *CLINIC, urgent, choice=Choice(classes={"EMER"})).visits) == 1
