"""The document: one operation a route, all of it from the route's declaration."""

import json
import re
from collections.abc import Iterable
from typing import Any

from apispec import APISpec

from gateway.access import SCOPES
from gateway.endpoint import READ_BY_THE_ROUTE, WRITES, Route
from gateway.errors import MEDIA_TYPE, TABLE
from gateway.openapi.components import HEADERS, LIVE_EVENT, PARAMETERS, PROBLEM, SECURITY, Plugin
from gateway.openapi.examples import example_of

VERSION = "1"
_ABOUT = (
    "Frontdesk's public API. Instants are UTC, calendar days are the site's (years 1800 to 2199), money is integer "
    "cents. Every write takes an `Idempotency-Key`; changes take `If-Match` with the `ETag` that was read. Lists page "
    "by an opaque `cursor`, the answer's `next`, which holds for the same filters alone. Whatever is not done is "
    "answered as `application/problem+json` (RFC 9457) with a stable `slug`."
)
# What any request may be answered, whatever its address.
_ALWAYS = ("invalid", "malformed-request", "headers-too-large", "internal", "unavailable", "deadline-exceeded")
_OF_A_BODY = ("malformed-body", "too-large", "unsupported-media-type", "length-required")

_EXAMPLES = {
    "application/xml": {"example": "<Response/>"},
    "text/html": {"example": "<!doctype html><title>Frontdesk</title>"},
    "text/calendar": {"example": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"},
}
_NOT_MODIFIED = {"description": "Not modified: `If-None-Match` names the present ETag."}

Json = dict[str, Any]


def document(routes: Iterable[Route]) -> Json:
    """The whole document."""
    spec = _spec()
    for one in routes:
        if not one.hidden:
            spec.path(path=one.path, operations={one.method.lower(): _operation(one)})
    found: Json = _in_ecma(spec.to_dict())
    return found


def written(routes: Iterable[Route]) -> str:
    """The document as docs/reference/openapi.json holds it."""
    return json.dumps(document(routes), indent=1, ensure_ascii=False) + "\n"


def _spec() -> APISpec:
    spec = APISpec(
        title="Frontdesk",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": _ABOUT},
        servers=[{"url": "/", "description": "this installation"}],
        plugins=[Plugin()],
    )
    spec.components.schema("Problem", PROBLEM)
    spec.components.schema("LiveEvent", LIVE_EVENT)
    for name, parameter in PARAMETERS.items():
        spec.components.parameter(name, parameter["in"], parameter)
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    for name, scheme in SECURITY.items():
        spec.components.security_scheme(name, scheme)
    return spec


def _operation(one: Route) -> Json:
    operation: Json = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary.split("\n")[0],
        "description": _description(one),
        "parameters": _parameters(one),
        "responses": _responses(one),
        "security": _security(one),
    }
    if one.scope:
        operation["x-scope"] = one.scope
    if one.body is not None:
        operation["requestBody"] = _request_body(one)
    return operation


def _description(one: Route) -> str:
    parts = [one.summary]
    parts += [rule for rule in [getattr(one.query, "rule", "")] if rule]  # parameters have no words for it
    if one.scope:
        roles = ", ".join(role for role, scopes in SCOPES.items() if one.scope in scopes)
        parts.append(f"Scope `{one.scope}`: {roles}.")
    return "\n\n".join(parts)


def _security(one: Route) -> list[Json]:
    if one.auth == "public":
        return []
    needed = [one.scope] if one.scope else []
    return [{"token": needed}, {"outside": needed}, {"client": needed}, {"cookie": needed}]


def _parameters(one: Route) -> list[Any]:
    found: list[Any] = [_id_parameter(name) for name in re.findall(r"{(\w+)}", one.path)]
    if one.query is not None:
        found.append({"in": "query", "schema": one.query})
    if one.method in WRITES:
        found.append("IdempotencyKey")
    if one.versioned:
        found.append("IfMatch")
    if one.reads in READ_BY_THE_ROUTE:
        found.append("Signature" if one.reads == "raw" else "CarrierSignature")
    return found


def _id_parameter(name: str) -> Json:
    schema = {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}
    return {"in": "path", "name": name, "required": True, "schema": schema}


