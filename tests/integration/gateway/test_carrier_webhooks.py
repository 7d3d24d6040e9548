"""What a carrier posts is believed for its signature alone, over the very address that it was given."""

from typing import Any
from urllib.parse import urlencode

import pytest
from fix_webhooks import FORM, receipt_of, signed

from gateway.carrier_signature import signature
from shared.ids import new_id
from tests.fix_gateway import CARRIER_SECRET, PUBLIC_URL, Front, carriers_with

MESSAGES = "/v1/text-gateway/messages"
REPLY = {"From": "+12025550123", "To": "+12025550150", "Body": "Stop, gracias ¡ya!", "MessageSid": "SM1", "Extra": ""}
NETWORK, TEXT = str(new_id()), str(new_id())
RECEIPTS = f"/v1/text-gateway/receipts/{NETWORK}/{TEXT}"


def sent(front: Front, path: str, form: dict[str, str], given: str | None = None, **more: Any) -> Any:
    mark = signed(PUBLIC_URL + path, form, CARRIER_SECRET) if given is None else given
    headers = {"Content-Type": FORM, "X-Twilio-Signature": mark}
    return front.request("POST", path, headers=headers, body=more.get("raw", urlencode(form).encode()))


def knows_the_sender(front: Front) -> None:
    front.answers |= {
        "notifications.network_of_sender": {"network_id": str(front.network_id)},
        "notifications.receive_reply": {"message_id": "SM1"},
        "notifications.receive_receipt": {"text_id": TEXT, "status": "delivered"},
    }


def test_the_signature_is_the_one_that_twilios_own_library_makes() -> None:
    """The vector of its test suite."""
    form = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212"}
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, (form | {"Caller": "+14158675309"}).items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signed_reply_goes_to_the_network_of_its_number_as_any_other_reply(front: Front) -> None:
    knows_the_sender(front)
    answer = sent(front, MESSAGES, REPLY)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    assert "<Response/>" in answer.text
    _, name, body, asker, key = front.asked[-1]
    assert (name, asker.network_id) == ("receive_reply", front.network_id)
    assert body["body"] == "Stop, gracias ¡ya!"
    assert body == {"from_number": REPLY["From"], "to_number": REPLY["To"], "body": REPLY["Body"], "message_id": "SM1"}
    sent(front, MESSAGES, REPLY)
    assert front.asked[-1][4] == key


def test_a_receipt_goes_to_the_network_and_text_of_its_address(front: Front) -> None:
    knows_the_sender(front)
    assert sent(front, RECEIPTS, receipt_of("SM1", "undelivered", "30005")).status_code == 204
    [(_, name, body, asker, _)] = front.asked
    assert (name, str(asker.network_id), asker.sites) == ("receive_receipt", NETWORK, None)
    assert body == {"text_id": TEXT, "sid": "SM1", "carrier_status": "undelivered", "error_code": "30005"}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "AAAA",
        "not\xe9ascii",
        signed(PUBLIC_URL + MESSAGES, REPLY, ""),
        signed(PUBLIC_URL + MESSAGES, REPLY, "other"),
    ],
)
def test_an_unsigned_or_forged_webhook_is_answered_403_and_changes_nothing(front: Front, given: str) -> None:
    """Seen red by: a missing header taken as good."""
    knows_the_sender(front)
    answer = sent(front, MESSAGES, REPLY, given)
    assert (answer.status_code, answer.json["slug"], front.asked) == (403, "bad-signature", [])


def test_a_signature_of_one_address_or_form_does_not_hold_for_another(front: Front) -> None:
    """Seen red by: a signature that has to be there and is not compared."""
    knows_the_sender(front)
    receipt = receipt_of("SM1", "delivered")
    elsewhere = f"/v1/text-gateway/receipts/{NETWORK}/{new_id()}"
    good = signed(PUBLIC_URL + RECEIPTS, receipt, CARRIER_SECRET)
    assert sent(front, elsewhere, receipt, good).status_code == 403
    assert sent(front, RECEIPTS, receipt | {"MessageStatus": "failed"}, good).status_code == 403
    assert front.asked == []


def test_without_a_carrier_no_webhook_of_one_is_believed(front: Front) -> None:
    """Seen red by: an empty secret taken as a key."""
    object.__setattr__(front.door, "carriers", carriers_with(""))
    knows_the_sender(front)
    assert sent(front, MESSAGES, REPLY, signed(PUBLIC_URL + MESSAGES, REPLY, "")).status_code == 403


def test_one_networks_carrier_says_nothing_of_another_networks_texts(front: Front) -> None:
    """A network may have an account of its own, whose secret others do not know."""
    knows_the_sender(front)
    mine = {str(front.network_id): ["mine"], NETWORK: [CARRIER_SECRET]}
    object.__setattr__(front.door, "carriers", carriers_with("mine", CARRIER_SECRET, **mine))
    assert sent(front, MESSAGES, REPLY).status_code == 403
    assert [name for _, name, *_ in front.asked] == ["network_of_sender"]
    assert sent(front, MESSAGES, REPLY, signed(PUBLIC_URL + MESSAGES, REPLY, "mine")).status_code == 200
    receipt = receipt_of("SM1", "delivered")
    assert sent(front, RECEIPTS, receipt, signed(PUBLIC_URL + RECEIPTS, receipt, "mine")).status_code == 403
    assert sent(front, RECEIPTS, receipt).status_code == 204


def test_what_the_database_cannot_hold_does_not_cost_a_stop(front: Front) -> None:
    knows_the_sender(front)
    assert sent(front, MESSAGES, REPLY | {"Body": "STOP\x00"}).status_code == 200
    assert front.asked[-1][2]["body"] == "STOP"


def test_a_webhook_is_bounded_and_is_a_form(front: Front) -> None:
    assert sent(front, MESSAGES, REPLY, raw=b"x" * 40_000).status_code == 413
    assert sent(front, MESSAGES, REPLY, raw=b"Body=%ff").status_code == 400
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": "x"}
    assert front.request("POST", MESSAGES, headers=headers, body=b"{}").status_code == 415
    for missing in ("From", "To", "MessageSid"):
        assert sent(front, MESSAGES, {k: v for k, v in REPLY.items() if k != missing}).status_code == 422
    assert sent(front, "/v1/text-gateway/receipts/1/2", receipt_of("SM1", "sent")).status_code == 404
