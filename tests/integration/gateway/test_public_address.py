"""What the gateway's own address shows to strangers besides the API."""

from typing import Any

from falcon import testing

from shared.processes.gateway import Counted
from tests.fix_gateway import Front


def test_the_metrics_are_for_whoever_has_their_token(front: Front) -> None:
    """Everyone else is told that there is no such page. Seen red by: the page open to all, as it was."""
    app = front.client.app
    for given, token, expected in (
        (None, "secret", 404),
        ("Bearer wrong", "secret", 404),
        ("secret", "secret", 404),
        ("Bearer secret", "secret", 200),
        ("Bearer ", "", 404),
        (None, "", 404),
    ):
        answer = asked(Counted(app, token), "/metrics", given)
        assert answer.status_code == expected, given
        kind = answer.headers["content-type"]
        assert kind.startswith("text/plain") if expected == 200 else kind == "application/problem+json"


def test_whoever_balances_the_load_needs_no_token(front: Front) -> None:
    for page in ("/healthz", "/readyz"):
        assert asked(Counted(front.client.app, "secret"), page).status_code in (200, 503)


def asked(app: Any, path: str, authorization: str | None = None) -> testing.Result:
    headers = {} if authorization is None else {"Authorization": authorization}
    return testing.TestClient(app).simulate_get(path, headers=headers)
