"""OpenAPI 3.1 from the routes' declarations."""

import json
import re
from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from gateway.access import SCOPES
from gateway.endpoint import WRITES, Route
from gateway.errors import MEDIA_TYPE, TABLE

VERSION = "1"
_ABOUT = (
    "Frontdesk's public API. Instants are UTC, calendar days are the site's, money is integer cents. "
    "Every write takes an `Idempotency-Key`; changes take `If-Match` with the `ETag` that was read."
)

_PARAMETERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "The same key and body give the same answer. Made up and returned where absent.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "description": "The ETag that was read; 412 where it is not the present one.",
        "schema": {"type": "string"},
    },
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "slug", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "slug": {"type": "string"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string", "format": "uuid"},
        "details": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """The whole document."""
    spec = _spec()
    for one in routes:
        if not one.hidden:
            spec.path(path=one.path, operations={one.method.lower(): _operation(one)})
    found: dict[str, Any] = spec.to_dict()
    return found


def _spec() -> APISpec:
    spec = APISpec(
        title="Frontdesk",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": _ABOUT},
        plugins=[MarshmallowPlugin(schema_name_resolver=_name_of)],
    )
    spec.components.schema("Problem", _PROBLEM)
    for name, parameter in _PARAMETERS.items():
        spec.components.parameter(name, parameter["in"], parameter)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    spec.components.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": "frontdesk_session"})
    return spec


def _operation(one: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary.split("\n")[0],
        "description": _description(one),
        "parameters": _parameters(one),
        "responses": _responses(one),
        "security": [{"token": []}, {"cookie": []}] if one.auth == "session" else [],
    }
    if one.scope:
        operation["x-scope"] = one.scope
    if one.body is not None:
        operation["requestBody"] = _request_body(one)
    return operation


def _description(one: Route) -> str:
    if not one.scope:
        return one.summary
    roles = ", ".join(role for role, scopes in SCOPES.items() if one.scope in scopes)
    return f"{one.summary}\n\nScope `{one.scope}`: {roles}."


def _parameters(one: Route) -> list[Any]:
    found: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    if one.query is not None:
        found.append({"in": "query", "schema": one.query})
    if one.method in WRITES:
        found.append("IdempotencyKey")
    if one.versioned:
        found.append("IfMatch")
    return found


def _request_body(one: Route) -> dict[str, Any]:
    media = "application/x-www-form-urlencoded" if one.reads == "form" else "application/json"
    content: dict[str, Any] = {"schema": one.body}
    if one.example is not None:
        content["example"] = one.example
    return {"required": True, "content": {media: content}}


def _responses(one: Route) -> dict[str, Any]:
    found: dict[str, Any] = {str(one.status): _success(one)}
    for status, slugs in sorted(_problem_statuses(one).items()):
        described = "; ".join(f"`{slug}`: {TABLE[slug][1]}" for slug in slugs)
        found[str(status)] = {
            "description": described,
            "content": {MEDIA_TYPE: {"schema": "Problem"}},
        }
    return found


def _success(one: Route) -> dict[str, Any]:
    if one.status == 204:
        return {"description": "Done."}
    schema: Any = one.answer if one.answer is not None else {"type": "object"}
    if one.media_type != "application/json":
        schema = {"type": "string"}
    elif one.listed:
        items = {"type": "array", "items": schema}
        schema = {"type": "object", "properties": {"items": items, "next": {"type": ["string", "null"]}}}
    return {"description": "Done.", "content": {one.media_type: {"schema": schema}}}


def _problem_statuses(one: Route) -> dict[int, list[str]]:
    slugs = ["invalid", "internal", "unavailable", "deadline-exceeded", "malformed-body", *one.problems]
    slugs += ["unauthenticated"] if one.auth == "session" or one.name in ("sign_in", "renew_session") else []
    slugs += ["forbidden"] if one.scope else []
    slugs += ["not-found"] if one.objects or one.scope or one.reads == "raw" else []
    if one.method in WRITES:
        slugs += ["malformed-key", "refused", "idempotency-key-reused", "too-large", "unsupported-media-type"]
    slugs += ["stale-version"] if one.versioned else []
    found: dict[int, list[str]] = {}
    for slug in dict.fromkeys(slugs):
        found.setdefault(TABLE[slug][0], []).append(slug)
    return found


def _name_of(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    if not issubclass(cls, ma.Schema):
        raise TypeError("components are named after marshmallow schemas")
    return cls.__name__


def written(routes: Iterable[Route]) -> str:
    """The document as docs/reference/openapi.json holds it."""
    return json.dumps(document(routes), indent=1, ensure_ascii=False) + "\n"
