"""Figures of texts equal what the raw rows give, counted one by one in plain Python."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fix_notifications import NOW, TOMORROW, Desk, told

from services.notifications import queries
from shared.errors import Invalid, NotFound
from shared.ids import new_id

ZONE = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
# The clocks go back on 1 November 2026: the days are cut by two offsets.
FIRST, LAST = date(2026, 10, 30), date(2026, 11, 2)
SENT = ("accepted", "delivered", "failed")
STATUSES = (*SENT, "delivered", "accepted", "refused", "unknown", "due", "claimed", "skipped", "skipped")
KINDS = (("booked", None), ("rescheduled", None), ("cancelled", None), ("missed", "after-miss"), ("reminder", "PT2H"))
KINDS += (("reminder", "P2D"), ("reminder", "P2D"), ("reschedule-proposal", None))
KEYS = ("kind", "lead", "template_id", "template_version", "language")


class Rows:
    """Visits of two sites with texts of every state about them, and what was replied; drawn by a seed."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random = desk, Random(seed)
        self.sites = (desk.site_id, desk.site_id, new_id())
        self.templates = (None, None, new_id(), new_id())
        for _ in range(160):
            self._visit()

    def _visit(self) -> None:
        draw = self.random
        start_at = datetime(2026, 10, 30, 4, tzinfo=UTC) + HOUR * draw.randrange(150)
        visit = {"appointment_id": new_id(), "site_id": draw.choice(self.sites), "start_at": start_at}
        visit |= {"status": draw.choice(["booked", "cancelled", "cancelled", "noshow", "noshow", "fulfilled"])}
        visit |= {"changed_at": start_at + HOUR * draw.randrange(-40, 12), "patient_id": new_id(), "version": 1}
        self._insert("appointments", visit)
        for kind, lead in dict.fromkeys(draw.choices(KINDS, k=draw.randrange(1, 7))):
            self._text(visit, kind, lead)

    def _text(self, visit: dict[str, Any], kind: str, lead: str | None) -> None:
        draw = self.random
        text = {name: visit[name] for name in ("appointment_id", "patient_id", "site_id", "start_at")}
        text |= {"text_id": new_id(), "kind": kind, "lead": lead, "status": draw.choice(STATUSES)}
        if draw.random() < 0.2:  # moved since, or to another site
            text |= draw.choice([{"start_at": text["start_at"] - HOUR}, {"site_id": draw.choice(self.sites)}])
        text["due_at"] = visit["start_at"] - HOUR * draw.randrange(1, 60)
        if kind == "reschedule-proposal":
            text["asked_id"] = new_id()
        if text["status"] == "skipped":
            text["reason"] = draw.choice(["no-consent", "opted-out", "capped"])
        elif text["status"] != "due":
            text |= {"attempt_id": new_id(), "claimed_at": text["due_at"] + timedelta(minutes=draw.randrange(90))}
            text |= {"template_id": draw.choice(self.templates), "language": draw.choice(["en", "es"])}
            text |= {"template_version": text["template_id"] and draw.randrange(1, 3)}
        self._insert("texts", text)
        for _ in range(draw.choice([0, 0, 1, 2])):
            said = {"message_id": str(new_id()), "from_number": "+12025550100", "body": "x", "received_at": NOW}
            meaning = draw.choice(["confirm", "confirm", "decline"])
            self._insert("replies", {**said, "meaning": meaning, "text_id": text["text_id"]})

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        row = {"network_id": self.desk.network_id, **row}
        values = ", ".join(["%s"] * len(row))
        self.desk.rows(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", *row.values())


def figures(desk: Desk, first: date | None = FIRST, last: date | None = LAST, **more: Any) -> dict[str, Any]:
    question = {"site_id": desk.site_id, "from_on": first, "to_on": last, **more}
    with desk.units.for_network(desk.network_id) as uow:
        return queries.figures(question, desk.clock.now(), uow)


def counted(desk: Desk) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The same rows, one text at a time."""
    visits = {row["appointment_id"]: row for row in desk.rows("SELECT * FROM appointments")}
    yes = {row["text_id"] for row in desk.rows("SELECT * FROM replies") if row["meaning"] == "confirm"}
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for text in desk.rows("SELECT * FROM texts"):
        if text["site_id"] == desk.site_id and FIRST <= text["due_at"].astimezone(ZONE).date() <= LAST:
            found.setdefault(tuple(text[name] for name in KEYS), []).append(text)
    return {key: figures_of(texts, visits, yes) for key, texts in found.items()}


def figures_of(texts: list[dict[str, Any]], visits: dict[Any, Any], yes: set[Any]) -> dict[str, Any]:
    by = Counter(text["status"] for text in texts)
    row: dict[str, Any] = {name: by[name] for name in ("delivered", "failed", "refused", "unknown")}
    row |= {"sent": sum(by[name] for name in SENT), "waiting": by["due"] + by["claimed"]}
    row["skipped"] = dict(Counter(text["reason"] for text in texts if text["status"] == "skipped"))
    if texts[0]["kind"] not in ("booked", "rescheduled", "reminder"):
        return {**row, "confirmed": None, "cancelled_in_time": None, "missed": None}
    sent = [text for text in texts if text["status"] in SENT]
    pairs = [(text, visits[text["appointment_id"]]) for text in sent]
    same = [(t, v) for t, v in pairs if (t["start_at"], t["site_id"]) == (v["start_at"], v["site_id"])]
    off = [(t, v) for t, v in same if v["status"] == "cancelled"]
    return {
        **row,
        "confirmed": sum(text["text_id"] in yes for text in sent),
        "cancelled_in_time": sum(t["claimed_at"] < v["changed_at"] < v["start_at"] for t, v in off),
        "missed": sum(v["status"] == "noshow" for _, v in same),
    }


def keyed(items: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        tuple(row[name] for name in KEYS): {name: value for name, value in row.items() if name not in KEYS}
        for row in items
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_of_texts_equal_what_the_raw_rows_give(notifications: Desk, seed: int) -> None:
    """Over random rows, on days that the clocks change; every count occurs.

    Seen red by: a visit that has another start or site; a cancellation before the text, or after the start; any reply
    taken for a yes, or two of them counted twice; days cut in UTC; unknown texts taken for sent.
    """
    Rows(notifications, seed)
    expected = counted(notifications)
    reached = Counter[str]()
    for row in expected.values():
        reached.update({name: value for name, value in row.items() if isinstance(value, int)})
    assert all(reached.values()), reached  # the dice have shown every side
    assert keyed(figures(notifications)["items"]) == expected


def test_figures_follow_what_a_patient_did_after_a_text(notifications: Desk) -> None:
    """A yes, then a cancellation before the start; a day later the same visit counts as missed if it was."""
    visit = notifications.visit(notifications.patient(), status="booked")
    notifications.hear(visit)
    notifications.send()
    notifications.reply("yes")
    assert outcomes(notifications) == (1, 1, 0, 0)
    off = replace(visit, version=2, status="cancelled", cancelled_at=NOW + HOUR)
    notifications.hear(told(off, notifications.network_id, NOW + HOUR))
    assert outcomes(notifications) == (1, 1, 1, 0)
    missed = replace(visit, version=3, status="noshow")
    notifications.hear(told(missed, notifications.network_id, TOMORROW + HOUR))
    assert outcomes(notifications) == (1, 1, 0, 1)


def outcomes(desk: Desk) -> tuple[int, ...]:
    [row] = [row for row in figures(desk, None, None)["items"] if row["kind"] == "booked"]
    assert row["language"] == "en"
    return row["sent"], row["confirmed"], row["cancelled_in_time"], row["missed"]


def test_figures_of_another_site_are_not_there_and_too_many_days_are_refused_by_their_field(
    notifications: Desk,
) -> None:
    """Nor of a site that nobody knows."""
    question = {"site_id": notifications.site_id, "from_on": None, "to_on": None}
    with notifications.at(new_id()) as uow, pytest.raises(NotFound):
        queries.figures(question, NOW, uow)
    with pytest.raises(NotFound):
        figures(notifications, site_id=new_id())
    with pytest.raises(Invalid) as refused:
        figures(notifications, date(2026, 1, 1), date(2026, 4, 11))
    assert refused.value.errors[0]["field"] == "to_on"
