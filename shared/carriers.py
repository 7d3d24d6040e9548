"""Through which carriers' accounts an installation texts: which network through which, and in what order.

One account for all networks is three settings (`docs/how-to/plug-in-a-text-gateway.md`). Several are one secret,
FRONTDESK_TEXT_CARRIERS, JSON: `{"accounts": {"main": {"url": ..., "account": ..., "secret": ...}, "spare": {...}},
"networks": {"*": ["main", "spare"], "<a network's id>": ["spare"]}}`. An account may bear `texts_per_second`: what the
carrier takes from one sender number.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow import fields, validate

from shared.config import optional, setting

_ALL = "*"
_SETTING = "FRONTDESK_TEXT_CARRIERS"


@dataclass(frozen=True, kw_only=True)
class CarrierAccount:
    """An account with a carrier. `secret` is the password of requests and the key of webhooks' signatures.

    `texts_per_second`: what it takes from one sender number; None: as many as come.
    """

    url: str
    account: str
    secret: str = field(repr=False)
    texts_per_second: float | None = None


class CarrierAccounts:
    """The accounts of each network, in the order in which they are tried."""

    def __init__(self, accounts: Mapping[str, CarrierAccount], networks: Mapping[str, Iterable[str]]) -> None:
        self._of = {network: tuple(accounts[name] for name in names) for network, names in networks.items()}

    def of(self, network_id: UUID | str) -> tuple[CarrierAccount, ...]:
        """The network's own, else those of all networks; empty where there are none."""
        return self._of.get(str(network_id)) or self._of.get(_ALL, ())

    def all(self) -> frozenset[CarrierAccount]:
        """Every account that some network uses."""
        return frozenset(account for accounts in self._of.values() for account in accounts)


def carrier_accounts() -> CarrierAccounts:
    """As the environment says. Ends the process with a sentence where that is not whole."""
    if told := optional(_SETTING):
        return read_accounts(told)
    account = CarrierAccount(
        url=setting("FRONTDESK_TEXT_GATEWAY_URL"),
        account=setting("FRONTDESK_TEXT_GATEWAY_ACCOUNT"),
        secret=setting("FRONTDESK_TEXT_GATEWAY_SECRET"),
    )
    return CarrierAccounts({"main": account}, {_ALL: ["main"]})


def carriers_that_sign() -> CarrierAccounts:
    """Those whose webhooks are believed. Where no secret is set there are none."""
    if told := optional(_SETTING):
        return read_accounts(told)
    secret = optional("FRONTDESK_TEXT_GATEWAY_SECRET")
    only = CarrierAccount(url="", account="", secret=secret)
    return CarrierAccounts({"main": only}, {_ALL: ["main"]} if secret else {})


def read_accounts(told: str) -> CarrierAccounts:
    """The accounts that a text of JSON names. Ends the process with a sentence that holds its names, and no secret."""
    try:
        found = _Carriers().load(json.loads(told))
    except ValueError:
        raise SystemExit(f"frontdesk: {_SETTING} is no JSON") from None
    except ma.ValidationError as error:
        raise SystemExit(f"frontdesk: {_SETTING}: {json.dumps(error.messages)}") from None
    return CarrierAccounts(found["accounts"], found["networks"])


class _Account(ma.Schema):
    url = fields.String(required=True, validate=validate.Length(1, 2000))
    account = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_.-]{1,200}\Z"))
    secret = fields.String(required=True, validate=validate.Length(8, 1000))
    texts_per_second = fields.Float(load_default=None, validate=validate.Range(0, min_inclusive=False))

    @ma.post_load
    def _made(self, data: dict[str, Any], **_: Any) -> CarrierAccount:
        return CarrierAccount(**data)


class _Carriers(ma.Schema):
    accounts = fields.Dict(fields.String(), fields.Nested(_Account), required=True, validate=validate.Length(1))
    networks = fields.Dict(
        fields.String(),
        fields.List(fields.String(), validate=validate.Length(1)),
        required=True,
        validate=validate.Length(1),
    )

    @ma.validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        for network, names in data["networks"].items():
            if network != _ALL and not _is_uuid(network):
                raise ma.ValidationError("each is * or a network's id", "networks")
            if unknown := [name for name in names if name not in data["accounts"]]:
                raise ma.ValidationError(f"no such account: {', '.join(unknown)}", "networks")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