def _request_body(one: Route) -> Json:
    media = "application/x-www-form-urlencoded" if one.reads in ("form", "signed-form") else "application/json"
    content: Json = {"schema": one.body}
    if one.example is not None:
        content["example"] = one.example
    return {"required": True, "content": {media: content}}


def _responses(one: Route) -> Json:
    found: Json = {str(one.status): _success(one)}
    for status in one.also:
        found[str(status)] = _NOT_MODIFIED if status == 304 else _on_its_way(one)
    for status, slugs in sorted(_problem_statuses(one).items()):
        described = "; ".join(f"`{slug}`: {TABLE[slug][1]}" for slug in slugs)
        content = {MEDIA_TYPE: {"schema": "Problem", "example": _problem(slugs[0])}}
        found[str(status)] = {"description": described, "headers": _problem_headers(status), "content": content}
    return found


def _on_its_way(one: Route) -> Json:
    return {**_success(one), "description": "On its way: ask again after Retry-After seconds."}


def _problem(slug: str) -> Json:
    status, title = TABLE[slug]
    names = {"type": f"urn:frontdesk:problem:{slug}", "title": title, "status": status, "slug": slug}
    found: Json = {**names, "correlation_id": "0193a1f0-0000-7000-8000-0000000000ff"}
    if slug == "invalid":
        found["errors"] = [{"field": "site_id", "message": "Not a valid UUID."}]
    return found


def _problem_headers(status: int) -> Json:
    headers = ["CorrelationId"]
    headers += ["RetryAfter"] if status in (429, 503, 504) else []
    headers += ["WWWAuthenticate"] if status == 401 else []
    return _references(headers)


def _success(one: Route) -> Json:
    headers = ["CorrelationId"]
    headers += ["IdempotencyKey"] if one.method in WRITES else []
    headers += ["ETag"] if _has_version(one) else []
    found: Json = {"description": "Done.", "headers": _references(headers)}
    if one.status != 204:
        found["content"] = {one.media_type: _content(one)}
    return found


def _content(one: Route) -> Json:
    if one.media_type == "text/event-stream":
        return {"schema": "LiveEvent"}
    if one.answer is None:
        is_json = one.media_type == "application/json"
        return (
            {"schema": {"type": "object"}} if is_json else {"schema": {"type": "string"}, **_EXAMPLES[one.media_type]}
        )
    if not one.listed:
        return {"schema": one.answer, "example": example_of(one.answer)}
    items = {"type": "array", "items": one.answer}
    schema = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {"items": items, "next": {"type": ["string", "null"]}},
    }
    return {"schema": schema, "example": {"items": [example_of(one.answer)], "next": None}}


def _has_version(one: Route) -> bool:
    return one.answer is not None and not one.listed and "version" in one.answer.fields


def _references(names: list[str]) -> Json:
    headers = {
        "CorrelationId": "Frontdesk-Correlation-Id",
        "IdempotencyKey": "Idempotency-Key",
        "RetryAfter": "Retry-After",
        "WWWAuthenticate": "WWW-Authenticate",
    }
    return {headers.get(name, name): name for name in names}


def _problem_statuses(one: Route) -> dict[int, list[str]]:
    slugs = [*_ALWAYS, *one.problems]
    slugs += ["uri-too-long"] if one.query is not None else []
    slugs += ["unauthenticated"] if one.auth == "session" or one.name in ("sign_in", "renew_session") else []
    slugs += ["not-mapped"] if one.auth == "session" else []
    slugs += ["forbidden"] if one.scope else []
    slugs += ["not-found"] if one.objects or one.scope or one.reads in READ_BY_THE_ROUTE else []
    if one.method in WRITES:
        slugs += ["malformed-key", *_OF_A_BODY]
        slugs += ["refused", "idempotency-key-reused", "outcome-unknown"] if one.auth == "session" else []
    slugs += ["stale-version"] if one.versioned else []
    found: dict[int, list[str]] = {}
    for slug in dict.fromkeys(slugs):
        found.setdefault(TABLE[slug][0], []).append(slug)
    return found


def _in_ecma(value: Any) -> Any:
    """Patterns as JSON Schema reads them: Python's end of text is `$` there."""
    if isinstance(value, list):
        return [_in_ecma(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _in_ecma(each) for name, each in value.items()}
    if isinstance(pattern := found.get("pattern"), str):
        found["pattern"] = pattern.replace("\\Z", "$")
    return found
