"""Many rows in one prepared statement: a list for each column, which SQL reads with `unnest`."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any


def columns(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """The fields of dataclass instances of one kind; there has to be one at least."""
    return {field.name: [getattr(row, field.name) for row in rows] for field in fields(rows[0])}
