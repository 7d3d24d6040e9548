"""A sick day of the whole house: a site with five hundred visits closes, and each is listed with ranked proposals."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.book import LENGTH
from bench.children import until
from bench.processes import Meter
from bench.visits import book_all, stamp
from bench.whole_system import WholeSystem
from cli.api import Api

VISITS = 500
# Far from what the other benchmarks book.
_DAYS_AHEAD = 200
_SETTLED_S = 60.0
Json = dict[str, Any]


def measure(whole: WholeSystem) -> Json:
    """`seconds` of the one request; its CPU time in all processes until its last event is out."""
    api = whole.secretary()
    begins = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=_DAYS_AHEAD)
    ends = _booked(whole, api, begins)
    closure = {"site_id": whole.book.site_id, "from_at": stamp(begins), "until_at": stamp(ends), "reason": "storm"}
    meter, began = Meter(whole.pids), time.monotonic()
    absence = api.post("/v1/absences", closure)
    seconds = time.monotonic() - began
    until(lambda: not _waiting(whole), _SETTLED_S, "events of the list")
    used = meter.used()
    tally = absence["tally"]
    api.post(f"/v1/absences/{absence['absence_id']}/undo")  # what is measured after this finds the house as it was
    if tally["touched"] != VISITS:
        raise ValueError(f"{tally['touched']} visits on the list, not {VISITS}")
    return {
        "seconds": round(seconds, 3),
        "visits": VISITS,
        "with_proposals": tally["offered"],
        "cpu_s": round(sum(used.values()), 3),
        "cpu_ms_by_process": {name: round(spent * 1000, 1) for name, spent in used.items()},
    }


def _booked(whole: WholeSystem, api: Api, begins: datetime) -> datetime:
    """Books the visits, everybody's quarter hours from then on, and gives the end of the last."""
    many = len(whole.book.practitioners)
    book_all(api, "sick-day", [_visit(whole, place, begins + place // many * LENGTH) for place in range(VISITS)])
    return begins + -(-VISITS // many) * LENGTH


def _visit(whole: WholeSystem, place: int, start_at: datetime) -> Json:
    book = whole.book
    return {
        "site_id": book.site_id,
        "practitioner_id": book.practitioners[place % len(book.practitioners)],
        "appointment_type_id": book.appointment_type_id,
        "patient_id": book.patients[place % len(book.patients)],
        "start_at": stamp(start_at),
    }


def _waiting(whole: WholeSystem) -> int:
    return int(whole.rows("scheduling", "SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0])
