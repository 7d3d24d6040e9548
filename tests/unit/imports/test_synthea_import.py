import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.api import Api, ApiRefused, ApiUnreachable
from cli.imports.synthea.client import ImportClient, key_of
from cli.imports.synthea.importing import Import
from cli.imports.synthea.plan import LeftOut
from cli.imports.synthea.reader import Choice
from cli.imports.synthea.reconciliation import Reconciliation
from cli.imports.synthea.tables import show
from cli.imports.synthea.waiting import Patience
from tests.unit.imports.fake_frontdesk import FakeFrontdesk
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

FLU = concept("140", CVX)
LATER = {"start": "2020-07-08T13:00:00+00:00", "end": "2020-07-08T13:15:00+00:00"}


def imported(source: Path, api: FakeFrontdesk) -> Reconciliation:
    console = Console(file=io.StringIO())
    return Import(api=api, console=console, patience=Patience(0.2, 0)).run(source, Choice(shifted=True))


def second_claim(total: float, *items: dict[str, Any], payer: str = "private") -> dict[str, Any]:
    made = claim("c2", total, *items, payer=payer)
    made["item"][0]["encounter"] = [refers_to("later")]
    return made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    first = [encounter(), of_encounter("Immunization", "i", FLU), claim("c1", 265.52, item(FLU, 140.52))]
    second = [encounter("later", **LATER), second_claim(125.0, payer="NO_INSURANCE")]
    return written(tmp_path, *CLINIC, *first, *second, encounter("er", **{"class": {"code": "EMER"}}))


def test_visits_end_finished_and_billed_and_the_account_adds_up(source: Path):
    api = FakeFrontdesk()
    account = imported(source, api)
    assert (account.adds_up, account.is_enough, account.billed, account.ambulatory) == (True, True, 2, 2)
    assert account.claims == {"held: code-not-billable": 1}
    assert account.texts == {"skipped: no-consent": 2}
    assert account.left_out == (LeftOut(kind="Encounter", source_id="er", reason="not ambulatory (EMER)"),)
    assert {(row.what, row.expected, row.found) for row in account.services} >= {
        ("encounters with a claim", 1, 1),
        ("encounters the patient pays", 1, 1),
        ("procedures", 3, 3),
        ("cents asked for", 39052, 39052),
    }


def test_a_second_run_sends_nothing(source: Path):
    api = FakeFrontdesk()
    first = imported(source, api)
    before, api.keys = list(api.writes), {}  # the keys have run out meanwhile
    assert imported(source, api) == first
    assert api.writes == before


@pytest.mark.parametrize("now", ["2026-12-09T15:00:00Z", "2026-10-01T15:00:00Z"])
def test_a_second_run_under_another_date_finds_what_the_first_one_booked(source: Path, now: str):
    """Seen red by: not looking for the earlier run's weeks: each visit was booked again two weeks later."""
    api = FakeFrontdesk()
    imported(source, api)
    before, api.now, api.keys = list(api.writes), now, {}
    assert imported(source, api).adds_up
    assert api.writes == before


@pytest.mark.parametrize("broken_after", range(13))
def test_a_run_that_broke_off_anywhere_is_finished_by_the_next_and_doubles_nothing(source: Path, broken_after: int):
    api, whole = FakeFrontdesk(), FakeFrontdesk()
    expected = imported(source, whole)
    api.breaks_after = broken_after
    with pytest.raises(ApiUnreachable):
        imported(source, api)
    api.breaks_after = None
    assert imported(source, api) == expected
    assert {name: len(rows) for name, rows in api.tables.items()} == {n: len(r) for n, r in whole.tables.items()}


