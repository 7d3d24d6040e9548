"""Which network texts through which accounts, in what order."""

import json
from typing import Any

import pytest

from shared.carriers import carrier_accounts, carriers_that_sign, read_accounts
from shared.ids import new_id

HERS = str(new_id())
MAIN = {"url": "https://carrier.example/1", "account": "AC1", "secret": "secret-of-main"}
SPARE = {"url": "https://other.example/1", "account": "AC2", "secret": "secret-of-spare", "texts_per_second": 2}
WHOLE = {"accounts": {"main": MAIN, "spare": SPARE}, "networks": {"*": ["main", "spare"], HERS: ["spare"]}}


def test_a_network_has_its_own_accounts_and_every_other_those_of_all() -> None:
    accounts = read_accounts(json.dumps(WHOLE))
    assert [it.account for it in accounts.of(HERS)] == ["AC2"]
    assert [(it.account, it.texts_per_second) for it in accounts.of(new_id())] == [("AC1", None), ("AC2", 2)]
    assert {it.secret for it in accounts.all()} == {"secret-of-main", "secret-of-spare"}


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("{", "is no JSON"),
        (json.dumps(WHOLE | {"networks": {"*": ["third"]}}), "no such account: third"),
        (json.dumps(WHOLE | {"networks": {"Elm": ["main"]}}), "* or a network's id"),
        (json.dumps(WHOLE | {"networks": {}}), "networks"),
        (json.dumps(WHOLE | {"accounts": {"main": MAIN | {"secret": "short"}}}), "secret"),
        (json.dumps(WHOLE | {"accounts": {"main": SPARE | {"texts_per_second": 0}}}), "texts_per_second"),
    ],
)
def test_what_is_not_whole_ends_the_process_with_a_sentence_that_holds_no_secret(told: str, what: str) -> None:
    with pytest.raises(SystemExit) as ended:
        read_accounts(told)
    assert what in str(ended.value)
    assert "secret-of" not in str(ended.value)


def test_an_account_shown_shows_no_secret() -> None:
    """Seen red by: a secret like every other field."""
    shown = repr(read_accounts(json.dumps(WHOLE)).all())
    assert "AC1" in shown
    assert "secret-of" not in shown


def test_three_settings_are_one_account_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert carriers_that_sign().all() == frozenset()
    settings: dict[str, Any] = {"URL": MAIN["url"], "ACCOUNT": "AC1", "SECRET": MAIN["secret"]}
    for name, value in settings.items():
        monkeypatch.setenv(f"FRONTDESK_TEXT_GATEWAY_{name}", value)
    assert [it.account for it in carrier_accounts().of(HERS)] == ["AC1"]
    assert [it.secret for it in carriers_that_sign().all()] == [MAIN["secret"]]
    monkeypatch.setenv("FRONTDESK_TEXT_CARRIERS", json.dumps(WHOLE))
    assert [it.account for it in carrier_accounts().of(HERS)] == ["AC2"]
