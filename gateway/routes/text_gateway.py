"""What the text gateway tells us: replies of patients, signed over the raw body."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.parsing import flattened, read_body, strict_json
from gateway.schemas.texts import Reply
from shared.asker import Asker
from shared.database.units import NO_NETWORK

SIGNATURE_HEADER = "Frontdesk-Signature"
MAX_REPLY_BODY = 8 * 1024
_SIGNATURE = re.compile(r"^sha256=([0-9a-f]{64})$")
_REPLY = Reply()


@route(
    "POST",
    "/v1/text-gateway/replies",
    auth="public",
    reads="raw",
    body=_REPLY,
    max_body=MAX_REPLY_BODY,
    example={
        "from_number": "+12025550123",
        "to_number": "+12025550150",
        "body": "STOP",
        "message_id": "sandbox-1",
    },
    problems=("bad-signature",),
)
def receive_reply(call: Call) -> Any:
    """A patient's reply, signed by the text gateway: `Frontdesk-Signature: sha256=<HMAC-SHA256 of the raw body>`."""
    raw = read_body(call.request, MAX_REPLY_BODY)
    _require_signature(call, raw)
    reply = loaded(_REPLY, strict_json(raw))
    pass_on(call, reply)
    return {"message_id": reply["message_id"]}


def pass_on(call: Call, reply: Mapping[str, Any], speaks_for: Callable[[str], bool] = lambda _network: True) -> None:
    """Tells the network of the number that the patient answered. The key follows from the carrier's id of the reply.

    `speaks_for`: whether who signed it may speak for that network. Raises Problem `bad-signature` where not.
    """
    asker = carrier_asker(call, str(NO_NETWORK))
    found = call.door.services.ask("notifications", "network_of_sender", {"number": reply["to_number"]}, asker)
    if not speaks_for(found["network_id"]):
        raise Problem("bad-signature")
    known = carrier_asker(call, found["network_id"])
    key = f"reply/{hashlib.sha256(reply['message_id'].encode()).hexdigest()}"
    call.door.services.tell("notifications", "receive_reply", reply, known, key)


def loaded(schema: ma.Schema, body: Any) -> dict[str, Any]:
    """The body as the schema takes it. Raises Problem `invalid`."""
    try:
        found: dict[str, Any] = schema.load(body)
    except ma.ValidationError as error:
        raise Problem("invalid", errors=flattened(error.messages)) from None
    return found


def sign(secret: str, raw: bytes) -> str:
    """The header's value for a body."""
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def _require_signature(call: Call, raw: bytes) -> None:
    given = call.request.get_header(SIGNATURE_HEADER) or ""
    if not _SIGNATURE.match(given) or not hmac.compare_digest(given, sign(call.door.webhook_secret, raw)):
        raise Problem("bad-signature")


def carrier_asker(call: Call, network_id: str) -> Asker:
    """The text gateway, at work in one network."""
    return Asker(
        actor_id="text-gateway",
        actor_kind="service",
        network_id=type(NO_NETWORK)(network_id),
        sites=None,
        scopes=frozenset({"texts:reply"}),
        correlation_id=call.correlation_id,
        traceparent=call.request.context.traceparent,
    )