def test_each_visit_is_billed_at_the_price_and_to_the_payer_of_its_own_claim(tmp_path: Path):
    """Seen red by: the prices not sent with the visit; the coverage set for all visits before the first is finished."""
    visits = [encounter(), claim("c1", 200.0, item(FLU, 100.0)), encounter("later", **LATER)]
    source = written(tmp_path, *CLINIC, *visits, second_claim(190.0, item(FLU, 140.0), payer="medicare"))
    api = FakeFrontdesk()
    assert imported(source, api).adds_up
    claims = api.table("claims").values()
    assert [(each["payer_name"], each["total_cents"]) for each in claims] == [("private", 20000), ("medicare", 19000)]


def test_what_the_api_refuses_is_left_out_with_the_refusal_as_reason(source: Path):
    api = FakeFrontdesk()
    api.refuses["/v1/appointments"] = "outside-working-hours"
    account = imported(source, api)
    assert LeftOut(kind="Encounter", source_id="later", reason="refused: outside-working-hours") in account.left_out
    assert LeftOut(kind="Claim", source_id="c2", reason="its encounter is left out") in account.left_out
    assert (account.adds_up, account.is_enough) == (True, False)


def test_a_patients_language_is_registered_and_one_that_is_not_known_left_out(tmp_path: Path):
    """Seen red by: a registration without it."""
    speaks = {tag: [{"language": concept(tag, "urn:ietf:bcp:47")}] for tag in ("es", "tlh-XX")}
    others = [patient(tag, communication=spoken) for tag, spoken in speaks.items()]
    api = FakeFrontdesk()
    imported(written(tmp_path, organization(), practitioner(), *others, encounter()), api)
    assert [each.get("language", "left out") for each in api.table("patients").values()] == ["es", "left out"]


def test_whoever_hangs_on_a_refused_site_is_left_out_too(source: Path):
    api = FakeFrontdesk()
    api.refuses["/v1/sites"] = "invalid"
    account = imported(source, api)
    assert LeftOut(kind="Patient", source_id="patient", reason="its site is not imported") in account.left_out
    assert account.adds_up


def test_hours_that_are_refused_end_no_import(source: Path):
    """Seen red by: the refusal let through."""
    api = FakeFrontdesk()
    api.refuses["/v1/working-hours"] = "impossible-hours"
    assert imported(source, api).adds_up


