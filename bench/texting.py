"""Reminders in bulk, all due at one moment: what one costs, and how long a single text takes meanwhile.

Colleagues of whom each sees many patients side by side have all their visits at the same time, and the network's rule
has each patient reminded an hour before. The first bulk goes alone; during the second single visits are booked, as they
were before it with nothing else at work.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.children import until
from bench.figures import per, spread
from bench.loading import Load, put_under
from bench.processes import Meter
from bench.subjects import Product, between
from bench.visits import book_all, stamp
from bench.whole_system import WholeSystem
from cli.api import Api

COLLEAGUES, SIDE_BY_SIDE = 20, 100
_HOUR = timedelta(hours=1)
_BEFORE_DUE_S = 3.0
_DRAINED_S = 240.0
# Single visits are reminded of too, much later.
_LEFT = "SELECT count(*) FROM texts WHERE kind = 'reminder' AND status IN ('due', 'claimed') AND due_at <= now()"
_UNTOLD = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
# Reminders go at any hour, however many a patient has had.
_NO_LIMITS = {"quiet": None, "most_a_day": None, "most_a_week": None}
_SENT = """
SELECT min(recorded_at), max(recorded_at), count(*) FROM outbox
WHERE type = 'text-sent' AND data->>'kind' = 'reminder' AND recorded_at >= %(since)s
"""
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """So many reminders in each bulk, and singles at `rate` a second for so long."""

    reminders: int
    rate: float
    seconds: float
    # From the first booking of a bulk until its reminders are due; the bookings and their own texts have to be done.
    ahead_s: float


QUICK = Plan(reminders=1000, rate=10.0, seconds=8.0, ahead_s=60.0)
FULL = Plan(reminders=2000, rate=10.0, seconds=15.0, ahead_s=120.0)


def measure(whole: WholeSystem, plan: Plan) -> Json:
    """Per reminder and second; delays from the commit of a booking to the carrier's acceptance of its text."""
    manager = whole.seeded.sign_in(whole.gateway_url, "manager")
    colleagues = [_colleague(manager, whole.book.site_id, place) for place in range(COLLEAGUES)]
    with _reminding(whole):
        calm = _single_texts(whole, plan, datetime.max.replace(tzinfo=UTC))
        alone = _alone(whole, plan, colleagues)
        beside = _beside_single_texts(whole, plan, colleagues)
    return {
        "per_cpu_second": alone["per_cpu_second"],
        "single_p99_ms_in_bulk": beside["commit_to_text_ms"]["p99"],
        "bulk": alone,
        "single_before": calm,
        "single_in_bulk": beside,
    }


def _alone(whole: WholeSystem, plan: Plan, colleagues: list[str]) -> Json:
    due_at = _bulk(whole, plan, colleagues, "alone")
    meter = Meter(whole.pids)
    _wait_sent(whole, due_at)
    used = meter.used()
    first, last, count = whole.rows("notifications", _SENT, since=due_at)[0]
    return {
        "reminders": count,
        "per_second": round(count / (last - due_at).total_seconds(), 1),
        "per_cpu_second": round(count / sum(used.values()), 1),
        "cpu_ms_per_reminder": round(sum(used.values()) * 1000 / count, 3),
        "cpu_ms_by_process": per(used, count),
        "first_after_ms": round((first - due_at).total_seconds() * 1000, 1),
    }


def _beside_single_texts(whole: WholeSystem, plan: Plan, colleagues: list[str]) -> Json:
    """Only bookings count that were made while reminders were still going out."""
    due_at = _bulk(whole, plan, colleagues, "beside")
    time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
    mark, loaded = _put_under(whole, plan)
    _wait_sent(whole, due_at)
    last = whole.rows("notifications", _SENT, since=due_at)[0][1]
    lags = _lags(whole, mark, last)
    return {"reminders_took_s": round((last - due_at).total_seconds(), 1), "booked": loaded, **lags}


