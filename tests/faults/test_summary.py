"""What a run's summary says of its slices, and when a recovery is held to its bound."""

from pathlib import Path
from typing import Any

import pytest
from fault import Fault, Kind
from history import History
from judging import _not_drained, _over_bound, _without_bookings, is_alone
from publishing_stops import stops
from recoveries import Happened, bound_of, broken_servers, takes_the_broker_away
from summary import is_green, text, told, totals

VERDICT = {"lost": [], "over_bound": []}


def happened(kind: Kind, target: str, begun: float, recovered_s: float | None, ended: float | None = None) -> Happened:
    return Happened(Fault(begun, kind, (target,)), begun, begun if ended is None else ended, recovered_s)


def result(number: int, faults: list[Happened], verdict: dict[str, list[str]] | None = None) -> dict[str, Any]:
    counts = dict.fromkeys(
        ("moves_and_cancellations", "check_ins", "finished", "repeats", "stops", "unknown_tries", "unsettled"), 1
    )
    counts |= {"attempts": 100, "booked": 55, "taken": 45, "unknown_settled": 2}
    return {
        "seed": 7,
        "slice": number,
        "of": 2,
        "nodes": 1,
        "releases": {"planned": 1, "forth": 24, "back": 8, "expand": 1, "tries": 3},
        "carrier": {"ok": 50, "429": 3},
        "hung_nodes": [],
        "kills": sum(one.fault.kind is Kind.KILL for one in faults),
        "took_s": 90.0,
        "busy": 1.5,
        "counts": counts,
        "done": {"book": 55, "hold": 3},
        "refusals": {"book: appointment-overlaps": 45},
        "faults": [told(one) for one in faults],
        "verdict": {**VERDICT, **(verdict or {})},
    }


def test_slices_are_added_up() -> None:
    faults = [happened(Kind.KILL, "relay", 1, 2.0), happened(Kind.KILL, "postgres", 9, 4.0)]
    whole = totals([result(1, faults), result(2, [happened(Kind.KILL, "gateway", 3, 6.0)])])
    assert (whole["kills"], whole["minutes"], whole["slices"]) == (3, 3.0, "2 of 2")
    assert whole["counts"]["attempts"] == 200
    assert whole["refusals"] == {"book: appointment-overlaps": 90}
    assert whole["recoveries"]["kill process"] == {
        "count": 2,
        "p50_s": 4.0,
        "max_s": 6.0,
        "bound_s": 5.0,
        "over": 1,
        "server_p50_s": None,
    }
    assert is_green(whole)
    assert "45 % refused as taken" in text(whole)
    assert "also done   6 hold" in text(whole)


def test_restarts_into_the_next_release_and_back_are_counted_and_how_far_the_schema_came() -> None:
    """Seen red by: the counts of the last slice alone."""
    first, second, third = (result(number, []) for number in (1, 2, 3))
    second["releases"] |= {"contract": 1, "tries": 2}
    third["releases"] = {"planned": 0}
    whole = totals([first, second, third])
    assert whole["carrier"] == {"ok": 150, "429": 9}
    assert whole["releases"] == {"planned": 2, "forth": 48, "back": 16, "expand": 2, "contract": 1, "tries": 5}
    assert (
        "48 processes restarted into the next one, 16 back into this one; schema expanded in 2 of 2 slices where that"
        " was to be, contracted in 1, after 5 tries in all"
    ) in text(whole)


def test_one_sentence_anywhere_makes_a_run_red_and_is_told_with_its_slice() -> None:
    """Seen red by: a verdict of the last slice alone."""
    whole = totals([result(1, [], {"lost": ["1 appointments: x"]}), result(2, [])])
    assert not is_green(whole)
    assert "  lost: slice 1: 1 appointments: x" in text(whole)


def test_a_recovery_over_its_bound_counts_only_where_nothing_greater_was_broken_meanwhile() -> None:
    """Seen red by: every kill being alone; none."""
    slow, beside = happened(Kind.KILL, "relay", 50, 9.0), happened(Kind.KILL, "gateway", 103, 9.0)
    database = happened(Kind.KILL, "postgres", 100, 8.0)
    all_of_them = [slow, database, beside]
    assert [is_alone(one, all_of_them) for one in all_of_them] == [True, True, False]
    assert list(_over_bound(all_of_them)) == ["kill of relay at 50 s took 9.0 s; 5 s are promised"]


def test_a_process_that_is_restarted_while_it_comes_back_is_held_to_no_bound() -> None:
    """Seen red by: faults of servers and long ones alone."""
    killed, other = happened(Kind.KILL, "relay", 50, 9.0), happened(Kind.KILL, "gateway", 51, 9.0)
    assert list(_over_bound([killed, other, happened(Kind.FORTH, "relay", 52, 3.0)])) == [
        "kill of gateway at 51 s took 9.0 s; 5 s are promised"
    ]


