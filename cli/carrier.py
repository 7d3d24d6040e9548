"""The sandbox's carrier: what a patient answers reaches the gateway as a signed webhook, like a real carrier's."""

import json

import urllib3

from gateway.routes.text_gateway import SIGNATURE_HEADER, sign
from shared.config import setting
from shared.ids import new_id


def reply(base_url: str, from_number: str, to_number: str, body: str, message_id: str = "") -> int:
    """Sends the reply once; gives the HTTP status. One that was not answered is sent again with its `message_id`."""
    fields = {"from_number": from_number, "to_number": to_number, "body": body}
    fields["message_id"] = message_id or str(new_id())
    raw = json.dumps(fields).encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: sign(setting("FRONTDESK_TEXT_WEBHOOK_SECRET"), raw),
    }
    answer = urllib3.request("POST", f"{base_url}/v1/text-gateway/replies", body=raw, headers=headers, timeout=10.0)
    return answer.status
