"""Where the source's records come from: a folder, a tar archive or a single FHIR R4 bundle."""

import json
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

Resource = dict[str, Any]


class SourceUnreadable(Exception):
    """The source, or a file in it, is not what the importer reads. The text names the file and says what is wrong."""


def read_resources(source: Path) -> Iterator[Resource]:
    """Every resource of every bundle, in the order of the file names. Amounts are Decimal. Raises SourceUnreadable."""
    found = False
    for name, text in _files(source):
        found = True
        yield from _resources_of(name, text)
    if not found:
        raise SourceUnreadable(f"{source.name}: no .json file in it")


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        yield from ((file.name, file.read_bytes()) for file in sorted(source.rglob("*.json")))
    elif not source.is_file():
        raise SourceUnreadable(f"{source.name}: no such file or folder")
    elif tarfile.is_tarfile(source):
        yield from _members(source)
    else:
        yield source.name, source.read_bytes()


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        names = sorted(member.name for member in tar.getmembers() if member.isfile() and member.name.endswith(".json"))
    with tarfile.open(archive) as tar:
        for name in names:
            content = tar.extractfile(name)
            if content is not None:
                yield name, content.read()


def _resources_of(name: str, text: bytes) -> Iterator[Resource]:
    try:
        bundle = json.loads(text, parse_float=Decimal)
    except ValueError as wrong:
        raise SourceUnreadable(f"{name}: not JSON ({wrong})") from wrong
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise SourceUnreadable(f"{name}: not a FHIR bundle")
    for entry in bundle.get("entry", []):
        if isinstance(resource := entry.get("resource"), dict):
            yield resource
