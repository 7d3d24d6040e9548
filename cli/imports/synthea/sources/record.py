"""What a source yields: records in the shape of FHIR R4 resources, and what could not be read as one."""

from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]


class SourceUnreadable(Exception):
    """The source is not what the importer reads. The text names it and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `url` is the bundle entry's fullUrl, `place` its file and line (or row, or entry)."""

    resource: Resource
    place: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line, row or file that is no record, and why. Nothing of its content is repeated."""

    place: str
    reason: str


Found = Record | Unreadable
