"""Synthea's CSV export: one file a kind, rows in the shape of FHIR resources (csv_rows.py says how)."""

import csv
import sys
from collections.abc import Iterator

from cli.imports.synthea.sources.csv_rows import KINDS
from cli.imports.synthea.sources.files import File
from cli.imports.synthea.sources.record import Found, Record, Unreadable

_LONGEST_FIELD = min(sys.maxsize, 2**31 - 1)


def read_csv(file: File) -> Iterator[Found]:
    """Each row is a record by itself. A file of a kind that nobody knows is counted row by row under its own name."""
    csv.field_size_limit(_LONGEST_FIELD)
    rows = _rows(file)
    header: list[str] = []
    for place, row in rows:
        if isinstance(row, str):
            yield Unreadable(place=place, reason=row)
        elif not header:
            header = [name.strip().upper() for name in row]
        elif len(row) != len(header):
            yield Unreadable(place=place, reason=f"{len(row)} fields, and the header names {len(header)}")
        else:
            yield _record(file.stem.lower(), {n: text.strip() for n, text in zip(header, row, strict=True)}, place)


def _rows(file: File) -> Iterator[tuple[str, list[str] | str]]:
    """Place and fields of each row, or why it has none."""
    reader = csv.reader(file.text())
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield f"{file.name}:{reader.line_num}", "not a row of CSV"
        else:
            if row:
                yield f"{file.name}:{reader.line_num}", row


def _record(stem: str, row: dict[str, str], place: str) -> Record:
    kind = KINDS.get(stem)
    if kind is None:
        return Record({"resourceType": stem, "id": place}, place)
    return Record({"resourceType": kind.resource, **kind.fields({n: t for n, t in row.items() if t}, place)}, place)
