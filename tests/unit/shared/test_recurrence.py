"""Recurrence rules of days, against libical's vectors and against what is known to be read differently."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from shared.recurrence import ImpossibleRule, checked_rule, falls_on, occurrences, plain_week

VECTORS = Path(__file__).parents[4] / "shared/data/vectors/ical/libical/icalrecur_test.txt"
# Every vector that we do not expand as libical does: whether python-dateutil does, and what we say instead.
TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("recurrence-vectors.json").read_text("utf-8"))
needs_vectors = pytest.mark.skipif(
    not VECTORS.exists(), reason="libical's vectors (MPL-2.0, icalrecur_test.txt) lie beside the checkout, not in it"
)


@dataclass(frozen=True)
class Vector:
    """One rule of libical's test with its instances."""

    rule: str
    start: datetime
    instances: list[datetime]

    @property
    def name(self) -> str:
        return f"{self.rule} from {self.start:%Y%m%d}"

    @property
    def by_day(self) -> str:
        """The rule with its UNTIL as the last day on which the vector's time of day is still before it."""

        def day(found: re.Match[str]) -> str:
            until = instant(found[1])
            early = len(found[1]) > 8 and until.time() < self.start.time()
            return f"UNTIL={until - timedelta(days=early):%Y%m%d}"

        return re.sub(r"UNTIL=([0-9TZ]+)", day, self.rule)


def instant(text: str) -> datetime:
    text = text.rstrip("Z")
    return datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")  # noqa: DTZ007  # wall-clock times


def vectors() -> Iterator[Vector]:
    """Those whose outcome libical tells; START-AT only says where its iterator began to be asked."""
    if not VECTORS.exists():
        return
    for block in re.split(r"\n\s*\n", VECTORS.read_text("utf-8")):
        parts = dict(line.split(":", 1) for line in block.splitlines() if ":" in line and not line.startswith("#"))
        if "RRULE" in parts and "START-AT" not in parts and "***" not in parts["INSTANCES"]:
            found = [instant(one) for one in parts["INSTANCES"].split(",") if one]
            yield Vector(parts["RRULE"], instant(parts["DTSTART"]), found)


ALL = {one.name: one for one in vectors()}


@needs_vectors
def test_there_are_as_many_vectors_as_the_source_says() -> None:
    assert len(ALL) > 120
    assert set(TABLE) <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_rule_means_libicals_days_or_is_refused_with_the_reason_in_the_table(name: str) -> None:
    """Seen red by: BYWEEKNO let through; UNTIL left out."""
    vector = ALL[name]
    if name in TABLE:
        with pytest.raises(ImpossibleRule) as refused:
            checked_rule(vector.by_day, vector.start.date())
        assert str(refused.value) == TABLE[name]["ours"]
        return
    days = [each.date() for each in vector.instances]
    assert checked_rule(vector.by_day, vector.start.date())
    found = list(islice(occurrences(vector.by_day, vector.start.date()), len(days) + 1))
    assert found == days
    assert all(falls_on(vector.by_day, vector.start.date(), day) for day in days[:50])


@pytest.mark.parametrize("name", ALL)
def test_the_table_says_which_vectors_dateutil_gets_wrong(name: str) -> None:
    """So that another version of it is noticed. Seen red by: the table without its last entry."""
    vector = ALL[name]
    rule = re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", vector.rule).rstrip(";")
    found = list(islice(rrulestr(rule, dtstart=vector.start), len(vector.instances) + 1))
    assert (found == vector.instances) == (TABLE.get(name, {}).get("dateutil", "right") == "right")


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("", "needs a FREQ"),
        ("FREQ=WEEKLY;FREQ=DAILY", "twice"),
        ("FREQ=SECONDLY", "FREQ that cannot be"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL that cannot be"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL that cannot be"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "both COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=20270230", "UNTIL that cannot be"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL that cannot be"),
        ("FREQ=DAILY;UNTIL=20200101", "no day at all"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbers weekdays"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY that cannot be"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;BYHOUR=9", "times of day"),
        ("FREQ=DAILY;X-ODD=1", "does not know"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "no day at all"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "no day at all"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 200), "no recurrence rule"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(rule: str, wrong: str) -> None:
    with pytest.raises(ImpossibleRule, match=re.escape(wrong)):
        checked_rule(rule, date(2026, 11, 24))  # a Tuesday


def test_a_rule_is_kept_in_one_form() -> None:
    assert checked_rule("RRULE:byday=mo,we;freq=weekly", date(2026, 11, 24)) == "FREQ=WEEKLY;BYDAY=MO,WE"
    assert checked_rule("FREQ=DAILY;UNTIL=20270101;INTERVAL=2", date(2026, 11, 24)) == (
        "FREQ=DAILY;INTERVAL=2;UNTIL=20270101"
    )


def test_only_a_plain_week_needs_no_first_day() -> None:
    assert plain_week("FREQ=WEEKLY;BYDAY=MO,SU") == {1, 7}
    assert plain_week("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO") is None
    assert falls_on("FREQ=WEEKLY;BYDAY=MO", None, date(2026, 11, 23))


def test_the_first_day_counts_only_if_the_rule_means_it() -> None:
    tuesday = date(2026, 11, 24)
    assert list(occurrences("FREQ=WEEKLY;BYDAY=MO;COUNT=2", tuesday)) == [date(2026, 11, 30), date(2026, 12, 7)]
