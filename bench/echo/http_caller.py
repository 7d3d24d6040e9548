"""Asks as the gateway does: green callers, kept-alive connections, claims signed for each call."""

from collections import deque
from uuid import UUID

import eventlet

from bench.echo.calling import CALLERS, measured
from bench.echo.http_service import SCOPE
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.config import setting

QUESTION = {"patient_id": str(UUID(int=7)), "name": "Wanda Marsh"}
ASKER = Asker(actor_id="bench", actor_kind="user", network_id=UUID(int=1), sites=None, scopes=frozenset({SCOPE}))


def main(url: str, calls: str) -> None:
    """Makes so many calls to the service at `url`."""
    client = ServiceClient("echo", url, Signer(setting("FRONTDESK_CLAIMS_PRIVATE_KEY"), "gateway"))
    pool = eventlet.GreenPool(CALLERS)

    def one(_place: int) -> None:
        client.query("echo", QUESTION, ASKER)

    def ask(number: int) -> None:
        deque(pool.imap(one, range(number)), maxlen=0)

    measured(ask, int(calls))
