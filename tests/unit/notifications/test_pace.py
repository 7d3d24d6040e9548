"""What one sender number may send: never more than a carrier takes of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.pace import Pace

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@given(st.floats(0.05, 200), st.lists(st.tuples(st.floats(0, 3), st.integers(1, 60)), max_size=60))
def test_in_no_stretch_of_time_more_goes_than_its_length_and_a_seconds_worth(
    per_second: float, asks: list[tuple[float, int]]
) -> None:
    """Seen red by: a second's worth given anew at each question."""
    now, free_at, sent = BEGAN, None, list[tuple[datetime, int]]()
    for pause, wanted in asks:
        now += timedelta(seconds=pause)
        pace = Pace(per_second, free_at)
        if texts := min(wanted, pace.room(now)):
            free_at = pace.after(texts, now)
            sent.append((now, texts))
    for first, (begins, _) in enumerate(sent):
        for last, (ends, _) in enumerate(sent[first:], first):
            length = (ends - begins).total_seconds()
            most = per_second * (length + 1) + 1e-6
            assert sum(texts for _, texts in sent[first : last + 1]) <= max(most, 1 + per_second * length + 1e-6)


def test_a_number_that_rested_may_send_a_seconds_worth_and_then_waits() -> None:
    pace = Pace(10, None)
    assert pace.room(BEGAN) == 10
    full = Pace(10, pace.after(10, BEGAN))
    assert full.room(BEGAN) == 0
    assert full.room(BEGAN + timedelta(seconds=0.5)) == 5
    assert full.room(BEGAN + timedelta(seconds=5)) == 10


def test_a_slow_number_sends_one_at_a_time() -> None:
    slow = Pace(0.1, None)
    assert slow.room(BEGAN) == 1
    after = Pace(0.1, slow.after(1, BEGAN))
    assert [after.room(BEGAN + timedelta(seconds=it)) for it in (0, 5, 9.9, 10)] == [0, 0, 0, 1]


@given(st.floats(0.05, 200), st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=60))
def test_a_persons_words_go_one_text_ahead_of_what_is_due_and_never_more(
    per_second: float, asks: list[tuple[float, bool]]
) -> None:
    """However much is due by itself. Seen red by: words that have no more than their share; words that never wait."""
    now, free_at, most = BEGAN, None, max(1.0, per_second) + 1
    for pause, is_written in asks:
        now += timedelta(seconds=pause)
        pace = Pace(per_second, free_at)
        texts = int(pace.takes_one_more(now)) if is_written else pace.room(now)
        if texts:
            free_at = pace.after(texts, now)
        assert free_at is None or (free_at - now).total_seconds() * per_second <= most + 1e-3
        if not is_written and per_second >= 1:
            assert Pace(per_second, free_at).takes_one_more(now) or (free_at and not texts)
