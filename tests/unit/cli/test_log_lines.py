"""What `frontdesk logs` makes of a line."""

import json

from cli.log_lines import readable

LINE = {
    "process": "relay",
    "event": "row-held-back",
    "level": "warning",
    "logger": "frontdesk",
    "timestamp": "2026-11-26T10:27:28.818095Z",
    "type": "appointment-booked",
    "why": "nobody is bound",
    "attempts": 3,
}


def test_a_person_reads_when_how_bad_what_and_the_values() -> None:
    assert readable(json.dumps(LINE)) == (
        '10:27:28.818 WARNING row-held-back type=appointment-booked why="nobody is bound" attempts=3'
    )


def test_what_is_ordinary_bears_no_level() -> None:
    assert readable(json.dumps({"event": "running", "level": "info", "timestamp": "2026-11-26T10:11:21.774512Z"})) == (
        "10:11:21.774 running"
    )


def test_an_exception_stands_below_with_its_cause() -> None:
    cause = {"type": "psycopg2.errors.UniqueViolation", "code": "23505", "frames": ["a.py:1 f", "b.py:2 g"]}
    shown = readable(json.dumps({**LINE, "exception": {"type": "builtins.RuntimeError", "cause": cause}}))
    assert shown.splitlines()[1:] == [
        "    builtins.RuntimeError",
        "    caused by psycopg2.errors.UniqueViolation (23505)",
        "      b.py:2 g",
        "      a.py:1 f",
    ]


def test_what_is_not_ours_stays_as_it_is() -> None:
    for line in ("Traceback (most recent call last):", '{"no": "event"}', "[1, 2]", "7"):
        assert readable(line) == line
