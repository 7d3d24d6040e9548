"""A declared route at work: who asks, may they, what do they send; then its function, and the answer on its way."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import falcon
import marshmallow as ma

from gateway.door import Door
from gateway.endpoint import READ_BY_THE_ROUTE, WRITES, Call, Json, Reply, Route
from gateway.errors import dumped
from gateway.etags import etag_of, version_of
from gateway.identity import Identity, identify
from gateway.parsing import parser
from shared.errors import Forbidden, NotFound


class _Nothing(ma.Schema):
    """A body or query string that has no fields."""


_NOTHING = _Nothing()


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
        if where == "items":  # of a batch: gateway/batches.py asks item by item
            continue
        for given in _sites_in(getattr(call, where), name):
            _require_site(call, given)


def _sites_in(fields: Mapping[str, Any], name: str) -> list[str]:
    """The sites that a field names: one, or a list of them."""
    if not name.endswith(("site_id", "site_ids")) or fields.get(name) is None:
        return []
    return list(fields[name]) if name.endswith("s") else [fields[name]]


def _require_site(call: Call, given: str) -> None:
    if not call.asker.may_see(UUID(given)):
        with call.door.units.for_call(call.asker, action=call.route.name) as uow:
            uow.object_ids = {"site_id": given}
            raise NotFound
    if call.asker.sites is None:
        require_known(call, given)


def require_known(call: Call, site_id: str) -> None:
    """All sites of a network are hers and no others: scheduling says once which those are, and audits a denial.

    The other services keep no list of sites: without this a patient could be registered at one that is not there.
    """
    known = (call.asker.network_id, site_id)
    if known not in call.door.known_sites:
        call.ask("scheduling", "site", site_id=site_id)
        call.door.known_sites.add(known)


def _ids(path: dict[str, str]) -> dict[str, str]:
    """In canonical form; what is no id (a secret) as it is. Raises NotFound for an id that is none."""
    try:
        return {name: str(UUID(value)) if name.endswith("_id") else value for name, value in path.items()}
    except ValueError:
        raise NotFound from None


def _loaded(schema: ma.Schema | None, req: falcon.Request, location: str) -> Json:
    """Parsed and dumped again: what goes on to a service is canonical, and holds nothing that no schema names."""
    schema = schema or _NOTHING
    loaded = parser.parse(schema, req, location=location, unknown=ma.RAISE)
    found: Json = schema.dump(loaded)
    return found


def _body(one: Route, req: falcon.Request) -> Json:
    if one.method not in WRITES or one.reads in READ_BY_THE_ROUTE:
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
