"""What the document says once: problems, parameters, headers, ways to sign in; and how a schema is said."""

import itertools
from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from gateway.access import ALL_SCOPES
from gateway.openapi.examples import example_of
from gateway.schemas.base import Body, View

Json = dict[str, Any]

PARAMETERS: dict[str, Json] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "The same key and body give the same answer. Made up and returned where absent.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
        "example": "booking-4471",
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "description": "The ETag that was read, or * for any; 412 where it is not the present one.",
        "schema": {"type": "string", "pattern": '^(\\*|"[0-9]{1,18}")$'},
        "example": "*",
    },
    "Signature": {
        "in": "header",
        "name": "Frontdesk-Signature",
        "required": True,
        "description": "`sha256=` and the HMAC-SHA256 of the raw body in hex.",
        "schema": {"type": "string", "pattern": "^sha256=[0-9a-f]{64}$"},
        "example": "sha256=" + "0" * 64,
    },
    "CarrierSignature": {
        "in": "header",
        "name": "X-Twilio-Signature",
        "required": True,
        "description": "Base64 of the HMAC-SHA1 over the address and the form's names and values in their order.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{27}=$"},
        "example": "A" * 27 + "=",
    },
}

HEADERS: dict[str, Json] = {
    "CorrelationId": {
        "description": "The request's id in our logs and audit: the caller's own where that was a UUID.",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    },
    "IdempotencyKey": {
        "description": "The key that the request had or was given.",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "The version, for If-Match.", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}},
    "RetryAfter": {"description": "Seconds until asking again may help.", "schema": {"type": "integer", "minimum": 1}},
    "Allow": {"description": "What this address takes.", "required": True, "schema": {"type": "string"}},
    "WWWAuthenticate": {"description": "How to sign in.", "required": True, "schema": {"type": "string"}},
}

_FIELD_ERROR = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
}
PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "slug", "correlation_id"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:frontdesk:problem:[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "slug": {"type": "string", "pattern": "^[a-z-]+$"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string", "format": "uuid"},
        "details": {"type": "object"},
        "errors": {"type": "array", "items": _FIELD_ERROR},
    },
}

# A block of server-sent events as a client sees it; `data` is JSON by itself.
LIVE_EVENT: Json = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": ["day", "changes", "here", "trouble", "signed-out"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}

SECURITY: dict[str, Json] = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "People: POST /v1/sessions."},
    "outside": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "People of a network's own OpenID provider: its access token (RFC 9068). One whose claims give "
        "no role or no site here answers 403 `not-mapped`.",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "frontdesk_session", "description": "Our own pages."},
    "client": {
        "type": "oauth2",
        "description": "Programs: an id and a secret of `frontdesk user add --client`.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/oauth/token",
                "scopes": {scope: scope.replace(":", ": ") for scope in sorted(ALL_SCOPES)},
            }
        },
    },
}


class _Converter(OpenAPIConverter):  # type: ignore[misc]  # apispec is untyped to us
    """Says the rules across fields, and examples of answers."""

    def schema2jsonschema(self, schema: Any) -> Json:
        found: Json = super().schema2jsonschema(schema)
        one = schema() if isinstance(schema, type) else schema
        if isinstance(one, Body):
            found |= _rules_of(one)
        if isinstance(one, View):
            found["example"] = example_of(one)
        return found


class Plugin(MarshmallowPlugin):  # type: ignore[misc]
    """marshmallow schemas as components, named after their classes."""

    Converter = _Converter

    def __init__(self) -> None:
        super().__init__(schema_name_resolver=_name_of)


def _rules_of(body: Body) -> Json:
    if body.exactly_one_of:
        return {"oneOf": [{"required": [name]} for name in body.exactly_one_of]}
    least, names = body.at_least
    if least:
        return {"anyOf": [{"required": list(some)} for some in itertools.combinations(names, least)]}
    return {}


def _name_of(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    if not issubclass(cls, ma.Schema):
        raise TypeError("components are named after marshmallow schemas")
    return cls.__name__
