"""A route is a declaration and a short function: `@route("POST", "/v1/appointments", scope=..., body=..., ...)`.

The declaration is the inventory: authentication, scope, site checks, parsing, dumping, OpenAPI and the access matrix
all work from it, so none of them can be forgotten in a route.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import falcon
import marshmallow as ma

from gateway.door import Door
from gateway.errors import Problem, dumped
from gateway.etags import etag_of, version_of
from gateway.identity import Identity, identify
from gateway.parsing import MAX_BODY, parser
from shared.asker import Asker
from shared.errors import Forbidden, NotFound

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
Auth = Literal["session", "public"]
Reads = Literal["json", "form", "raw"]
Json = dict[str, Any]


class _Nothing(ma.Schema):
    """A body or query string that has no fields."""


@dataclass(frozen=True)
class Reply:
    """An answer with more than a body."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address and method. `objects` names the ids that it takes ("path.site_id", "body.patient_id"): what the
    access matrix must try with another's ids. `scope` None with auth `session`: any signed-in account."""

    method: str
    path: str
    name: str
    summary: str
    scope: str | None
    auth: Auth
    body: ma.Schema | None
    query: ma.Schema | None
    answer: ma.Schema | None
    listed: bool
    reads: Reads
    versioned: bool
    status: int
    objects: tuple[str, ...]
    example: Json | None
    max_body: int
    media_type: str
    problems: tuple[str, ...]
    hidden: bool
    handler: Callable[["Call"], Any]

    @property
    def tag(self) -> str:
        """The resource: the first part of the path after /v1."""
        return self.path.removeprefix("/v1").split("/")[1]


@dataclass
class Call:
    """One request as a route sees it. `body`, `query` and `path` hold JSON values in canonical form."""

    door: Door
    route: Route
    request: falcon.Request
    identity: Identity | None
    path: dict[str, str]
    query: Json
    body: Json
    version: int | None

    @property
    def key(self) -> str:
        """The request's idempotency key."""
        return str(self.request.context.key)

    @property
    def correlation_id(self) -> str:
        return str(self.request.context.correlation_id)

    @property
    def signed_in(self) -> Identity:
        """Who is signed in. Only for routes with auth `session`."""
        if self.identity is None:
            raise RuntimeError("this route is public")
        return self.identity

    @property
    def asker(self) -> Asker:
        return self.signed_in.asker

    def ask(self, service: str, question: str, **fields: Any) -> Json:
        """A service's answer to a question."""
        return self.door.services.ask(service, question, _given(fields), self.asker)

    def tell(self, service: str, command: str, part: str = "", **fields: Any) -> Json:
        """A service's answer to a command under this request's key (`<key>/<part>` where there are two)."""
        key = f"{self.key}/{part}" if part else self.key
        if self.route.versioned and self.version is not None:
            fields["version"] = self.version
        return self.door.services.tell(service, command, _given(fields), self.asker, key)

    def page_of(self, service: str, question: str, **fields: Any) -> Json:
        """A list's answer, its cursor sealed for this caller's list."""
        scope = {"list": self.route.name, "network": self.asker.network_id, **fields}
        scope = {name: value for name, value in scope.items() if name not in ("cursor", "limit")}
        if cursor := fields.get("cursor"):
            fields["cursor"] = self.door.cursors.open(cursor, scope)
        answer = self.ask(service, question, **fields)
        return {**answer, "next": self.door.cursors.seal(answer.get("next"), scope)}


ROUTES: list[Route] = []


