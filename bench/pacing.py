"""How often something is measured: as often as planned, unless the machine is so busy that it would take too long."""

from collections.abc import Callable, Iterator
from time import monotonic


def rounds(most: int, at_most_s: float, now: Callable[[], float] = monotonic) -> Iterator[int]:
    """Numbers of rounds from 0. None is begun once the time is up; the first always is."""
    ends = now() + at_most_s
    for number in range(most):
        if number and now() > ends:
            return
        yield number
