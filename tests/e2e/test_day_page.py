"""The day page in Chromium, by keyboard, on a whole system."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fix_desk import Desk, answer
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from shared.clock import BusinessClock

CHROMIUM = Path("/usr/bin/chromium")
LIVE_MS = 10_000
DOCUMENT_MS = 30_000  # the first to ask has it made

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium"),
    pytest.mark.timeout(180),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A page that anything from elsewhere, and any script error, makes fail."""
    context = browser.new_context()
    opened = context.new_page()
    outside, errors = [], []
    opened.on("request", lambda request: outside.append(request.url) if not_ours(request.url, desk) else None)
    opened.on("pageerror", lambda error: errors.append(error.message))
    opened.goto(f"{desk.system.gateway_url}/day")
    yield opened
    context.close()
    assert (outside, errors) == ([], [])


def not_ours(url: str, desk: Desk) -> bool:
    return not url.startswith((desk.system.gateway_url, "data:"))


def sign_in(page: Page, desk: Desk, role: str = "secretary") -> None:
    account = desk.elm.accounts[role]
    page.get_by_label("Login").fill(account.login)
    page.get_by_label("Password").fill(account.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Live", timeout=LIVE_MS)


def row_of(page: Page, name: str) -> "object":
    return page.get_by_role("row").filter(has_text=name)


def test_a_wrong_password_says_what_to_do(page: Page, desk: Desk) -> None:
    page.get_by_label("Login").fill(desk.elm.accounts["secretary"].login)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("do not match")


def test_what_is_booked_elsewhere_appears_with_its_text_by_itself(page: Page, desk: Desk) -> None:
    """The list shows the name, the status, and the text or the reason why not."""
    sign_in(page, desk)
    booked_today(desk, "Live", "Texted")
    booked_today(desk, "Live", "Withheld", texting_consent=False)
    texted, withheld = row_of(page, "Texted, Live"), row_of(page, "Withheld, Live")
    expect(texted).to_contain_text("Expected", timeout=LIVE_MS)
    expect(texted).to_contain_text("Text sent", timeout=LIVE_MS)
    expect(withheld).to_contain_text("Not texted: no consent", timeout=LIVE_MS)
    expect(texted).to_contain_text("Noor Adeyemi")


def test_one_key_checks_in_and_another_undoes_it_on_every_page(page: Page, browser: Browser, desk: Desk) -> None:
    booked = booked_today(desk, "Kay", "Board")
    sign_in(page, desk)
    second = browser.new_context().new_page()
    second.goto(f"{desk.system.gateway_url}/day")
    sign_in(second, desk)
    choose(page, "Board, Kay")
    page.keyboard.press("c")
    for one in (page, second):
        expect(row_of(one, "Board, Kay")).to_contain_text("Arrived", timeout=LIVE_MS)
    expect(page.locator("#said")).to_contain_text("Board, Kay: checked in")
    page.keyboard.press("u")
    for one in (page, second):
        expect(row_of(one, "Board, Kay")).to_contain_text("Expected", timeout=LIVE_MS)
    second.context.close()
    kept = desk.session().get(f"/v1/appointments/{booked['appointment_id']}")
    assert kept["status"] == "booked"


def test_pressing_the_key_twice_checks_in_once(page: Page, desk: Desk) -> None:
    booked = booked_today(desk, "Twice", "Pressed")
    sign_in(page, desk)
    choose(page, "Pressed, Twice")
    page.keyboard.press("c")
    page.keyboard.press("c")
    expect(row_of(page, "Pressed, Twice")).to_contain_text("Arrived", timeout=LIVE_MS)
    expect(page.locator("#problem")).to_be_hidden()
    assert desk.session().get(f"/v1/appointments/{booked['appointment_id']}")["version"] == 2


def test_who_is_expected_next_is_chosen_when_the_page_opens(page: Page, desk: Desk) -> None:
    """Who was expected until now is no more the next. Seen red by: choosing the first of the day; leaving the keyboard
    with nothing chosen."""
    past, coming = booked_today(desk, "Seen", "Already"), booked_today(desk, "Soon", "Expected")
    desk.act(past, "check-in")
    clock = BusinessClock(desk.system.environment["FRONTDESK_CLOCK_FILE"])
    opened_at = clock.now()
    sign_in(page, desk)
    expect(row_of(page, "Expected, Soon")).to_be_visible(timeout=LIVE_MS)
    page.wait_for_function("document.activeElement.dataset.id !== undefined", timeout=LIVE_MS)
    sheet = desk.session().get("/v1/day", site_id=desk.elm.sites[0]["site_id"])["items"]
    expected = sorted((one for one in sheet if one["status"] == "booked"), key=by_time)
    assert coming["appointment_id"] in {one["appointment_id"] for one in expected}
    next_ones = {next_of(expected, at) for at in (opened_at, clock.now())}  # one may end while the page opens
    assert page.evaluate("document.activeElement.dataset.id") in next_ones


def test_a_key_that_does_nothing_says_why(page: Page, desk: Desk) -> None:
    booked_today(desk, "Una", "Undone")
    sign_in(page, desk)
    choose(page, "Undone, Una")
    page.keyboard.press("u")
    expect(page.locator("#last")).to_have_text("Undone, Una is expected: there is nothing to undo.")


def test_who_has_no_day_is_told_so_and_sees_no_half_of_a_page(page: Page, desk: Desk) -> None:
    account = desk.elm.accounts["biller"]
    page.get_by_label("Login").fill(account.login)
    page.get_by_label("Password").fill(account.password)
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("does not include the day page", timeout=LIVE_MS)
    for part in ("#sheet", "#keys", "#connection", "#site"):
        expect(page.locator(part)).to_be_hidden()


def test_the_day_and_the_clock_come_from_the_server(page: Page, desk: Desk) -> None:
    sign_in(page, desk)
    sheet = desk.session().get("/v1/day", site_id=desk.elm.sites[0]["site_id"])
    year, _, day = sheet["today"].split("-")
    expect(page.get_by_role("heading", level=1).last).to_have_text(re.compile(rf"\b{int(day)}, {year}"))
    expect(page.locator("#clock")).to_contain_text("simulated clock")


def test_a_secretary_is_offered_her_own_site_alone(page: Page, desk: Desk) -> None:
    sign_in(page, desk)
    assert page.locator("#site option").all_inner_texts() == [desk.elm.sites[0]["name"]]


def test_a_lost_connection_is_told_and_heals_by_itself(page: Page, desk: Desk) -> None:
    """The page says so, and what to do."""
    sign_in(page, desk)
    desk.system.stop("gateway")
    expect(page.get_by_role("status")).to_contain_text("Connection lost", timeout=LIVE_MS)
    desk.system.start("gateway")
    expect(page.get_by_role("status")).to_have_text("Live", timeout=20_000)


def test_signing_out_leaves_nothing_of_the_day_behind(page: Page, desk: Desk) -> None:
    booked_today(desk, "Gone", "Afterwards")
    sign_in(page, desk)
    expect(row_of(page, "Afterwards, Gone")).to_be_visible(timeout=LIVE_MS)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.locator("#rows tr").count() == 0
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


def test_every_control_has_a_name_for_a_screen_reader(page: Page, desk: Desk) -> None:
    booked_today(desk, "Screen", "Reader")
    sign_in(page, desk)
    button = row_of(page, "Reader, Screen").get_by_role("button").first
    assert re.match(r"Check in: Reader, Screen, \d+:\d\d", button.get_attribute("aria-label") or "")
    expect(page.get_by_role("table", name="Today's appointments")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Reader, Screen")).to_be_visible()
    expect(page.get_by_role("combobox", name="Site")).to_be_visible()


def test_a_visit_goes_through_the_day_by_keys_alone_and_each_step_is_undone(page: Page, desk: Desk) -> None:
    """Seen red by: a key that the page does not know."""
    booked = booked_today(desk, "Through", "Going")
    sign_in(page, desk)
    choose(page, "Going, Through")
    status = row_of(page, "Going, Through").locator(".status")
    for key, word in (
        ("c", "Arrived"),
        ("s", "In room"),
        ("d", "Done"),
        ("u", "In room"),
        ("u", "Arrived"),
        ("u", "Expected"),
    ):
        page.keyboard.press(key)
        expect(status).to_contain_text(word, timeout=LIVE_MS)
    kept = desk.session().get(f"/v1/appointments/{booked['appointment_id']}")
    assert (kept["stage"], kept["version"]) == ("booked", 7)


def test_who_has_not_begun_cannot_have_been_missed_and_the_page_says_so(page: Page, desk: Desk) -> None:
    booked_today(desk, "Early", "Missed")
    sign_in(page, desk)
    choose(page, "Missed, Early")
    page.keyboard.press("n")
    expect(page.locator("#problem")).to_contain_text("the patient may still come", timeout=LIVE_MS)


def test_more_leads_to_confirming_cancelling_with_its_reason_and_the_history(page: Page, desk: Desk) -> None:
    """By keyboard and by name, as a screen reader finds them. Seen red by: a step without its button."""
    booked = booked_today(desk, "More", "Ways")
    sign_in(page, desk)
    choose(page, "Ways, More")
    page.keyboard.press("m")
    page.get_by_role("button", name="Confirmed by patient").click()
    expect(row_of(page, "Ways, More")).to_contain_text("confirmed", timeout=LIVE_MS)
    page.keyboard.press("m")
    page.get_by_role("button", name="Cancel…").click()
    page.get_by_label("Why is it cancelled?").fill("patient called")
    page.get_by_label("Wished by").select_option("patient")
    page.get_by_role("button", name="Save").click()
    expect(row_of(page, "Ways, More")).to_contain_text("Cancelled", timeout=LIVE_MS)
    page.keyboard.press("m")
    page.get_by_role("button", name="History").click()
    expect(page.locator("#more-history li")).to_have_count(3)
    expect(page.locator("#more-history li").last).to_contain_text("cancel, by the patient (patient called)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    kept = desk.session().get(f"/v1/appointments/{booked['appointment_id']}")
    assert (kept["cancelled_by"], kept["cancelled_notice_minutes"] >= 0) == ("patient", True)


def test_who_walks_in_is_registered_booked_and_here_by_one_form(page: Page, desk: Desk) -> None:
    """With her language and what she agreed to, each by itself.

    Seen red by: a form that sends no patient; boxes that are not sent; a language that is not.
    """
    diary = desk.diary()
    sign_in(page, desk)
    page.keyboard.press("w")
    page.get_by_label("Family name").fill("Walker")
    page.get_by_label("Given name").fill("Ines")
    page.get_by_label("Phone").fill(desk.number())
    page.get_by_label("Speaks").select_option("Spanish")
    page.get_by_label("Said yes to texts about visits").check()
    page.get_by_label("Said yes to texts about care").check()
    page.locator("#walk-in-practitioner").select_option(diary.practitioner_id)
    page.locator("#walk-in-type").select_option(diary.appointment_type_id)
    page.get_by_role("button", name="Check in now").click()
    expect(row_of(page, "Walker, Ines")).to_contain_text("Arrived", timeout=LIVE_MS)
    expect(row_of(page, "Walker, Ines")).to_contain_text("walk-in")
    body = {"family": "Walker", "site_id": diary.site_id}
    [patient] = answer(desk.session(), "POST", "/v1/patients/search", body).body["items"]
    known = desk.session().get(f"/v1/patients/{patient['patient_id']}")
    assert known["language"] == "es"
    assert [(it["purpose"], it["given"]) for it in known["consents"]] == [("reminders", True), ("care", True)]


def test_one_step_tells_all_of_a_practitioner_who_runs_late(page: Page, desk: Desk) -> None:
    diary = desk.diary()
    desk.book(diary, 0, desk.newcomer(given="First", family="Waiting"))
    desk.book(diary, 1, desk.newcomer(given="Second", family="Waiting"))
    sign_in(page, desk)
    choose(page, "Waiting, First")
    page.keyboard.press("l")
    page.get_by_label("Minutes").fill("25")
    page.keyboard.press("Enter")
    for name in ("Waiting, First", "Waiting, Second"):
        expect(row_of(page, name)).to_contain_text("runs 25 min late", timeout=LIVE_MS)


def test_the_sheet_and_the_card_are_printed_under_the_policy_of_the_page(page: Page, desk: Desk) -> None:
    """Nothing inline: the browser itself would say so. Seen red by: a style in the page."""
    booked = booked_today(desk, "On", "Paper")
    sign_in(page, desk)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    site_id = desk.elm.sites[0]["site_id"]
    page.goto(f"{desk.system.gateway_url}/v1/day/print?site_id={site_id}")
    expect(page.get_by_role("row").filter(has_text="Paper, On")).to_contain_text("Expected")
    page.goto(f"{desk.system.gateway_url}/v1/appointments/{booked['appointment_id']}/card")
    expect(page.get_by_role("main")).to_contain_text("On Paper")
    assert complaints == []


def test_the_description_of_the_api_can_be_browsed(browser: Browser, desk: Desk) -> None:
    """What was typed before the document came counts as well; an operation's body is made when it is opened."""
    page = browser.new_page()
    page.goto(f"{desk.system.gateway_url}/docs", wait_until="commit")
    page.get_by_label("Find").fill("book_appointment")
    booking = page.get_by_text("Books a free time, with all that the visit needs").first
    expect(booking).to_be_visible(timeout=DOCUMENT_MS)
    expect(page.get_by_text("Keeps a free time for a known patient")).to_be_hidden()
    expect(page.get_by_text("A first call")).to_be_visible()
    booking.click()
    expect(page.get_by_role("cell", name="Idempotency-Key")).to_be_visible()
    page.close()


def by_time(item: dict[str, Any]) -> tuple[str, str]:
    return item["start_at"], item["appointment_id"]


def next_of(expected: list[dict[str, Any]], at: datetime) -> str:
    """The first of them that is not over by then, or the last of all."""
    coming = [one for one in expected if datetime.fromisoformat(one["end_at"]) > at]
    return str((coming or expected[-1:])[0]["appointment_id"])


def booked_today(desk: Desk, given: str, family: str, **changes: Any) -> dict[str, Any]:
    """A new caller's visit at Elm's first site, today."""
    return desk.book(desk.diary(), 0, desk.newcomer(given=given, family=family, **changes))


def choose(page: Page, name: str) -> None:
    """Moves to a row by keyboard alone."""
    row = row_of(page, name)
    expect(row).to_be_visible(timeout=LIVE_MS)
    for _ in range(page.locator("#rows tr").count() + 1):
        page.keyboard.press("j")
        if row.evaluate("row => row === document.activeElement"):
            return
    pytest.fail(f"no key leads to {name}")
