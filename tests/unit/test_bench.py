"""The pure parts of `frontdesk bench`: what becomes a figure, and what its file holds. Nothing is timed here."""

import os
from datetime import date
from pathlib import Path

from bench.booking import headline
from bench.compare import compared
from bench.figures import median_of, per, percentile, spread
from bench.machine import pinned
from bench.pacing import rounds
from bench.processes import Meter, memory_mb
from bench.report import KEYS, completed, headlines, lines_of, save
from bench.search import headline as headline_of_search
from bench.search_books import workdays
from cli.instance import ROOT

HUNDRED = list(range(100, 0, -1))


def test_a_percentile_is_a_value_that_was_measured() -> None:
    """Seen red by: rounding the place down; by sorting nothing."""
    assert [percentile(HUNDRED, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.99) == 7.0
    assert spread([1.0, 2.0, 3.0]) == {"p50": 2.0, "p95": 3.0, "p99": 3.0}


def test_runs_become_one_by_the_median_of_each_place() -> None:
    runs = [{"a": 1.0, "b": {"c": 10}, "name": "x"}, {"a": 9.0, "b": {"c": 30, "d": 4}}, {"a": 2.0, "b": {"c": 20}}]
    assert median_of(runs) == {"a": 2.0, "b": {"c": 20, "d": 4}, "name": "x"}


def test_cost_is_milliseconds_for_each_operation_the_dearest_process_first() -> None:
    assert per({"relay": 0.1, "gateway": 0.4, "idle": 0.0}, 200) == {"gateway": 2.0, "relay": 0.5}


def test_every_file_has_every_key_and_null_has_its_reason_beside_it() -> None:
    """Seen red by: leaving out a benchmark that was not asked for."""
    whole = completed({"memory": {"idle_mb": 900.0}}, {"booking": "not asked for"})
    assert whole["memory"] == {"idle_mb": 900.0}
    assert (whole["booking"]["per_second"], whole["booking"]["per_second_reason"]) == (None, "not asked for")
    assert list(headlines(whole))[-1].split() == ["memory.idle_mb", "900.0"]
    assert all(name in whole[benchmark] for benchmark, names in KEYS.items() for name in names)


def test_the_keys_that_others_read_are_there() -> None:
    """They are this interface: no key goes, or changes its name."""
    assert {"per_second", "p99_ms", "cpu_ms_per_booking", "commit_to_text_p99_ms", "cpu_ratio_to_baseline"} <= {
        *KEYS["booking"]
    }
    assert {"per_second", "cpu_ratio_to_baseline"} <= {*KEYS["events"]}
    assert {"p99_ms_at_1m", "growth_100k_to_10m"} == {*KEYS["search"]}
    assert ("cpu_ms" in KEYS["call"], "idle_mb" in KEYS["memory"], "p95_ms" in KEYS["day_sheet"]) == (True, True, True)


def test_the_headline_is_where_most_is_booked_with_answers_that_are_quick_enough() -> None:
    """Seen red by: the largest rate whatever its answers took."""
    figures = {
        "concurrency_8": _run(per_second=200.0, p99=60.0),
        "concurrency_32": _run(per_second=240.0, p99=140.0),
        "concurrency_64": _run(per_second=260.0, p99=400.0),
    }
    opened = {"at_50_a_second": _run(50.0, 9.0), "at_90_percent": _run(216.0, 90.0)}
    found = headline({**figures, **opened}, figures)
    assert (found["per_second"], found["p99_ms"], found["measured_at"]) == (240.0, 140.0, "concurrency_32")
    assert (found["commit_to_text_p50_ms"], found["commit_to_text_p99_ms"]) == (20.0, 40.0)


def test_a_rate_that_was_too_much_leaves_its_reason_and_the_other_figures() -> None:
    """Seen red by: one refused open loop that took every figure of booking with it."""
    closed = {"concurrency_8": _run(15.0, 200.0)}
    opened = {"at_50_a_second": {"rate": 50.0, "reason": "too much"}, "at_90_percent": _run(13.0, 90.0)}
    found = completed({"booking": headline({**closed, **opened}, closed)}, {})["booking"]
    assert (found["per_second"], found["commit_to_text_p99_ms"]) == (15.0, 40.0)
    assert (found["commit_to_text_p50_ms"], found["commit_to_text_p50_ms_reason"]) == (None, "too much")


def test_a_search_is_judged_by_a_million_and_by_what_a_hundred_times_the_books_add() -> None:
    """Seen red by: growth from the smallest books; the p99 of the largest; no reason where a size is missing."""
    found = {size: _books(p50, 4 * p50) for size, p50 in ((10_000, 5.0), (100_000, 10.0), (1_000_000, 11.0))}
    short = headline_of_search({size: found[size] for size in (10_000, 100_000)})
    assert (short["p99_ms_at_1m"], short["growth_100k_to_10m"], short["per_second"]) == (None, None, 100.0)
    assert short["p99_ms_at_1m_reason"] == "the books of this form end at 100,000 appointments"
    whole = headline_of_search({**found, 10_000_000: _books(12.0, 50.0)})
    assert (whole["p99_ms_at_1m"], whole["growth_100k_to_10m"]) == (44.0, 1.2)
    assert (whole["measured_at"], "p99_ms_at_1m_reason" in whole) == ("books_10000000", False)


def test_appointments_of_the_search_lie_on_workdays_from_today_on_and_before_today() -> None:
    """2026-11-28 is a Saturday. Seen red by: today among the days that are over; weekends."""
    assert workdays(date(2026, 11, 27), 1)[:2] == [date(2026, 11, 27), date(2026, 11, 30)]
    assert workdays(date(2026, 11, 30), -1)[:2] == [date(2026, 11, 27), date(2026, 11, 26)]


def _books(p50: float, p99: float) -> dict[str, object]:
    callers = {"per_second": 1000.0 / p50, "cpu_ms_per_search": p50}
    return {"first_anywhere_ms": {"p50": p50, "p99": p99}, "eight_callers": callers}


def test_no_round_is_begun_when_the_time_is_up_but_the_first_always_is() -> None:
    """The clock is the test's own. Seen red by: planning by rounds alone."""
    instants = iter([0.0, 5.0, 11.0])
    assert list(rounds(9, 10.0, lambda: next(instants))) == [0, 1]
    assert list(rounds(3, 10.0, lambda: 0.0)) == [0, 1, 2]


def _run(per_second: float, p99: float) -> dict[str, object]:
    return {
        "per_second": per_second,
        "answer_ms": {"p99": p99},
        "cpu_ms_per_booking": 5.0,
        "commit_to_text_ms": {"p50": 20.0, "p99": 40.0},
    }


def test_two_files_are_put_side_by_side_figure_by_figure() -> None:
    before = {"booking": {"per_second": 100, "gone": 1.0, "measured_at": "concurrency_8"}}
    after = {"booking": {"per_second": 150, "p99_ms": None, "new": 2.0}}
    lines = [line.split() for line in compared(before, after)]
    assert lines == [
        ["booking.per_second", "100", "150", "1.50", "x"],
        ["booking.gone", "1", "-", "-"],
        ["booking.new", "-", "2", "-"],
    ]
    assert [line.split()[0] for line in compared(before, after, "new")] == ["booking.new"]


def test_a_report_is_saved_whole_and_shown_by_paths(tmp_path: Path) -> None:
    file = tmp_path / "made" / "latest.json"
    save({"memory": {"idle_mb": None}}, file)
    assert file.read_text("utf-8").split() == ["{", '"memory":', "{", '"idle_mb":', "null", "}", "}"]
    assert [line.split() for line in lines_of({"memory": {"idle_mb": None}, "load": [0.1, 2]})] == [
        ["memory.idle_mb", "null"],
        ["load", "0.1,", "2"],
    ]


def test_processes_are_metered_with_their_children_and_a_name_that_is_gone_costs_nothing() -> None:
    meter = Meter({"ours": os.getpid(), "gone": 2**22 + 1})
    sum(range(1000))
    assert meter.used()["ours"] >= 0
    assert memory_mb({"ours": os.getpid()})["ours"] > 1


def test_every_package_of_the_baselines_is_pinned() -> None:
    """And is installed beside the product, never into it. Seen red by: a line without its version."""
    lines = (ROOT / "bench" / "requirements.txt").read_text("utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages == list(pinned(lines))
