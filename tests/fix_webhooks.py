"""Webhooks as a carrier posts them to the gateway, signed in Twilio's way, or not. Signs by itself, not by our code."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
import urllib3
from fix_carrier import Carrier, Held
from fix_carrier_http import ACCOUNT, SECRET
from fix_desk import Desk, desk_of
from fix_system import running_system

PUBLIC_URL = "https://desk.example"
FORM = "application/x-www-form-urlencoded"
HTTP_GATEWAY = {
    "FRONTDESK_TEXT_GATEWAY": "http",
    "FRONTDESK_TEXT_GATEWAY_ACCOUNT": ACCOUNT,
    "FRONTDESK_TEXT_GATEWAY_SECRET": SECRET,
    "FRONTDESK_PUBLIC_URL": PUBLIC_URL,
}


def signed(url: str, form: Mapping[str, str], secret: str = SECRET) -> str:
    """The signature of a form."""
    whole = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(secret.encode(), whole.encode(), hashlib.sha1).digest()).decode()


def receipt_of(sid: str, status: str, code: str = "") -> dict[str, str]:
    """A receipt's form."""
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "MessageStatus": status,
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
    }
    return form | ({"ErrorCode": code} if code else {})


@dataclass
class Webhooks:
    """Posts to a gateway that believes itself at PUBLIC_URL, as behind a proxy."""

    gateway_url: str

    def post(self, path: str, form: Mapping[str, str], signature: str | None = None) -> int:
        """The HTTP status; signed properly unless another signature is given."""
        given = signed(PUBLIC_URL + path, form) if signature is None else signature
        headers = {"Content-Type": FORM, "X-Twilio-Signature": given}
        body, url = urlencode(form).encode(), self.gateway_url + path
        return urllib3.request("POST", url, body=body, headers=headers, timeout=20.0, retries=False).status

    def receipt(self, held: Held, status: str, code: str = "", signature: str | None = None) -> int:
        """What became of a message, told where the text said."""
        return self.post(held.callback.removeprefix(PUBLIC_URL), receipt_of(held.sid, status, code), signature)

    def message(self, number: str, to: str, words: str, sid: str, signature: str | None = None) -> int:
        """A patient's reply."""
        form = {"From": number, "To": to, "Body": words, "MessageSid": sid, "AccountSid": ACCOUNT, "NumMedia": "0"}
        return self.post("/v1/text-gateway/messages", form, signature)


@dataclass
class Carried:
    """A desk on a system of its own whose texts go to the misbehaving carrier, and to `spare` what it does not take."""

    desk: Desk
    carrier: Carrier
    spare: Carrier
    webhooks: Webhooks


@pytest.fixture(scope="module")
def carried() -> Iterator[Carried]:
    """About half a minute to start."""
    carrier, spare = Carrier(), Carrier()
    try:
        with running_system(
            {**HTTP_GATEWAY, "FRONTDESK_TEXT_CARRIERS": _accounts(main=carrier, spare=spare)}
        ) as system:
            yield Carried(desk_of(system), carrier, spare, Webhooks(system.gateway_url))
    finally:
        carrier.close()
        spare.close()


def _accounts(**carriers: Carrier) -> str:
    """All networks text through these, in this order."""
    accounts = {name: {"url": it.url, "account": ACCOUNT, "secret": SECRET} for name, it in carriers.items()}
    return json.dumps({"accounts": accounts, "networks": {"*": list(carriers)}})
