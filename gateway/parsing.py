"""Reading requests: webargs with a bounded, strict JSON body, so that nothing ambiguous goes on to a service."""

import json
from typing import Any, NoReturn

import falcon
import marshmallow as ma
from webargs import core
from webargs.falconparser import FalconParser
from webargs.multidictproxy import MultiDictProxy

from gateway.errors import Problem

MAX_BODY = 64 * 1024
_BODY_FIELD = "body"
_MOST_DIGITS = 400
_UNPAIRED = "Half of a surrogate pair is no text."


class StrictParser(FalconParser):  # type: ignore[misc]  # falcon is untyped to us
    """JSON and query strings into schemas; problems instead of webargs' own errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FalconParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE, "form": ma.RAISE}

    def load_json(self, req: falcon.Request, schema: ma.Schema) -> Any:
        content_type = req.content_type or ""
        raw = read_body(req, req.context.max_body)
        if not raw:
            if schema.fields:
                raise Problem("malformed-body")
            return core.missing
        if not core.is_json(content_type):
            raise Problem("unsupported-media-type")
        return strict_json(raw)

    def load_form(self, req: falcon.Request, schema: ma.Schema) -> Any:
        raw = read_body(req, req.context.max_body)
        if "application/x-www-form-urlencoded" not in (req.content_type or ""):
            raise Problem("unsupported-media-type")
        try:
            return MultiDictProxy(falcon.uri.parse_query_string(raw.decode("ascii"), keep_blank=True), schema)
        except UnicodeDecodeError:
            raise Problem("malformed-body") from None

    def handle_error(self, error: ma.ValidationError, *_: Any, **__: Any) -> NoReturn:
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        raise Problem("invalid", errors=[e for found in messages.values() for e in flattened(found)])


parser = StrictParser()


def read_body(req: falcon.Request, limit: int) -> bytes:
    """The raw body. Raises too-large before reading what is announced larger, or after `limit` bytes."""
    if (req.content_length or 0) > limit:
        raise _too_large(limit)
    try:
        raw: bytes = req.bounded_stream.read(limit + 1) if req.content_length is not None else b""
    except OSError:  # the body never came, or its sender left
        raise Problem("malformed-body") from None
    if len(raw) > limit:
        raise _too_large(limit)
    return raw


def strict_json(raw: bytes) -> Any:
    """JSON without doubled names, NaN or bottomless nesting; lone surrogates, which UTF-8 has not, name their field.

    Raises malformed-body or invalid.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_no_doubles, parse_constant=_no_constant, parse_int=_whole_number
        )
        broken = _unpaired(value, "") if b"\\u" in raw else []
    except (ValueError, RecursionError):
        raise Problem("malformed-body") from None
    if broken:
        raise Problem("invalid", errors=[{"field": at or _BODY_FIELD, "message": _UNPAIRED} for at in broken])
    return value


def flattened(messages: Any, path: str = "") -> list[dict[str, str]]:
    """marshmallow's nested messages as a list of {field, message}."""
    if isinstance(messages, dict):
        pairs = ((f"{path}.{name}" if path else str(name), found) for name, found in messages.items())
        return [entry for name, found in pairs for entry in flattened(found, name.removesuffix("._schema"))]
    listed = messages if isinstance(messages, list) else [messages]
    return [{"field": path if path != "_schema" else _BODY_FIELD, "message": str(message)} for message in listed]


def _too_large(limit: int) -> Problem:
    told = {"field": _BODY_FIELD, "message": f"At most {limit} bytes."}
    return Problem("too-large", {"limit_bytes": limit}, errors=[told])


def _unpaired(value: Any, at: str) -> list[str]:
    """The fields that hold half of a surrogate pair. A field's own name may hold it too: then the object is named."""
    if isinstance(value, str):
        return [] if _is_utf8(value) else [at]
    if isinstance(value, dict):
        named = [at for name in value if not _is_utf8(name)]
        return named or [found for name, each in value.items() for found in _unpaired(each, _under(at, name))]
    if isinstance(value, list):
        return [found for place, each in enumerate(value) for found in _unpaired(each, _under(at, str(place)))]
    return []


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _under(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _whole_number(digits: str) -> int | float:
    """Python reads no integer of 5,000 digits; as a float it is infinite, which no field takes."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(_: str) -> NoReturn:
    raise ValueError("not a number of JSON")
