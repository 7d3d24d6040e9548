"""The day sheet of a busy site in a network with years in its books: `GET /v1/day` and the printed page.

The books are laid by SQL as the superuser: a hundred thousand appointments with a text each at fifty other sites, and
one day of 200 visits at the site that is asked about, in every state that a day has, with rooms and bookings.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import urllib3

from bench.figures import per, spread
from bench.pacing import rounds
from bench.processes import Meter
from bench.whole_system import WholeSystem

VISITS = 200
OTHERS = 100_000
_BOOKS = Path(__file__).with_name("day_sheet.sql")
_AHEAD = timedelta(days=300)  # beyond what the other benchmarks book
_AT_ONCE = 50  # sheets between two looks at the clock
Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How much is asked: rounds of 50 sheets, begun within `at_most_s`."""

    rounds: int
    at_most_s: float


QUICK = Plan(rounds=6, at_most_s=20.0)
FULL = Plan(rounds=20, at_most_s=90.0)


def measure(whole: WholeSystem, plan: Plan) -> Json:
    """Milliseconds of one sheet as its reader waits for it, one after the other; CPU by process."""
    on = (datetime.now(UTC) + _AHEAD).date()
    _lay_books(whole, f"{on} 12:00+00")
    path = f"/v1/day?site_id={whole.book.site_id}&on={on}"
    sheet, paper = _reader(whole, path), _reader(whole, path.replace("/v1/day?", "/v1/day/print?"))
    shown = sheet()
    for _ in range(20):
        sheet(), paper()
    meter, asked = Meter(whole.pids), list[float]()
    for _ in rounds(plan.rounds, plan.at_most_s):
        asked += [_timed(sheet) for _ in range(_AT_ONCE)]
    used = meter.used()
    figures = spread(asked)
    return {
        **{f"{name}_ms": value for name, value in figures.items()},
        "visits": VISITS,
        "appointments_in_the_books": OTHERS + VISITS,
        "count": len(asked),
        "kilobytes": round(len(shown) / 1024, 1),
        "printed_ms": spread([_timed(paper) for _ in range(_AT_ONCE)]),
        "cpu_ms": round(sum(used.values()) * 1000 / len(asked), 3),
        "cpu_ms_by_process": per(used, len(asked)),
    }


def _reader(whole: WholeSystem, path: str) -> Callable[[], bytes]:
    """Reads the answer whole, over one kept connection, as a page does."""
    pool = urllib3.PoolManager(retries=False, timeout=30)
    headers = {"Authorization": f"Bearer {whole.secretary().token}"}

    def read() -> bytes:
        answer = pool.request("GET", whole.gateway_url + path, headers=headers)
        if answer.status != 200:
            raise RuntimeError(f"{path.partition('?')[0]}: {answer.status}")
        return bytes(answer.data)

    return read


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _lay_books(whole: WholeSystem, noon: str) -> None:
    """bench/day_sheet.sql, in one transaction."""
    books: dict[str, Any] = {
        "network_id": whole.seeded.network_id,
        "site_id": whole.book.site_id,
        "type_id": whole.book.appointment_type_id,
        "people": list(whole.book.practitioners),
        "patients": list(whole.book.patients),
        "noon": noon,
        "visits": VISITS,
        "others": OTHERS,
    }
    with closing(psycopg2.connect(whole.database_url("scheduling"))) as connection, connection.cursor() as cursor:
        cursor.execute(_BOOKS.read_text("utf-8"), books)
        connection.commit()
