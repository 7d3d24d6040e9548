"""FHIR R4 in JSON: bundles, single resources, and bulk NDJSON (one resource a line)."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from cli.imports.synthea.sources.files import File
from cli.imports.synthea.sources.record import Found, Record, Unreadable


def read_json(file: File) -> Iterator[Found]:
    """A bundle's resources, or the one resource. A file of lines that only bears the wrong suffix is read by lines."""
    text = file.content.read()
    try:
        value = _parsed(text)
    except ValueError:
        yield from _lines(file.name, iter(text.splitlines()))
        return
    yield from _found_in(value, file.name)


def read_ndjson(file: File) -> Iterator[Found]:
    """Each line is a resource by itself: a broken one costs no other."""
    yield from _lines(file.name, file.lines())


def _lines(name: str, lines: Iterator[bytes]) -> Iterator[Found]:
    for number, line in enumerate(lines, start=1):
        if not (text := line.strip().removeprefix(b"\xef\xbb\xbf")):
            continue
        try:
            value = _parsed(text)
        except ValueError:
            yield Unreadable(place=f"{name}:{number}", reason="not JSON")
        else:
            yield from _found_in(value, f"{name}:{number}")


def _found_in(value: Any, place: str) -> Iterator[Found]:
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        yield Unreadable(place=place, reason="not a FHIR resource")
    elif value["resourceType"] != "Bundle":
        yield Record(value, place)
    elif not isinstance(entries := value.get("entry", []), list):
        yield Unreadable(place=place, reason="a bundle without entries")
    else:
        for number, entry in enumerate(entries, start=1):
            yield _entry(entry, f"{place}#{number}")


def _entry(entry: Any, place: str) -> Found:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return Unreadable(place=place, reason="an entry without a resource")
    return Record(resource, place, str(entry.get("fullUrl") or ""))


def _parsed(text: bytes) -> Any:
    """Raises ValueError, also for what is nested without end."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError from None


def _no_constant(_: str) -> NoReturn:
    raise ValueError
