"""A carrier over HTTP in Twilio's style: a form is posted, JSON with the message's `sid` is the answer."""

from collections.abc import Sequence

from services.notifications.adapters.carrier_words import OPTED_OUT, reason_of
from services.notifications.adapters.exchange import Exchange, NoAnswer, NotSent, Reply
from services.notifications.adapters.message_list import read_list
from services.notifications.adapters.replies import json_of
from services.notifications.operations.gateway import Answer, Listing, Outgoing, Sought
from shared.failpoints import failpoint

RECEIPTS = "/v1/text-gateway/receipts"
_ACCOUNT_REFUSED = frozenset({401, 403, 404})  # wrong account or secret: nothing to do with the text
_BUSY = frozenset({429, 503})  # said before anything was taken
_NOBODY_KNOWS = frozenset({408, 409})


class FormGateway:
    """`POST <base>/Accounts/<account>/Messages.json` with To, From, Body and StatusCallback.

    `public_url` is where the carrier reaches our gateway; the callback names network and text, so that a receipt
    settles what its answer did not.
    """

    # A request a text: what is claimed waits for no other's, and a crash leaves one text unknown.
    at_once = 1

    def __init__(self, exchange: Exchange, account: str, public_url: str, *, per_second: float | None = None) -> None:
        self._exchange = exchange
        self.per_second = per_second
        self.name = f"http/{exchange.address}/{account}"
        self._messages = f"/Accounts/{account}/Messages.json"
        self._public_url = public_url.rstrip("/")

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        """At most 18 s. What certainly did not reach the carrier is `not-taken`; what may have is `unknown`."""
        return [self._send(one) for one in outgoing]

    def _send(self, outgoing: Outgoing) -> Answer:
        try:
            reply = self._exchange.post(self._messages, self._form(outgoing))
        except NotSent:
            return Answer(status="not-taken", reason="carrier-unreachable")
        except NoAnswer:
            return Answer(status="unknown", reason="no-answer")
        failpoint("text.after-request")
        return answer_of(reply)

    def messages(self, sought: Sought) -> Listing:
        """What it has from our number to the patient's."""
        return read_list(self._exchange, self._messages, sought.from_number, sought.to_number)

    def _form(self, outgoing: Outgoing) -> dict[str, str]:
        return {
            "To": outgoing.to_number,
            "From": outgoing.from_number,
            "Body": outgoing.body,
            "StatusCallback": f"{self._public_url}{RECEIPTS}/{outgoing.network_id}/{outgoing.text_id}",
        }


def answer_of(reply: Reply) -> Answer:
    """What an answer means for the text. Anything that is not plain is `unknown`, never a reason to send again."""
    said = json_of(reply.body)
    if 200 <= reply.status < 300:
        sid = said.get("sid")
        if isinstance(sid, str) and 0 < len(sid) <= 120:
            return Answer(status="accepted", sid=sid)
        return Answer(status="unknown", reason="unreadable-answer")
    if reply.status in _BUSY:
        return Answer(status="not-taken", reason="carrier-busy", retry_after_s=_seconds(reply.retry_after))
    if reply.status in _ACCOUNT_REFUSED:
        return Answer(status="not-taken", reason="account-refused")
    if 400 <= reply.status < 500 and reply.status not in _NOBODY_KNOWS:
        reason = reason_of(said.get("code"), "refused-by-carrier")
        return Answer(status="refused", reason=reason, opted_out=reason == OPTED_OUT)
    return Answer(status="unknown", reason="carrier-error")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; a date is not worth its clock."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
