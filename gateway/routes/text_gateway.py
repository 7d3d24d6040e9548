"""What the text gateway tells us: replies of patients, signed over the raw body."""

import hashlib
import hmac
import re
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
    reply = _load(strict_json(raw))
    asker = _text_gateway(call, str(NO_NETWORK))
    found = call.door.services.ask("notifications", "network_of_sender", {"number": reply["to_number"]}, asker)
    known = _text_gateway(call, found["network_id"])
    key = f"reply/{hashlib.sha256(reply['message_id'].encode()).hexdigest()}"
    call.door.services.tell("notifications", "receive_reply", reply, known, key)
    return {"message_id": reply["message_id"]}


def sign(secret: str, raw: bytes) -> str:
    """The header's value for a body."""
    return f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"


def _require_signature(call: Call, raw: bytes) -> None:
    given = call.request.get_header(SIGNATURE_HEADER) or ""
    if not _SIGNATURE.match(given) or not hmac.compare_digest(given, sign(call.door.webhook_secret, raw)):
        raise Problem("bad-signature")


def _load(body: Any) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = _REPLY.load(body)
    except ma.ValidationError as error:
        raise Problem("invalid", errors=flattened(error.messages)) from None
    return loaded


def _text_gateway(call: Call, network_id: str) -> Asker:
    return Asker(
        actor_id="text-gateway",
        actor_kind="service",
        network_id=type(NO_NETWORK)(network_id),
        sites=None,
        scopes=frozenset({"texts:reply"}),
        correlation_id=call.correlation_id,
        traceparent=call.request.context.traceparent,
    )
