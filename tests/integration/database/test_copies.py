"""What `frontdesk replay --rebuild` knows of read copies, against the databases and the registry."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from cli.rebuilding.copies import COPIES, Copies
from shared.events.registry import CONSUMERS

# These keep nothing of what they are told.
KEEP_NO_COPY = {"scheduling.on_encounter", "scheduling.on_reply", "billing.on_claim"}
_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"


@pytest.mark.parametrize("copies", COPIES, ids=lambda one: one.consumer)
def test_every_column_of_a_copy_is_told_by_facts_or_the_services_own(
    copies: Copies, database: Callable[[str], Any]
) -> None:
    """A column that a migration adds has to be compared, or said to be the service's own."""
    with closing(psycopg2.connect(database(copies.service).admin)) as connection, connection.cursor() as cursor:
        for table in copies.tables:
            cursor.execute(_COLUMNS, (table.name,))
            known = {"network_id", *table.key, *table.told, *table.own}
            assert {column for (column,) in cursor.fetchall()} == known


def test_every_handler_keeps_copies_that_can_be_rebuilt_or_none() -> None:
    assert {one.consumer for one in COPIES} == {one.name for one in CONSUMERS} - KEEP_NO_COPY