def route(
    method: str,
    path: str,
    *,
    scope: str | None = None,
    auth: Auth = "session",
    body: ma.Schema | None = None,
    query: ma.Schema | None = None,
    answer: ma.Schema | None = None,
    listed: bool = False,
    reads: Reads = "json",
    versioned: bool = False,
    status: int = 200,
    objects: tuple[str, ...] = (),
    example: Json | None = None,
    max_body: int = MAX_BODY,
    media_type: str = "application/json",
    problems: tuple[str, ...] = (),
    hidden: bool = False,
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Declares a route; the function's docstring is its summary."""

    def declare(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
        ROUTES.append(
            Route(
                method=method,
                path=path,
                name=handler.__name__,
                summary=(handler.__doc__ or "").strip(),
                scope=scope,
                auth=auth,
                body=body,
                query=query,
                answer=answer,
                listed=listed,
                reads=reads,
                versioned=versioned,
                status=status,
                objects=objects,
                example=example,
                max_body=max_body,
                media_type=media_type,
                problems=problems,
                hidden=hidden,
                handler=handler,
            )
        )
        return handler

    return declare


class Resource:
    """All routes of one path, as falcon wants them."""

    def __init__(self, door: Door, routes: list[Route]) -> None:
        for one in routes:
            setattr(self, f"on_{one.method.lower()}", _responder(door, one))


def _responder(door: Door, one: Route) -> Callable[..., None]:
    def respond(req: falcon.Request, resp: falcon.Response, **path: str) -> None:
        req.context.max_body = one.max_body
        identity = identify(req, door) if one.auth == "session" else None
        if identity is not None:
            _require_scope(door, one, identity)
        call = Call(
            door=door,
            route=one,
            request=req,
            identity=identity,
            path=_ids(path),
            query=_loaded(one.query, req, "query"),
            body=_body(one, req),
            version=version_of(req.get_header("If-Match")) if one.versioned else None,
        )
        _require_sites(call)
        _answer(resp, one, one.handler(call))

    return respond


def _require_scope(door: Door, one: Route, identity: Identity) -> None:
    if one.scope is None or one.scope in identity.asker.scopes:
        return
    with door.units.for_call(identity.asker, action=one.name):
        raise Forbidden


def _require_sites(call: Call) -> None:
    """A site that is not the caller's looks as if there were none; the try is in the audit before the answer."""
    for place in call.route.objects:
        where, name = place.split(".", 1)
        given = getattr(call, where).get(name) if name.endswith("site_id") else None
        if given is not None and not call.asker.may_see(UUID(given)):
            with call.door.units.for_call(call.asker, action=call.route.name) as uow:
                uow.object_ids = {"site_id": given}
                raise NotFound
        if given is not None and call.asker.sites is None:
            _require_known(call, given)


def _require_known(call: Call, site_id: str) -> None:
    """All sites of a network are hers and no others: scheduling says once which those are, and audits a denial.

    The other services keep no list of sites: without this a patient could be registered at one that is not there.
    """
    known = (call.asker.network_id, site_id)
    if known not in call.door.known_sites:
        call.ask("scheduling", "site", site_id=site_id)
        call.door.known_sites.add(known)


def _ids(path: dict[str, str]) -> dict[str, str]:
    try:
        return {name: str(UUID(value)) for name, value in path.items()}
    except ValueError:
        raise NotFound from None


def _loaded(schema: ma.Schema | None, req: falcon.Request, location: str) -> Json:
    """Parsed and dumped again: what goes on to a service is canonical, and holds nothing that no schema names."""
    schema = schema or _NOTHING
    loaded = parser.parse(schema, req, location=location, unknown=ma.RAISE)
    found: Json = schema.dump(loaded)
    return found


def _body(one: Route, req: falcon.Request) -> Json:
    if one.method not in WRITES or one.reads == "raw":
        return {}
    return _loaded(one.body, req, one.reads)


def _answer(resp: falcon.Response, one: Route, result: Any) -> None:
    reply = result if isinstance(result, Reply) else Reply(result)
    resp.status = reply.status or one.status
    for name, value in reply.headers.items():
        # Falcon keeps cookies apart: they may come more than once.
        (resp.append_header if name == "Set-Cookie" else resp.set_header)(name, value)
    if reply.stream is not None:
        resp.content_type, resp.stream = reply.media_type, reply.stream
    elif isinstance(reply.body, bytes):
        resp.content_type, resp.data = reply.media_type, reply.body
    elif reply.body is not None:
        _write_json(resp, one, reply.body)


def _write_json(resp: falcon.Response, one: Route, body: Any) -> None:
    if tag := etag_of(body):
        resp.set_header("ETag", tag)
    resp.content_type = "application/json"
    resp.data = dumped(_dump(one, body))


def _dump(one: Route, body: Any) -> Any:
    if one.answer is None:
        return body
    if one.listed:
        return {"items": one.answer.dump(body["items"], many=True), "next": body.get("next")}
    return one.answer.dump(body)


def _given(fields: Mapping[str, Any]) -> Json:
    """Without fields that were not given; None that was given on purpose is kept in bodies by `call.body`."""
    return {name: value for name, value in fields.items() if value is not ma.missing}


def refuse(field_name: str, message: str) -> Problem:
    """One field that is wrong in a way that its schema cannot say."""
    return Problem("invalid", errors=[{"field": field_name, "message": message}])


_NOTHING = _Nothing()