def test_bounds_are_those_of_what_was_broken() -> None:
    names = ("records-b", "rabbitmq", "rabbitmq-2", "postgres")
    assert [bound_of(happened(Kind.KILL, name, 0, None).fault) for name in names] == [5.0, 40.0, 40.0, 10.0]
    assert bound_of(Fault(0, Kind.HALVES, ("rabbitmq-1>rabbitmq-2",), 5)) == 15.0
    assert bound_of(happened(Kind.DELAY, "desk>gateway", 0, None).fault) is None


def test_a_time_without_the_broker_and_without_a_booking_is_told(tmp_path: Path) -> None:
    """Seen red by: bookings that were begun before it."""
    history = History(tmp_path / "history")
    outage = happened(Kind.MEMORY_ALARM, "rabbitmq", -30, None, ended=30)
    assert list(_without_bookings([outage], history)) == ["nothing was booked during memory-alarm of rabbitmq at -30 s"]
    before = history.invoked("desk", "book", "")
    before.began = -40
    history.settled(before, 201, "", {})
    history.settled(history.invoked("desk", "book", ""), 409, "appointment-overlaps", {})
    assert list(_without_bookings([outage], history)) != []
    history.settled(history.invoked("desk", "book", ""), 201, "", {})
    assert list(_without_bookings([outage], history)) == []


def test_to_be_cut_off_from_the_broker_is_to_be_without_it(tmp_path: Path) -> None:
    """Seen red by: looking at the broker's own faults alone."""
    history, edges = History(tmp_path / "history"), ("records>rabbitmq", "relay>rabbitmq")
    cut_off = Happened(Fault(-30, Kind.PARTITION_SILENT, edges), -30, 30)
    one_process = Happened(Fault(-30, Kind.PARTITION_SILENT, (*edges, "records>postgres")), -30, 30)
    assert len(list(_without_bookings([cut_off, one_process], history))) == 1


def test_a_history_counts_what_was_unknown_and_then_settled(tmp_path: Path) -> None:
    history = History(tmp_path / "history")
    moved, never = history.invoked("desk", "move", ""), history.invoked("desk", "book", "")
    history.unknown(moved, "503")
    history.settled(moved, 200, "", {})
    history.unknown(never, "0")
    history.close()
    counts = history.counts()
    assert (counts["unknown_tries"], counts["unknown_settled"], counts["unsettled"]) == (2, 1, 1)
    states = [line.split('"state": ')[1].split('"')[1] for line in (tmp_path / "history").read_text().splitlines()]
    assert states == ["invoked", "invoked", "unknown", "ok", "unknown"]


def test_two_nodes_of_three_are_the_whole_broker_and_one_is_not() -> None:
    """Seen red by: the first target alone."""
    two = Fault(0, Kind.KILL, ("rabbitmq-1", "rabbitmq-3"), 9)
    assert takes_the_broker_away(two)
    assert broken_servers(two) == two.targets
    assert not takes_the_broker_away(Fault(0, Kind.KILL, ("rabbitmq-1",), 9))
    assert broken_servers(Fault(0, Kind.ONE_WAY, ("rabbitmq-2>rabbitmq-1",), 9)) == ("rabbitmq-1", "rabbitmq-2")


def test_what_waits_for_the_broker_longer_than_is_promised_is_told_whatever_else_was_broken() -> None:
    two = Happened(Fault(0, Kind.KILL, ("rabbitmq-1", "rabbitmq-3"), 9), 0, 9, drained_s=121.0)
    assert len(list(_not_drained([two, happened(Kind.PAUSE, "postgres", 0, 5.0)]))) == 1
    two.drained_s = 119.0
    assert list(_not_drained([two])) == []


@pytest.mark.parametrize(
    ("rows", "longest"),
    [
        ([(0.0, 0.1), (1.0, 1.1), (2.0, 2.1)], 0.1),  # nobody waited in between
        ([(0.0, 0.1), (0.2, 8.0), (7.0, 8.1)], 7.8),
        ([(0.0, 0.1), (0.2, 8.0), (0.3, 0.5)], 7.5),  # one went on while another waited
        ([], 0.0),
    ],
)
def test_publishing_stops_while_something_waits_and_nothing_is_published(
    rows: list[tuple[float, float]], longest: float
) -> None:
    """Seen red by: the time between two publishings, whoever waits."""
    ordered = sorted(rows, key=lambda row: row[1])
    assert max(stops(ordered, 0.0, 30.0), default=0.0) == pytest.approx(longest)
