"""A text carrier over HTTP that misbehaves by spells, and holds the list that texts are judged by.

Nobody hears from it what became of a text: of what it may have taken the service learns by looking it up.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from fix_carrier import Carrier
from fix_desk import Desk
from fix_webhooks import HTTP_GATEWAY

# Of a hundred texts that it misbehaves on. The silent ones are few: each keeps a sender waiting until its time is up.
_WAYS = {
    "429": 18, "503": 16, "500-before": 12, "500-after": 14, "reset-before": 10, "reset-after": 12, "cut-answer": 8,
    "no-sid": 4, "garbage": 4, "silent-before": 1, "silent-after": 1,
}  # fmt: skip
# Its list is complete after so long; until then a text that is not in it may still come.
_GRACE_S = 30
_SETTLED_S = 240.0
_IN_DOUBT = "SELECT count(*) AS many FROM texts WHERE status IN ('claimed', 'unknown')"
# Whatever may have gone to the carrier, by the id that its callback bears.
_OURS = """
SELECT text_id::text AS id, sid, status FROM texts
UNION ALL SELECT response_id::text, sid, status FROM responses
UNION ALL SELECT free_text_id::text, sid, status FROM free_texts
"""
Json = dict[str, Any]


class Weather:
    """Fair until it is turned."""

    def __init__(self, seed: str) -> None:
        self.carrier = Carrier(behave=self._behave)
        self.settings = {
            **HTTP_GATEWAY,
            "FRONTDESK_TEXT_GATEWAY_URL": self.carrier.url,
            "FRONTDESK_TEXT_GRACE_S": str(_GRACE_S),
        }
        self._dice = random.Random(f"weather/{seed}")
        self._share = 0.0

    def turn(self, share: float) -> None:
        """From now on it misbehaves on this share of all texts."""
        self._share = share

    def differences(self, desk: Desk) -> list[str]:
        """Sentences: a text that it holds twice, one that only one side knows of. Waits until nothing is in doubt."""
        try:
            desk.wait_until(lambda: not desk.rows("notifications", _IN_DOUBT)[0]["many"], _SETTLED_S)
        except AssertionError:
            return [f"{desk.rows('notifications', _IN_DOUBT)[0]['many']} texts are still in doubt"]
        return list(self.compared(desk.rows("notifications", _OURS)))

    def compared(self, ours: Iterable[Json]) -> Iterator[str]:
        """`ours`: rows of `id`, `sid`, `status`. What is still `unknown` may have gone: responses are not looked up."""
        known = {row["id"]: row for row in ours}
        theirs = {held.sid: held.callback.rpartition("/")[2] for held in self.carrier.held}
        for text_id, times in Counter(theirs.values()).items():
            if times > 1:
                yield f"text {text_id} was sent {times} times"
        for sid, text_id in theirs.items():
            row = known.get(text_id, {"sid": None, "status": "not there"})
            if row["sid"] != sid and row["status"] != "unknown":
                yield f"text {text_id} was sent as {sid}; here it is {row['status']} as {row['sid']}"
        for row in known.values():
            if row["sid"] and theirs.get(row["sid"]) != row["id"]:
                yield f"text {row['id']} counts as sent as {row['sid']}, which the carrier never held"

    def _behave(self, _n: int) -> str:
        if self._dice.random() >= self._share:
            return "ok"
        return self._dice.choices(list(_WAYS), list(_WAYS.values()))[0]


@contextmanager
def changing_weather(seed: str) -> Iterator[Weather]:
    made = Weather(seed)
    try:
        yield made
    finally:
        made.carrier.close()
