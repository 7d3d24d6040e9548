"""Rows of free time as a search reads them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.resources import Need
from services.scheduling.domain.search import DayOf, OtherDay, SiteOfSearch, Window
from services.scheduling.repository.ranges import multirange_of, ranges_of
from shared.database.repository import Repository
from shared.database.session import Row


class SearchRepository(Repository):
    """What the search knows of sites, and of the days of practitioners, rooms and devices."""

    def sites(
        self, site_ids: Sequence[UUID] | None, practitioner_ids: Sequence[UUID] | None = None
    ) -> list[SiteOfSearch]:
        """Those of the network (None: all) that are there; with `practitioner_ids` where any of them works."""
        ids = {"site_ids": site_ids, "practitioner_ids": practitioner_ids}
        rows = self.all("search-sites", **{name: None if it is None else list(it) for name, it in ids.items()})
        return [SiteOfSearch(**row) for row in rows]

    def equipped(self, site_ids: Sequence[UUID], needs: Sequence[Need]) -> set[UUID]:
        """The sites where there are as many rooms and devices as are needed, whenever they are free."""
        counts = Counter((need.kind, need.type) for need in needs if need.kind != "practitioner")
        if not counts:
            return set(site_ids)
        kinds, types = zip(*counts, strict=True)
        wanted = {"kinds": list(kinds), "types": list(types), "counts": list(counts.values())}
        return {row["site_id"] for row in self.all("search-equipped-sites", site_ids=list(site_ids), **wanted)}

    def unknown_practitioners(self, practitioner_ids: Sequence[UUID]) -> bool:
        """Whether one of them is none of the network's."""
        wanted = set(practitioner_ids)
        return bool(wanted) and len(self.all("search-practitioners", practitioner_ids=list(wanted))) < len(wanted)

    def candidates(self, days: Sequence[Window], **wanted: Any) -> list[tuple[DayOf, datetime]]:
        """At most `most` lanes of practitioners' days, by the earliest instant that comes into question."""
        rows = self.all(
            "search-candidates",
            days=[day.on_day for day in days],
            windows=[multirange_of(day.within) for day in days],
            untils=[day.until_at for day in days],
            **wanted,
        )
        return [(DayOf(**day_row(row)), row["earliest_at"]) for row in rows]

    def others(self, site_ids: list[UUID], days: list[date], needs: Sequence[Need], minutes: int) -> list[OtherDay]:
        """The days of all that fits any of the needs, at those sites on those days."""
        rows = self.all(
            "search-others",
            site_ids=site_ids,
            days=days,
            kinds=[need.kind for need in needs],
            types=[need.type for need in needs],
            minutes=minutes,
        )
        return [OtherDay(**day_row(row), kind=row["kind"], type=row["type"]) for row in rows]


def day_row(row: Row) -> Row:
    """What a day of a search is made of."""
    names = ("resource_id", "site_id", "on_day", "lane")
    ranges = {name: ranges_of(row[name]) for name in ("working", "taken")}
    return {name: row[name] for name in names} | ranges
