"""Signing in, renewing, signing out."""

from typing import Any
from uuid import UUID

from gateway.endpoint import Call, Reply, route
from gateway.identity import COOKIE
from gateway.schemas.sessions import Renewal, Session, SignIn
from gateway.sessions import Opened

_SESSION = Session()


@route(
    "POST",
    "/v1/sessions",
    auth="public",
    body=SignIn(),
    answer=_SESSION,
    status=201,
    example={"login": "reception", "password": "correct horse battery staple"},
    problems=("too-many-tries",),
)
def sign_in(call: Call) -> Any:
    """Signs a person in. `cookie` true: for our own pages, by an HttpOnly cookie and without tokens in the answer."""
    body = call.body
    network = UUID(body["network"]) if body.get("network") else None
    kind = "page" if body["cookie"] else "token"
    opened = call.door.desk.sign_in(body["login"], body["password"], network, kind, call.correlation_id)
    if kind == "page":
        return Reply(_shown(opened), headers={"Set-Cookie": _cookie(call, opened.secret)})
    return {**_shown(opened), **_tokens(opened)}


@route(
    "POST",
    "/v1/sessions/renewals",
    auth="public",
    body=Renewal(),
    answer=_SESSION,
    example={"refresh_token": "the one of the last answer"},
)
def renew_session(call: Call) -> Any:
    """The next access and refresh token. Each refresh token is good once."""
    opened = call.door.desk.renew(call.body["refresh_token"], call.correlation_id)
    return {**_shown(opened), **_tokens(opened)}


@route("DELETE", "/v1/sessions/current", status=204)
def sign_out(call: Call) -> Any:
    """Ends this session: its tokens and cookie are refused from here on."""
    session_id = call.signed_in.standing.session_id
    call.door.desk.sign_out(call.asker, session_id)
    call.door.standings.forget(session_id)
    return Reply(headers={"Set-Cookie": _cookie(call, "", seconds=0)})


def _shown(opened: Opened) -> dict[str, Any]:
    ends = opened.standing.expires_at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return {"session_id": str(opened.standing.session_id), "session_expires_at": ends}


def _tokens(opened: Opened) -> dict[str, Any]:
    return {
        "access_token": opened.access_token,
        "token_type": "Bearer",
        "expires_in": opened.expires_in,
        "refresh_token": opened.secret,
    }


def _cookie(call: Call, value: str, seconds: int | None = None) -> str:
    parts = [f"{COOKIE}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if call.door.secure_cookies:
        parts.append("Secure")
    return "; ".join(parts)
