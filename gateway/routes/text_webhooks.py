"""Webhooks of a carrier in Twilio's style: replies of patients, and receipts of what became of our texts."""

import hashlib
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from gateway.carrier_signature import HEADER, signers
from gateway.endpoint import Call, Reply, route
from gateway.errors import Problem
from gateway.parsing import read_body
from gateway.routes.text_gateway import carrier_asker, loaded, pass_on
from gateway.schemas.carrier import CarrierReceipt, CarrierReply
from shared.carriers import CarrierAccount

MAX_FORM = 32 * 1024
_MOST_FIELDS = 200
_REPLY, _RECEIPT = CarrierReply(), CarrierReceipt()
_NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


@route(
    "POST",
    "/v1/text-gateway/messages",
    auth="public",
    reads="signed-form",
    body=_REPLY,
    max_body=MAX_FORM,
    media_type="application/xml",
    example={"From": "+12025550123", "To": "+12025550150", "Body": "STOP", "MessageSid": "SM1"},
    problems=("bad-signature",),
)
def receive_message(call: Call) -> Any:
    """A patient's reply as a carrier posts it (`X-Twilio-Signature`). Answered with an empty document: nothing is said
    back."""
    form, signed_by = _signed_form(call)
    # What the database cannot hold, and what no carrier delivers, must not cost a STOP.
    form["Body"] = form.get("Body", "").replace("\x00", "")
    told = loaded(_REPLY, form)
    reply = {"from_number": told["From"], "to_number": told["To"], "body": told["Body"]}
    pass_on(call, {**reply, "message_id": told["MessageSid"]}, partial(_speaks_for, call, signed_by))
    return Reply(_NOTHING_TO_SAY, media_type="application/xml")


@route(
    "POST",
    "/v1/text-gateway/receipts/{network_id}/{text_id}",
    auth="public",
    reads="signed-form",
    body=_RECEIPT,
    max_body=MAX_FORM,
    status=204,
    objects=("path.network_id", "path.text_id"),
    example={"MessageSid": "SM1", "MessageStatus": "delivered"},
    problems=("bad-signature",),
)
def receive_receipt(call: Call) -> Any:
    """What became of a text, told by the carrier (`X-Twilio-Signature`) at the address that went out with the text.

    Receipts may come twice, late and in any order: a text keeps the furthest of its states.
    """
    form, signed_by = _signed_form(call)
    if not _speaks_for(call, signed_by, call.path["network_id"]):
        raise Problem("bad-signature")
    told = loaded(_RECEIPT, form)
    receipt = {"text_id": call.path["text_id"], "sid": told["MessageSid"], "carrier_status": told["MessageStatus"]}
    receipt["error_code"] = told.get("ErrorCode", "")
    key = f"receipt/{hashlib.sha256(repr(sorted(receipt.items())).encode()).hexdigest()}"
    asker = carrier_asker(call, call.path["network_id"])
    call.door.services.tell("notifications", "receive_receipt", receipt, asker, key)


def _speaks_for(call: Call, signed_by: frozenset[CarrierAccount], network_id: str) -> bool:
    """One network's carrier says nothing of another's texts."""
    return not signed_by.isdisjoint(call.door.carriers.of(network_id))


def _signed_form(call: Call) -> tuple[dict[str, str], frozenset[CarrierAccount]]:
    """The form, once a signature holds, and whose it is; of a doubled name the first value.

    Raises bad-signature or malformed-body.
    """
    raw = read_body(call.request, MAX_FORM)
    if "application/x-www-form-urlencoded" not in (call.request.content_type or ""):
        raise Problem("unsupported-media-type")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Problem("malformed-body") from None
    given, url = call.request.get_header(HEADER) or "", call.door.public_url + call.request.relative_uri
    signed_by = signers(given, call.door.carriers.all(), url, pairs)
    if not signed_by:
        raise Problem("bad-signature")
    return dict(reversed(pairs)), signed_by
