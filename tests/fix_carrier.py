"""A carrier in Twilio's style that misbehaves as it is told to, on a port of its own.

Its list of accepted messages (`held`) is the judge of what patients got. Nothing of the code under test is used.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from fix_carrier_http import Handler, Server

# What it takes before it answers (or does not).
TAKES = frozenset(
    {"ok", "kill-after", "silent-after", "500-after", "reset-after", "cut-answer", "slow", "no-sid", "garbage"}
)
# After these nobody can know from the answer alone.
IN_DOUBT = frozenset(
    {"silent-before", "silent-after", "500-before", "500-after", "reset-before", "reset-after", "cut-answer"}
    | {"slow", "no-sid", "garbage"}
)


@dataclass(frozen=True)
class Held:
    """One message that the carrier has accepted."""

    sid: str
    to_number: str
    from_number: str
    body: str
    callback: str
    created_at: datetime
    status: str = "sent"


@dataclass
class Carrier:
    """`behave(n)` names what becomes of the n-th message that is posted (from 0); BEHAVIOURS in fix_carrier_http.

    `kill-before` and `kill-after` call `kill`: the test ends the process that is asking, at that very moment.
    """

    behave: Callable[[int], str] = lambda _n: "ok"
    held: list[Held] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    behaved: list[str] = field(default_factory=list)
    stalls_s: float = 30.0
    kill: Callable[[], object] = lambda: None
    lists: bool = True  # whether it answers questions
    page_size: int = 100
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.carrier = self
        self.ending = threading.Event()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/2010-04-01"

    def close(self) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()

    def stall(self) -> None:
        """Says nothing for a long time."""
        self.ending.wait(self.stalls_s)

    def post(self, form: dict[str, str]) -> tuple[str, Held | None]:
        """What to do about a message, and the message where it is taken."""
        with self._lock:
            how = self.behave(len(self.posted))
            self.posted.append(form)
            self.behaved.append(how)
            held = self._take(form) if how in TAKES else None
        return how, held

    def _take(self, form: dict[str, str]) -> Held:
        sid = f"SM{len(self.held):032x}"
        made = Held(sid, form["To"], form["From"], form["Body"], form.get("StatusCallback", ""), datetime.now(UTC))
        self.held.append(made)
        return made


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    """A carrier that takes everything until it is told to misbehave."""
    made = Carrier()
    yield made
    made.close()
