"""Waiting before another try."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.backoff import around, full_jitter


@given(attempt=st.integers(min_value=1, max_value=10_000))
def test_the_wait_never_passes_its_bound_and_is_never_nothing(attempt: int) -> None:
    assert 0.1 <= full_jitter(attempt, base_s=0.2, cap_s=30.0) <= 30.0


def test_waits_of_many_are_spread() -> None:
    assert len({round(around(60.0), 3) for _ in range(50)}) > 10
