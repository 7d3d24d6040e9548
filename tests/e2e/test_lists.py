"""Lists as strangers read them: page by page, forwards and backwards, by filters; a cursor is good for its own list."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from fix_access import World
from fix_desk import Desk, answer

from cli.api import Api, ApiRefused
from gateway.endpoint import Route
from gateway.routes import ROUTES

Json = dict[str, Any]

# `after` a sequence number instead of a cursor; and what sorts by itself.
BY_SEQUENCE = frozenset({"read_claim_feed"})
UNSORTED = frozenset({"list_free_times"})
LISTS = [one for one in ROUTES if one.listed and one.name not in BY_SEQUENCE]
FAMILY = f"Quill{secrets.token_hex(2)}"


@pytest.fixture(scope="module")
def shelf(desk: Desk) -> Json:
    """At least three of everything that is listed, and the filters that find them."""
    diary, other = desk.diary(lanes=3), desk.diary()
    people = [desk.insured(family=f"{FAMILY} {name}") for name in ("Birch", "Ash", "Cedar")]
    visits = [desk.book(diary, place, person) for place, person in enumerate(people)]
    for visit in visits:
        arrived = desk.act(visit, "check-in")
        desk.finish(arrived["encounter_id"])
    desk.act(desk.book(other, 5), "cancel", {"reason": "moved away"})
    site = {"site_id": diary.site_id}
    manager = desk.session("manager")
    desk.wait_until(lambda: len(manager.all("/v1/claims", **site)) >= 3 and len(manager.all("/v1/texts", **site)) >= 3)
    return {
        "diary": diary,
        "other": other,
        "visits": visits,
        "list_appointments": site,
        "list_charges": site,
        "list_claims": site,
        "list_encounters": site,
        "list_texts": site,
        "list_free_times": {**site, **ids_of(diary), "days": 1},
        "list_patients": {"family": FAMILY},
        "search_patients": {"family": FAMILY},
    }


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
def test_a_list_read_one_by_one_is_the_list(desk: Desk, shelf: Json, one: Route) -> None:
    """Nothing twice, nothing missing. Seen red by: `>=` for the place after which a page begins."""
    asked = shelf.get(one.name, {})
    whole = pages(desk, one, {**asked, "limit": 200})
    assert len(whole) >= 2
    assert len({repr(item) for item in whole}) == len(whole)
    assert pages(desk, one, {**asked, "limit": 1}, most=8) == whole[:8]


@pytest.mark.parametrize("one", [one for one in LISTS if one.name not in UNSORTED], ids=lambda one: one.name)
def test_a_list_can_be_read_backwards(desk: Desk, shelf: Json, one: Route) -> None:
    """Seen red by: a statement that begins forwards and goes on backwards after a place."""
    asked = shelf.get(one.name, {})
    column = one_sort(one).removeprefix("-")
    forwards = pages(desk, one, {**asked, "sort": column, "limit": 200})
    assert forwards == pages(desk, one, {**asked, "limit": 200})
    assert pages(desk, one, {**asked, "sort": f"-{column}", "limit": 3}) == forwards[::-1]


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
def test_a_cursor_of_another_filter_or_order_is_refused_by_its_field(desk: Desk, shelf: Json, one: Route) -> None:
    """Seen red by: a scope of cursors without the order."""
    asked = shelf.get(one.name, {})
    cursor = page(desk, one, {**asked, "limit": 1})["next"]
    changed = {"days": 2} if one.name in UNSORTED else {"sort": f"-{one_sort(one)}"}
    for wrong in ({**asked, **changed, "cursor": cursor}, {**asked, "cursor": cursor[:-2] + "AA"}):
        with pytest.raises(ApiRefused) as refused:
            page(desk, one, wrong)
        assert [error["field"] for error in refused.value.problem["errors"]] == ["cursor"]


def test_appointments_are_found_by_days_status_practitioner_and_patient(desk: Desk, shelf: Json) -> None:
    """Seen red by: `to_on` that leaves its own day out."""
    diary, visits, manager = shelf["diary"], shelf["visits"], desk.session("manager")
    today = desk.now.date()
    site = {"site_id": diary.site_id}
    mine = {visit["appointment_id"] for visit in visits}

    def found(**asked: Any) -> set[str]:
        return {each["appointment_id"] for each in manager.all("/v1/appointments", **asked)}

    assert found(**site, practitioner_id=diary.practitioner_id) == mine
    assert found(**site, on=today, practitioner_id=diary.practitioner_id) == mine
    assert found(**site, from_on=today, to_on=today, practitioner_id=diary.practitioner_id) == mine
    assert found(**site, from_on=today + timedelta(days=1), practitioner_id=diary.practitioner_id) == set()
    assert found(**site, to_on=today - timedelta(days=1), practitioner_id=diary.practitioner_id) == set()
    assert found(patient_id=visits[0]["patient_id"]) == {visits[0]["appointment_id"]}
    cancelled = manager.all("/v1/appointments", **site, status="cancelled")
    assert {each["status"] for each in cancelled} == {"cancelled"}
    assert shelf["other"].practitioner_id in {each["practitioner_id"] for each in cancelled}
    refused = answer(manager, "GET", "/v1/appointments")
    assert (refused.status, refused.slug) == (422, "invalid")


def test_a_number_a_name_and_a_birth_date_narrow_a_search_together(desk: Desk) -> None:
    """Seen red by: a number for which no name is looked at."""
    number = desk.number()
    for given, family, born in (
        ("Ada", FAMILY, "1984-05-17"),
        ("Bea", FAMILY, "1990-01-02"),
        ("Cid", "Un", "1990-01-02"),
    ):
        desk.register(desk.newcomer(given=given, family=family, phone=number, birth_on=born))
    asked = {"phone": number, "family": FAMILY[:5].upper(), "birth_on": "1990-01-02"}
    for found in (desk.session().post("/v1/patients/search", asked), desk.session().get("/v1/patients", **asked)):
        assert [person["given"] for person in found["items"]] == ["Bea"]


@pytest.mark.requirement("4e")
def test_a_search_finds_nothing_of_another_site_and_shows_nothing_of_it(world: World) -> None:
    """By a part of the name, the birth date, the number, and all of them: what is not hers is answered like what is not
    there, to the byte. Seen red by: `patient-page` without its sites."""
    # Nobody has been booked elsewhere for her meanwhile, as for the patients that all tests of this world share.
    newcomer = {"site_id": world.other_site["site_id"], **world.desk.newcomer()}
    theirs = Api(world.url, world.sign_in("manager").token).post("/v1/patients", newcomer)
    api = Api(world.url, world.sign_in("secretary").token)
    for asked in ({"family": theirs["family"][:-1]}, {"phone": newcomer["phone"]}):
        other = {"family": "Nobody At All"} if "family" in asked else {"phone": "+12025559999"}
        assert api.get("/v1/patients", **asked) == api.get("/v1/patients", **other) == {"items": [], "next": None}
        assert api.post("/v1/patients/search", asked) == {"items": [], "next": None}
    hers = api.post("/v1/patients/search", {"birth_on": "1984-05-17", "limit": 200})["items"]
    assert theirs["patient_id"] not in {each["patient_id"] for each in hers}
    assert world.own["patient_id"] in {each["patient_id"] for each in hers}


def page(desk: Desk, one: Route, asked: Json) -> Json:
    """One page of a list, by its address or its body."""
    api = desk.session("integration")
    return api.post(one.path, asked) if one.method == "POST" else api.get(one.path, **asked)


def pages(desk: Desk, one: Route, asked: Json, most: int = 10**6) -> list[Json]:
    """Items of page after page."""
    found: list[Json] = []
    cursor: Json = {}
    while True:
        got = page(desk, one, {**asked, **cursor})
        found += got["items"]
        if not got["next"] or len(found) >= most:
            return found[:most]
        cursor = {"cursor": got["next"]}


def one_sort(one: Route) -> str:
    """The list's own order."""
    schema = one.body if one.method == "POST" else one.query
    [allowed] = [each.choices for each in schema.fields["sort"].validators]
    return str(allowed[0])


def ids_of(diary: Any) -> Json:
    return {"practitioner_id": diary.practitioner_id, "appointment_type_id": diary.appointment_type_id}
