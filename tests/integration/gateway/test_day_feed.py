"""The live day: one question a second for all pages of a site, and nothing after the session ends."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from gateway.day import MOST_OF_ONE, DayFeeds, Page
from gateway.errors import Problem
from gateway.routes import day as day_route
from shared.calls.outcomes import CallUnavailable
from tests.fix_gateway import Front

pytestmark = pytest.mark.timeout(60)
SITE = {"name": "Riverside", "zone": "America/New_York"}


def sheet(front: Front, after: str = "1", on: str = "2026-11-23") -> dict[str, Any]:
    site = {**SITE, "site_id": str(front.site_id)}
    return {"site": site, "on": on, "today": on, "zone": SITE["zone"], "items": [], "after": after}


def changes(front: Front, *versions: int) -> dict[str, Any]:
    items = [{"appointment_id": str(front.site_id), "version": version, "status": "arrived"} for version in versions]
    return {"items": items, "after": str(len(versions))}


def next_of(page: Page, seconds: float = 5.0) -> Any:
    return page.next(seconds)


def questions(front: Front, name: str) -> int:
    return sum(1 for _, question, _, _, _ in front.asked if question == name)


def test_a_change_reaches_every_page_of_the_site(front: Front) -> None:
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front)}
    feeds, site = front.door.feeds, str(front.site_id)
    with feeds.page(front.network_id, site, "hers") as first, feeds.page(front.network_id, site, "hers") as second:
        front.answers["scheduling.day_changes"] = changes(front, 2)
        for page in (first, second):
            kind, data = next_of(page)
            assert (kind, data["items"][0]["version"]) == ("changes", 2)


def test_many_pages_of_a_site_cost_one_question_a_round(front: Front) -> None:
    """Seen red by: a greenlet for each page."""
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front)}
    feeds = DayFeeds(front.door.services, front.clock, every_s=30)
    pages = [feeds.page(front.network_id, str(front.site_id), "hers") for _ in range(10)]
    for one in pages:
        one.__enter__()
    assert eventually(lambda: questions(front, "day_changes") == 1)
    assert questions(front, "day") == 1
    for one in pages:
        one.__exit__(None, None, None)


def test_one_page_too_many_is_told_so(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that joined only when its answer had begun would break off instead."""
    monkeypatch.setattr("gateway.day.MOST_PAGES", 0)
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front)}
    answer = front.get("/v1/day/changes", front.token(), params={"site_id": str(front.site_id)})
    assert (answer.status_code, answer.json["slug"]) == (429, "too-many-pages")


def test_the_feed_asks_for_its_own_site_alone(front: Front) -> None:
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front, 1)}
    with front.door.feeds.page(front.network_id, str(front.site_id), "hers") as page:
        next_of(page)
    asker = front.asked[-1][3]
    assert (asker.actor_kind, asker.sites) == ("service", frozenset({front.site_id}))
    assert asker.scopes == frozenset({"appointments:read"})


def test_pages_hear_when_scheduling_is_away_and_read_again_when_it_is_back(front: Front) -> None:
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": CallUnavailable()}
    with front.door.feeds.page(front.network_id, str(front.site_id), "hers") as page:
        assert next_of(page)[0] == "trouble"
        front.answers["scheduling.day_changes"] = changes(front)
        assert next_of(page)[0] == "reload"


def test_at_midnight_pages_read_the_new_day(front: Front) -> None:
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front, 1)}
    with front.door.feeds.page(front.network_id, str(front.site_id), "hers") as page:
        assert next_of(page)[0] == "changes"
        front.answers["scheduling.day"] = sheet(front, on="2026-11-24")
        front.clock.instant = front.clock.instant.replace(day=24)
        assert eventually(lambda: next_of(page)[0] == "reload")


def test_a_page_that_does_not_keep_up_reads_the_day_again() -> None:
    page = Page()
    for _ in range(150):
        page.put(("changes", {"items": []}))
    assert eventually(lambda: next_of(page)[0] == "reload")


def test_the_stream_starts_with_the_day_and_ends_with_the_session(front: Front) -> None:
    day_route.STILL_HERE_S, day_route._LOOK_S = 0.1, 0.05
    front.answers |= {"scheduling.day": sheet(front), "scheduling.day_changes": changes(front)}
    login, password = front.account()
    cookie = front.sign_in(login, password, cookie=True).headers["Set-Cookie"].split(";")[0]
    path, question = "/v1/day/changes", {"site_id": str(front.site_id)}
    # The client reads the stream to its end: it ends because the account is disabled while it runs.
    front.answers["scheduling.day_changes"] = disabling(front, login)
    answer = front.get(path, headers={"Cookie": cookie}, params=question)
    kinds = [line.removeprefix("event: ") for line in answer.text.splitlines() if line.startswith("event: ")]
    assert kinds[0] == "day"
    assert kinds[-1] == "signed-out"
    assert answer.headers["Content-Type"] == "text/event-stream"


def disabling(front: Front, login: str) -> Any:
    turns: Iterator[int] = iter(range(1000))

    def answer(_: dict[str, Any]) -> dict[str, Any]:
        if next(turns) == 3:
            front.directory.disable(front.network_id, login)
            front.forget_standings()
        return changes(front)

    return answer


def eventually(check: Any, seconds: float = 5.0) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if check():
            return True
        time.sleep(0.01)
    return False


def test_one_account_cannot_open_all_pages(front: Front) -> None:
    """Seen red by: a bound for the process alone, at which nobody else's page opened."""
    feeds, site = front.door.feeds, str(front.site_id)
    with ExitStack() as stack:
        for _ in range(MOST_OF_ONE):
            stack.enter_context(feeds.page(front.network_id, site, "hers"))
        with pytest.raises(Problem) as refused:
            stack.enter_context(feeds.page(front.network_id, site, "hers"))
        assert (refused.value.slug, refused.value.status) == ("too-many-pages", 429)
        stack.enter_context(feeds.page(front.network_id, site, "his"))
    with feeds.page(front.network_id, site, "hers"):
        pass  # what was closed may be opened again