def _single_texts(whole: WholeSystem, plan: Plan, until_at: datetime) -> Json:
    mark, loaded = _put_under(whole, plan)
    until(lambda: not whole.rows("notifications", _UNTOLD)[0][0], _DRAINED_S, "texts of single bookings")
    return {"booked": loaded, **_lags(whole, mark, until_at)}


def _put_under(whole: WholeSystem, plan: Plan) -> tuple[dict[str, int], int]:
    product = Product(whole)
    bodies = product.book.next_bodies(int(plan.rate * plan.seconds))
    mark = product.mark()
    return mark, put_under(Load(8, plan.seconds, plan.rate), product.target(), bodies).count


def _lags(whole: WholeSystem, mark: dict[str, int], until_at: datetime) -> Json:
    product = Product(whole)
    booked = {visit: at for visit, at in product.booked(mark).items() if at <= until_at}
    lags = between(booked, dict(product.texts(mark).values()))
    return {"texts": len(lags), "commit_to_text_ms": spread(lags)}


def _bulk(whole: WholeSystem, plan: Plan, colleagues: list[str], name: str) -> datetime:
    """Books its visits, waits until all that they caused is done, and gives when their reminders are due: soon."""
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=plan.ahead_s)
    book = whole.book
    visits = [
        {
            "site_id": book.site_id,
            "practitioner_id": colleagues[place % len(colleagues)],
            "appointment_type_id": book.appointment_type_id,
            "patient_id": book.patients[place % len(book.patients)],
            "start_at": stamp(due_at + _HOUR),
        }
        for place in range(plan.reminders)
    ]
    book_all(whole.secretary(), f"bulk-{name}", visits)
    until(lambda: not any(whole.rows(of, _UNTOLD)[0][0] for of in ("scheduling", "notifications")), _DRAINED_S, name)
    left = (due_at - datetime.now(UTC)).total_seconds() - _BEFORE_DUE_S
    if left < 0:
        raise TimeoutError(f"booking {plan.reminders} visits took until their reminders were due")
    time.sleep(left)
    return due_at


def _wait_sent(whole: WholeSystem, due_at: datetime) -> None:
    time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
    until(lambda: not whole.rows("notifications", _LEFT)[0][0], _DRAINED_S, "reminders")
    until(lambda: not whole.rows("notifications", _UNTOLD)[0][0], _DRAINED_S, "what reminders tell")


def _colleague(manager: Api, site_id: str, place: int) -> str:
    made: str = manager.post("/v1/practitioners", {"given": "Bo", "family": f"Lind {place}"})["practitioner_id"]
    ids = {"practitioner_id": made, "site_id": site_id}
    manager.put("/v1/working-hours", {**ids, "lanes": SIDE_BY_SIDE, "patterns": [_these_days()]})
    return made


def _these_days() -> Json:
    """Around the clock, and no longer than the benchmark: free time is kept for each day and lane."""
    today = datetime.now(UTC).date()
    days = {"from_on": str(today - timedelta(days=1)), "until_on": str(today + timedelta(days=1))}
    return {"rrule": "FREQ=DAILY", "starts": "00:00", "ends": "24:00", **days}


@contextmanager
def _reminding(whole: WholeSystem) -> Iterator[None]:
    """Everybody is reminded an hour before, and afterwards nobody, as all other benchmarks want it."""
    manager = whole.seeded.sign_in(whole.gateway_url, "manager")
    rule = {"site_id": None, "appointment_type_id": None, "before": ["PT1H"], "after_miss": False}
    manager.put("/v1/texting-limits", _NO_LIMITS)
    manager.put("/v1/reminder-rules", {"rules": [rule]})
    try:
        yield
    finally:  # a session ends that nobody used meanwhile
        whole.seeded.sign_in(whole.gateway_url, "manager").put("/v1/reminder-rules", {"rules": []})
