"""Business time: real time plus an offset that a simulated installation may move.

The offset is kept in one file (FRONTDESK_CLOCK_FILE) that every process re-reads within
a second. Real time (`time.monotonic`, `time.time`) stays for deadlines, back-off and ids.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from shared.config import is_simulated, optional

# Every process follows a moved clock within this time.
REREAD_SECONDS = 1.0
_READ_EVERY_S = REREAD_SECONDS / 2


class Clock(Protocol):
    """What operations and domain code take as their time."""

    def now(self) -> datetime:
        """The business instant, aware, in UTC."""
        ...


class FixedClock:
    """A clock that stands where it was put."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class BusinessClock:
    """Real time plus the installation's offset."""

    def __init__(self, path: str | None = None) -> None:
        chosen = optional("FRONTDESK_CLOCK_FILE") if path is None else path
        self._path = Path(chosen) if chosen else None
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far business time is from real time."""
        if self._path and time.monotonic() - self._read_at > _READ_EVERY_S:
            self._offset = _read_offset(self._path)
            self._read_at = time.monotonic()
        return self._offset


def set_clock(path: Path, instant: datetime) -> timedelta:
    """Moves business time to `instant` and returns the new offset; only simulated installations may."""
    if not is_simulated():
        raise PermissionError("this installation is not simulated (FRONTDESK_SIMULATED=1): its clock cannot be moved")
    offset = instant - datetime.now(UTC)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), encoding="utf-8")
    draft.replace(path)
    return offset


def _read_offset(path: Path) -> timedelta:
    try:
        return timedelta(seconds=json.loads(path.read_text(encoding="utf-8"))["offset_seconds"])
    except FileNotFoundError:
        return timedelta()
