"""Strings that break software, and the fields of a request that they are put into: walked from the routes' schemas."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from cli.instance import ROOT

Json = dict[str, Any]
Place = tuple[Any, ...]

BIG_LIST = ROOT.parent / "shared" / "data" / "vectors" / "blns" / "blns.json"

# Always there, with the Big List of Naughty Strings or without it.
BUILT_IN: tuple[str, ...] = (
    "",
    " ",
    "\u3000",
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\x7f",
    "\x85",
    "line\r\nSet-Cookie: a=b",
    "\u202egnirts\u202c",
    "مرحبا بالعالم",
    "Zo\u0308e",
    "Zoë",
    "\u200b",
    "\ufeffBOM",
    "Z\u0351\u036b\u0343a\u0310l\u0312g\u0320o\u0317",
    "ﷺ" * 30,
    "明子",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0010ffff",
    "'; DROP TABLE patients; --",
    "' OR pg_sleep(9) --",
    "%s%n%(x)s{0}{{7*7}}${7*7}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "\\x00\\u0000\\ud800",
    "null",
    "NaN",
    "1e400",
    "9" * 400,
    "0193a1f0-0000-7000-8000-000000000001",
    "9999-12-31T23:59:59Z",
    "x" * 4000,
)
# What everybody's name may hold: a field of free text that refuses these is no field for people.
MUST_BE_KEPT = ("Zo\u0308e", "明子", "\u202egnirts\u202c", "'; DROP TABLE patients; --")

# As JSON writes them: no text of Python's holds these.
RAW_VALUES: tuple[str, ...] = (
    '"\\ud800"',
    '"a\\udfffb"',
    '"\\u0000"',
    "NaN",
    "-Infinity",
    "1e400",
    "-1e400",
    "1" + "0" * 400,
    "9" * 5000,
    "-0",
    "0.1",
    "true",
    "null",
    "[]",
    "{}",
    '{"$ne": null}',
    '{"a": 1, "a": 2}',
    "[" * 10_000 + "]" * 10_000,
    '{"a":' * 10_000 + "1" + "}" * 10_000,
)


def big_list() -> list[str]:
    """The Big List of Naughty Strings, or nothing where the shared data is not."""
    return list(json.loads(BIG_LIST.read_text("utf-8"))) if BIG_LIST.exists() else []


@dataclass(frozen=True)
class Slot:
    """One field that takes a string: its place in a body or query, and the longest text that it takes."""

    place: Place
    longest: int
    is_free: bool

    @property
    def name(self) -> str:
        """As problems name it."""
        return ".".join(map(str, self.place))


def slots_of(schema: Schema, body: Mapping[str, Any]) -> list[Slot]:
    """Every string field of the schema; one that stands in no list or object of `body` is left to its own route."""
    return list(_slots(schema, body, ()))


def _slots(schema: Schema, body: Any, at: Place) -> Iterator[Slot]:
    for name, field in schema.fields.items():
        yield from _slots_of_field(field, body.get(name) if isinstance(body, Mapping) else None, (*at, name))


def _slots_of_field(field: fields.Field[Any], value: Any, at: Place) -> Iterator[Slot]:
    if isinstance(field, fields.Nested):
        if value is not None:
            yield from _slots(field.schema, value, at)
    elif isinstance(field, fields.List):
        if value:
            yield from _slots_of_field(field.inner, value[0], (*at, 0))
    elif isinstance(field, fields.String | fields.UUID | fields.Date | fields.AwareDateTime):
        yield Slot(at, _longest(field), _is_free(field))


def _is_free(field: fields.Field[Any]) -> bool:
    """Whether the field holds whatever people write, to be given back exactly."""
    closed = any(isinstance(each, validate.OneOf | validate.Regexp | validate.Equal) for each in field.validators)
    return type(field).__name__ in ("Text", "Words") and not closed and "format" not in field.metadata


def _longest(field: fields.Field[Any]) -> int:
    bounds = [each.max for each in field.validators if isinstance(each, validate.Length) and each.max]
    return min(bounds, default=10**9)


def with_value(body: Json, place: Place, value: Any) -> Json:
    """A copy with that value at that place."""
    made = deepcopy(body)
    at: Any = made
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return made


def value_at(body: Any, place: Place) -> Any:
    """What an answer has there; a route's answer may lack what only its request has."""
    for step in place:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return None
    return body


MARK = "@@raw@@"


def raw_body(body: Json, place: Place, raw: str) -> bytes:
    """The body as JSON with `raw` in that place, byte for byte."""
    return json.dumps(with_value(body, place, MARK)).replace(f'"{MARK}"', raw).encode()


def _has_free(field: fields.Field[Any]) -> bool:
    return isinstance(field, fields.Nested) and any(map(_is_free, field.schema.fields.values()))


def lists_of(schema: Schema) -> dict[str, int]:
    """The lists in a body whose entries hold free text, with the most entries that each takes (500 at most)."""
    return {
        name: min(_longest(field), 500)
        for name, field in schema.fields.items()
        if isinstance(field, fields.List) and _has_free(field.inner)
    }
