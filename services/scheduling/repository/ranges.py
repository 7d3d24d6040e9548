"""Time ranges as PostgreSQL's text of a multirange, and back."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from services.scheduling.domain.time_range import TimeRange

_PIECE = re.compile(r'\["?([^",]+)"?,"?([^",)]+)"?\)')


def multirange_of(ranges: Iterable[TimeRange]) -> str:
    """Sorted, disjoint, half-open ranges."""
    return "{" + ",".join(f'["{_stamp(each.start_at)}","{_stamp(each.end_at)}")' for each in ranges) + "}"


def ranges_of(text: str) -> tuple[TimeRange, ...]:
    """The same back; the session's time zone must be UTC."""
    return tuple(TimeRange(_instant(start), _instant(end)) for start, end in _PIECE.findall(text))


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
