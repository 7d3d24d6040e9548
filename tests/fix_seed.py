"""A small seed in memory: the rows as they would go into the databases, by table."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from cli.seed.copying import NULL, Batch
from cli.seed.ids import Ids
from cli.seed.names import Names
from cli.seed.people import People
from cli.seed.places import Clinic, appointment_types, clinics, write_map
from cli.seed.site import SiteSeed
from cli.seed.size import Size
from cli.seed.tables import TABLES

AS_OF = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)  # a Wednesday morning in the United States
Rows = dict[str, list[dict[str, str | None]]]


def size_of(**changes: Any) -> Size:
    wish = {"sites": 2, "patients": 120, "years": 1, "visits_a_year": 8.0, "seed": 3, "as_of": AS_OF}
    return Size(name="Tiny", network_id=UUID(int=77), **{**wish, **changes})


def clinics_of(size: Size) -> list[Clinic]:
    return clinics(size, Ids(size.seed, size.network_id), Names(size.seed))


def rows_of(size: Size, *, backwards: bool = False) -> Rows:
    """Every row of the network, in the order of writing (the last site first, where `backwards`); NULL is None."""
    ids, names = Ids(size.seed, size.network_id), Names(size.seed)
    rows: Rows = {name: [] for name in TABLES}

    def keep(batch: Batch) -> int:
        for name, lines in batch.rows.items():
            rows[name] += [_row(name, line) for line in lines]
        batch.clear()
        return 0

    types, found = appointment_types(ids), clinics(size, ids, names)
    seed = SiteSeed(
        size=size,
        ids=ids,
        people=People(size, ids, names),
        types=types,
        sender="+12025550199",
        write=keep,
        report=lambda _: None,
    )
    the_map = Batch(size.network_id)
    write_map(the_map, found, types)
    keep(the_map)
    ordered = found[::-1] if backwards else found
    for clinic in ordered:
        seed.write_people(clinic)
    for clinic in ordered:
        seed.write_book(clinic)
    return rows


def _row(name: str, line: str) -> dict[str, str | None]:
    network, *texts = line.split("\t")
    assert network == str(UUID(int=77))
    return {column: None if text == NULL else text for column, text in zip(TABLES[name], texts, strict=True)}


@pytest.fixture(scope="session")
def tiny() -> Rows:
    """The rows of `size_of()`."""
    return rows_of(size_of())
