"""The live day: one greenlet per open site asks scheduling once a second and feeds every page that shows the site."""

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.clients import Services
from gateway.errors import Problem
from shared.asker import Asker
from shared.clock import Clock
from shared.logs import log
from shared.metrics import gauge

EVERY_S = 1.0
MOST_PAGES = 400
# One account's, in this process: a desk with a screen at every seat, but not all places that others need.
MOST_OF_ONE = 20
_WAITING = 100

Message = tuple[str, dict[str, Any]]
RELOAD: Message = ("reload", {})
TROUBLE: Message = ("trouble", {})
_pages = gauge("gateway_open_pages", "Day pages that are being fed by this process.")


class Page:
    """What one open page has not been told yet. A page that does not keep up is told to read the day again."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Message] = queue.Queue(_WAITING)

    def put(self, message: Message) -> None:
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(RELOAD)

    def next(self, seconds: float) -> Message | None:
        """The next message, or None where none came in that time."""
        try:
            return self._waiting.get(timeout=seconds)
        except queue.Empty:
            return None


@dataclass
class _Site:
    """One site that is on at least one page."""

    network_id: UUID
    site_id: str
    pages: list[Page] = field(default_factory=list)
    on: str = ""
    zone: str = "UTC"
    after: Any = None
    is_away: bool = False

    def tell(self, message: Message) -> None:
        for page in list(self.pages):
            page.put(message)

    @property
    def asker(self) -> Asker:
        return Asker(
            actor_id="gateway",
            actor_kind="service",
            network_id=self.network_id,
            sites=frozenset({UUID(self.site_id)}),
            scopes=frozenset({"appointments:read"}),
        )


class DayFeeds:
    """The sites that are open in this process."""

    def __init__(self, services: Services, clock: Clock, every_s: float = EVERY_S) -> None:
        self._services = services
        self._clock = clock
        self._every_s = every_s
        self._sites: dict[tuple[UUID, str], _Site] = {}
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()

    @contextmanager
    def page(self, network_id: UUID, site_id: str, account_id: str) -> Iterator[Page]:
        """A page on a site, fed while the block runs. Raises too-many-pages, for this account or for everyone."""
        page = self._join(network_id, site_id, account_id)
        try:
            yield page
        finally:
            self._leave(network_id, site_id, account_id, page)

    def _join(self, network_id: UUID, site_id: str, account_id: str) -> Page:
        page = Page()
        with self._lock:
            if self._open.total() >= MOST_PAGES or self._open[account_id] >= MOST_OF_ONE:
                raise Problem("too-many-pages", {"retry_after": 30})
            self._open[account_id] += 1
            site = self._sites.get((network_id, site_id))
            if site is not None:
                site.pages.append(page)
            else:
                # With its page before it starts: a feed without pages ends.
                site = self._sites[network_id, site_id] = _Site(network_id, site_id, [page])
                threading.Thread(target=self._feed, args=(site,), daemon=True).start()
        _pages.set(self._open.total())
        return page

    def _leave(self, network_id: UUID, site_id: str, account_id: str, page: Page) -> None:
        with self._lock:
            self._open[account_id] -= 1
            self._open += Counter()  # drops accounts without a page
            site = self._sites[network_id, site_id]
            site.pages.remove(page)
            if not site.pages:
                del self._sites[network_id, site_id]
        _pages.set(self._open.total())

    def _feed(self, site: _Site) -> None:
        while site.pages:
            try:
                self._round(site)
            except Problem:
                self._away(site)
            except Exception:
                log.exception("day-feed-failed")
                self._away(site)
            time.sleep(self._every_s)

    def _round(self, site: _Site) -> None:
        if site.on != self._today(site):
            self._begin(site)
        question = {"site_id": site.site_id, "on": site.on, "after": site.after}
        changes = self._services.ask("scheduling", "day_changes", question, site.asker)
        site.after = changes["after"]
        if site.is_away:
            site.is_away = False
            site.tell(RELOAD)
        elif changes["items"] or changes.get("gone"):
            site.tell(("changes", changes))

    def _begin(self, site: _Site) -> None:
        """Starts with today: at first, and whenever the site's day changes."""
        day = self._services.ask("scheduling", "day", {"site_id": site.site_id}, site.asker)
        is_new_day = bool(site.on)
        site.on, site.zone, site.after = day["today"], day["zone"], day["after"]
        if is_new_day:
            site.tell(RELOAD)

    def _today(self, site: _Site) -> str:
        return self._clock.now().astimezone(ZoneInfo(site.zone)).date().isoformat() if site.on else "unknown"

    def _away(self, site: _Site) -> None:
        if not site.is_away:
            site.is_away = True
            site.tell(TROUBLE)
