"""Tokens for programs: OAuth 2.0 client credentials (RFC 6749, 4.4)."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

import falcon

from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.schemas.sessions import ClientCredentials, Token
from shared.errors import Unauthenticated


@route(
    "POST",
    "/v1/oauth/token",
    auth="public",
    reads="form",
    body=ClientCredentials(),
    answer=Token(),
    example={"grant_type": "client_credentials", "client_id": "import-1", "client_secret": "shown once"},
    problems=("invalid-client", "too-many-tries"),
)
def issue_token(call: Call) -> Any:
    """A program's access token; its id and secret by HTTP Basic or in the form."""
    client_id, client_secret = _credentials(call)
    try:
        opened = call.door.desk.client_token(client_id, client_secret, call.correlation_id)
    except Unauthenticated:
        raise Problem("invalid-client", {"error": "invalid_client"}) from None
    return {
        "access_token": opened.access_token,
        "token_type": "Bearer",
        "expires_in": opened.expires_in,
    }


def _credentials(call: Call) -> tuple[str, str]:
    given = call.request.get_header("Authorization")
    if given is None:
        return call.body.get("client_id", ""), call.body.get("client_secret", "")
    return _basic(call.request, given)


def _basic(_: falcon.Request, given: str) -> tuple[str, str]:
    """RFC 6749, 2.3.1: both halves are form-encoded before they are joined."""
    kind, _, encoded = given.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if kind.lower() != "basic" or ":" not in text:
        raise Problem("invalid-client")
    client_id, client_secret = text.split(":", 1)
    return unquote_plus(client_id), unquote_plus(client_secret)