def test_a_name_that_the_api_does_not_look_for_ends_no_second_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Seen red by: the refusal let through."""
    source = written(tmp_path, *CLINIC, patient("short", name=[{"family": "O", "given": ["Ai"]}]), encounter())
    api = FakeFrontdesk()
    imported(source, api)
    listed = api._listed

    def refusing(name: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        if len(query.get("family", "long")) < 2:
            raise ApiRefused(422, {"type": "urn:frontdesk:problem:invalid"})
        return listed(name, query)

    monkeypatch.setattr(api, "_listed", refusing)
    imported(source, api)
    assert len(api.table("patients")) == 2


def test_hours_that_somebody_has_already_are_kept(source: Path):
    api = FakeFrontdesk()
    imported(source, api)
    (hours,) = api.table("hours").values()
    assert hours["weekly"] == [{"weekday": 3, "starts": "09:00", "ends": "09:15"}]
    hours |= {"lanes": 3, "weekly": [{"weekday": 1, "starts": "09:00", "ends": "12:00"}]}
    imported(source, api)
    (hours,) = api.table("hours").values()
    monday, wednesday = (
        {"weekday": 1, "starts": "09:00", "ends": "12:00"},
        {"weekday": 3, "starts": "09:00", "ends": "09:15"},
    )
    assert (hours["lanes"], hours["weekly"]) == (3, [monday, wednesday])


def test_billing_that_does_not_answer_is_shown_and_no_endless_wait(source: Path, monkeypatch: pytest.MonkeyPatch):
    api = FakeFrontdesk()
    monkeypatch.setattr(api, "_bill", lambda _: None)
    account = imported(source, api)
    assert (account.adds_up, account.billed) == (False, 0)
    missing = {row.what: (row.expected, row.found) for row in account.services if row.expected != row.found}
    assert missing["encounters with a claim"] == (1, 0)


def test_two_patients_of_one_name_and_birth_date_are_not_taken_for_one(tmp_path: Path):
    twins = written(
        tmp_path, *CLINIC, patient("twin"), encounter(), encounter("later", subject=refers_to("twin"), **LATER)
    )
    api = FakeFrontdesk()
    imported(twins, api)
    assert len(api.table("patients")) == 2
    before = list(api.writes)
    imported(twins, api)
    assert api.writes == before


def test_two_equal_visits_are_two_appointments_also_in_a_second_run(tmp_path: Path):
    """Seen red by: taking the first match of a day sheet for both visits (the second run found one appointment)."""
    source = written(tmp_path, *CLINIC, encounter(), claim("c1", 125.0), encounter("later"), second_claim(75.0))
    api = FakeFrontdesk()
    first = imported(source, api)
    assert (first.adds_up, len(api.table("appointments"))) == (True, 2)
    before = list(api.writes)
    assert imported(source, api) == first
    assert api.writes == before


def test_the_tables_say_it_all(source: Path):
    account = imported(source, FakeFrontdesk())
    out = io.StringIO()
    show(account, Console(file=out, width=120))
    for said in ("not ambulatory (EMER)", "encounters finished", "held: code-not-billable", "2 of 2", "100.0%"):
        assert said in out.getvalue()
    assert json.loads(json.dumps(account.as_json()))["adds_up"] is True


def test_the_client_signs_in_again_when_its_token_has_run_out(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[str, str]] = []

    def once(self: Api, method: str, path: str, body: bytes | None, headers: object) -> tuple[int, Any]:
        asked.append((path, self.token))
        if path == "/v1/oauth/token":
            return 200, {"access_token": f"token-{len(asked)}"}
        return (401, {}) if self.token == "token-1" else (200, {"path": path})

    monkeypatch.setattr(Api, "_once", once)
    assert ImportClient("http://gateway", "id", "secret").get("/v1/me") == {"path": "/v1/me"}
    assert asked == [("/v1/oauth/token", ""), ("/v1/me", "token-1"), ("/v1/oauth/token", ""), ("/v1/me", "token-3")]


def test_a_client_whose_credentials_do_not_hold_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Api, "_once", lambda *_: (401, {"type": "urn:frontdesk:problem:invalid-client"}))
    with pytest.raises(ApiRefused, match="401"):
        ImportClient("http://gateway", "id", "wrong")


def test_a_batch_of_which_some_fields_are_wrong_loses_those_items_alone(monkeypatch: pytest.MonkeyPatch):
    """Seen red by: the whole batch refused."""

    def once(self: Api, method: str, path: str, body: bytes | None, headers: object) -> tuple[int, Any]:
        if path == "/v1/oauth/token":
            return 200, {"access_token": "token"}
        items = json.loads(body or b"{}")["items"]
        wrong = [{"field": f"items.{at}.given", "message": "no"} for at, each in enumerate(items) if each["bad"]]
        if wrong:
            return 422, {"type": "urn:frontdesk:problem:invalid", "errors": wrong}
        return 200, {"items": [{"key": each["key"], "status": 200, "body": each} for each in items]}

    monkeypatch.setattr(Api, "_once", once)
    items = [{"key": f"k{place}", "bad": place % 3 == 0} for place in range(250)]
    answers = ImportClient("http://gateway", "id", "secret").batch("/v1/patients/batch", items)
    assert [each["key"] for each in answers] == [each["key"] for each in items]
    assert ["problem" in each for each in answers] == [each["bad"] for each in items]
    assert answers[99]["problem"]["errors"] == [{"field": "given", "message": "no"}]


def test_keys_are_the_sources_ids_or_where_they_cannot_be_what_follows_from_them():
    assert key_of("book", "visit-1") == "synthea/book/visit-1"
    odd = ["Patients of May.csv:2", "x" * 500, "é"]
    assert all(len(key_of("book", each)) < 100 and key_of("book", each) == key_of("book", each) for each in odd)
    assert len({key_of("book", each) for each in odd}) == 3
