"""How long to wait before trying again: exponential, bounded, with jitter so that many do not come at once."""

import random


def full_jitter(attempt: int, *, base_s: float, cap_s: float) -> float:
    """Seconds to wait before attempt `attempt` + 1 (attempt counts from 1): anywhere up to the doubled bound."""
    bound = min(cap_s, base_s * 2 ** min(attempt - 1, 30))
    return random.uniform(bound / 2, bound)  # noqa: S311  # spreads load, hides nothing


def around(seconds: float, *, share: float = 0.2) -> float:
    """`seconds`, moved by at most `share` of itself to either side."""
    return seconds * random.uniform(1 - share, 1 + share)  # noqa: S311  # the same
