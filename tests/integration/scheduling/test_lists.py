"""The list of appointments goes through an index, in both orders, as the application's role."""

from datetime import timedelta
from typing import Any

import pytest
from fix_scheduling import Clinic

from services.scheduling.queries import coming_appointments
from shared.ids import new_id

OPEN = {"patient_id": None, "practitioner_id": None, "status": None, "from_at": None, "to_at": None, "site_id": None}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("asked", "index"), [("site_id", "appointments_site_start_idx"), ("patient_id", "appointments_patient_idx")]
)
def test_a_page_of_appointments_is_read_from_an_index_in_its_order(
    clinic: Clinic, asked: str, index: str, backwards: bool
) -> None:
    """Under row-level security only leakproof operators reach one. Seen red by: ids compared as text."""
    after = {"after_at": "2026-11-23T15:00:00Z", "after_id": str(new_id())}
    site_id = clinic.site.site_id
    params: dict[str, Any] = {**OPEN, **after, "backwards": backwards, "limit": 51, "site_ids": [site_id]}
    shown = plan(clinic, {**params, asked: site_id if asked == "site_id" else new_id(), "from_at": "2026-11-01"})
    assert f"{'Backward ' if backwards else ''}using {index}" in shown, shown
    assert "Seq Scan" not in shown


def plan(clinic: Clinic, params: dict[str, Any]) -> str:
    with clinic.uow() as uow, uow.connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + uow.statements["appointment-page"], {"network_id": uow.network_id, **params})
        return "\n".join(row["QUERY PLAN"] for row in cursor.fetchall())


def test_of_coming_appointments_it_is_told_that_there_are_more(clinic: Clinic) -> None:
    """Seen red by: as many read as asked for, which cut the rest without a word."""
    patient, now = new_id(), clinic.clock.now()
    first, second = (clinic.book(now + timedelta(hours=hours), patient) for hours in (1, 2))
    for limit, expected in ((1, [first]), (2, [first, second])):
        with clinic.uow() as uow:
            told = coming_appointments([patient], limit, now, uow)
        assert [one["appointment_id"] for one in told["items"]] == [one.appointment_id for one in expected]
        assert bool(told["next"]) == (limit == 1)
