"""The carrier of a random run: its share of misbehaviour, and that its list shows what must not be."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fix_carrier import IN_DOUBT, TAKES
from weather import Weather, changing_weather


@pytest.fixture
def weather() -> Iterator[Weather]:
    with changing_weather("7/1") as made:
        yield made


def send(weather: Weather, text_id: str) -> str:
    """Its message id."""
    form = {"To": "+16285550100", "From": "+12025550101", "Body": "hello"}
    _, held = weather.carrier.post({**form, "StatusCallback": f"https://desk.example/receipts/elm/{text_id}"})
    assert held is not None
    return held.sid


def test_it_misbehaves_on_the_share_that_was_asked_for_in_many_ways(weather: Weather) -> None:
    """Seen red by: a share that is taken for its opposite."""
    behaved = {share: Counter(_ways(weather, share)) for share in (0.0, 0.2, 1.0, 0.0)}
    assert behaved[0.0] == {"ok": 1000}
    assert 700 < behaved[0.2]["ok"] < 900
    assert "ok" not in behaved[1.0]
    assert {"429", "503"} < behaved[1.0].keys()
    assert behaved[1.0].keys() > IN_DOUBT & TAKES - {"slow"}


def test_a_text_that_it_holds_twice_or_that_one_side_alone_knows_of_is_told(weather: Weather) -> None:
    """Seen red by: each of the three sentences left out."""
    fine, once, again = send(weather, "fine"), send(weather, "twice"), send(weather, "twice")
    stray, _ = send(weather, "stray"), send(weather, "in doubt")
    ours = [row("fine", fine), row("twice", again), row("invented", "SM-invented"), row("in doubt", None, "unknown")]
    assert list(weather.compared([*ours, row("stray", None, "refused")])) == [
        "text twice was sent 2 times",
        f"text twice was sent as {once}; here it is accepted as {again}",
        f"text stray was sent as {stray}; here it is refused as None",
        "text invented counts as sent as SM-invented, which the carrier never held",
    ]
    assert f"text stray was sent as {stray}; here it is not there as None" in list(weather.compared(ours))


def row(text_id: str, sid: str | None, status: str = "accepted") -> dict[str, Any]:
    return {"id": text_id, "sid": sid, "status": status}


def _ways(weather: Weather, share: float) -> Iterator[str]:
    weather.turn(share)
    for _ in range(1000):
        how, _ = weather.carrier.post({"To": "+16285550100", "From": "+12025550101", "Body": "hello"})
        yield how
