"""Lists as strangers read them: page by page, forwards and backwards, by filters; a cursor is good for its own list."""

import secrets
from collections.abc import Sequence
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
UNSORTED = frozenset({"list_free_times", "search_free_times", "list_stranded_appointments", "list_waitlist"})
LISTS = [one for one in ROUTES if one.listed and one.name not in BY_SEQUENCE]
OF_A_SITE = (
    "list_resources",
    "list_closures",
    "list_working_exceptions",
    "list_stranded_appointments",
    "list_absences",
    "list_reschedules",
    "list_waitlist",
    "list_waitlist_offers",
    "list_third_next_available",
    "list_calls",
    "list_conversations",
    "list_text_runs",
)
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
    _planned(desk, site)
    template = _worded(desk, site)
    conversation = _talked(desk, site, visits, people[0]["phone"])
    waiting, tomorrow = desk.diary(lanes=3), {"from_on": (desk.now + timedelta(days=1)).date().isoformat()}
    wanted = {**ids_of(waiting, many=True), "site_ids": [diary.site_id], **tomorrow}
    for visit in visits:
        manager.post("/v1/waitlist", {**wanted, "patient_id": visit["patient_id"]})
    desk.wait_until(lambda: len(manager.all("/v1/waitlist/offers", **site)) >= 3)
    desk.wait_until(lambda: len(manager.all("/v1/claims", **site)) >= 3 and len(manager.all("/v1/texts", **site)) >= 3)
    return {
        "diary": diary,
        "other": other,
        "visits": visits,
        "other questions": {
            "list_free_times": {"days": 2},
            "search_free_times": {"days": 2},
            "list_stranded_appointments": {"site_id": desk.elm.sites[1]["site_id"]},
            "list_waitlist": {"site_id": desk.elm.sites[1]["site_id"]},
        },
        "list_appointments": site,
        "list_charges": site,
        "list_claims": site,
        "list_encounters": site,
        "list_texts": site,
        "list_free_times": {**site, **ids_of(diary), "days": 1},
        "search_free_times": {**ids_of(diary, many=True), "site_ids": [diary.site_id], **tomorrow, "days": 1},
        **dict.fromkeys(OF_A_SITE, site),
        "list_text_templates": site,
        "list_text_template_versions": template,
        "list_said": conversation,
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
    changed = shelf["other questions"].get(one.name) or {"sort": f"-{one_sort(one)}"}
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
    api, path = desk.session("integration"), one.path.format_map(asked)
    others = {name: value for name, value in asked.items() if f"{{{name}}}" not in one.path}
    return api.post(path, others) if one.method == "POST" else api.get(path, **others)


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


def ids_of(diary: Any, *, many: bool = False) -> Json:
    """The practitioner (as a list of one where `many` may be named) and the type."""
    who = {"practitioner_ids": [diary.practitioner_id]} if many else {"practitioner_id": diary.practitioner_id}
    return {**who, "appointment_type_id": diary.appointment_type_id}


def _worded(desk: Desk, site: Json) -> Json:
    """Three templates of a site, one of them saved three times; its id."""
    manager, ids = desk.session("manager"), {}
    body = "{{ site_name }}: on {{ date }}. Reply STOP to opt out."
    for language in ("en", "es", "fr"):
        words = {**site, "occasion": "rescheduled", "language": language, "body": body}
        ids = {"template_id": manager.post("/v1/text-templates", words)["template_id"]}
    for time in ("at {{ time }}", "{{ time }}"):
        manager.put(f"/v1/text-templates/{ids['template_id']}", {"body": f"{time} {body}"})
    return ids


def _talked(desk: Desk, site: Json, visits: Sequence[Json], number: str) -> Json:
    """Three conversations, one of them with two replies, three quick replies and three to call; that one's id."""
    manager, silent = desk.session("manager"), desk.diary(lanes=3)
    for place in range(3):
        desk.book(silent, place, desk.newcomer(texting_consent=False))
        manager.post("/v1/quick-replies", {"name": f"{FAMILY} {place}", "body": "Please bring your card."})
    for words in ("Can my dog come?", "It is a small one"):
        assert desk.reply(number, words) == 200
    opened = [manager.post("/v1/conversations", {**site, "patient_id": it["patient_id"]}) for it in visits]
    desk.wait_until(lambda: len(manager.all("/v1/calls", **site)) >= 3)
    desk.wait_until(lambda: len(manager.all("/v1/text-runs", **site)) >= 3)
    return {"conversation_id": opened[0]["conversation_id"]}


def _planned(desk: Desk, site: Json) -> None:
    """Three rooms, holidays and stretches of blocked time, visits that are stranded and visits that have to move."""
    manager, away, gone = desk.session("manager"), desk.diary(), desk.diary()
    for place in range(3):
        manager.post("/v1/resources", {**site, "kind": "room", "type": "exam room", "name": f"{FAMILY} {place}"})
        manager.post("/v1/closures", {**site, "kind": "holiday", "from_on": f"2031-07-0{place + 1}"})
        off = {"practitioner_id": away.practitioner_id, "from_on": f"2031-08-0{place + 1}"}
        manager.post("/v1/working-exceptions", {**site, **off, "kind": "leave"})
        booked = desk.book(away, 2 * place)  # what touches is one absence
        span = {"from_at": booked["start_at"], "until_at": booked["end_at"]}
        manager.post("/v1/absences", {"practitioner_id": away.practitioner_id, **span, "reason": "away"})
        desk.book(gone, place)
    manager.put("/v1/working-hours", {**site, "practitioner_id": gone.practitioner_id, "lanes": 1, "weekly": []})
