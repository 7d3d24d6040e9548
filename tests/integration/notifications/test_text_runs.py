"""Many texts for one cause: after every single text, followed as one, and stopped by a person."""

import json
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta
from uuid import UUID

import pytest
from fix_notifications import NOW, Desk, told

from services.notifications import queries
from services.notifications.domain.commands import StopTextRun
from services.notifications.domain.runs import TextRun
from services.notifications.operations import stop_text_run
from services.notifications.repository import NotificationsUnitOfWork
from shared.ids import new_id
from tests.integration.notifications.test_plans import nodes_of


def a_run(desk: Desk, texts: int) -> UUID:
    """So many visits with a text that is due, all of one run."""
    run = TextRun(run_id=new_id(), site_id=desk.site_id, kind="booked", begun_at=NOW)
    with desk.units.for_network(desk.network_id) as uow:
        uow.runs.begin([run])
        uow.runs.begin([run])
        uow.commit()
    for number in range(texts):
        desk.hear(desk.visit(desk.patient(f"+1202555{number:04}")))
    desk.rows("UPDATE texts SET run_id = %s WHERE run_id IS NULL AND status = 'due'", run.run_id)
    return run.run_id


def stop(desk: Desk, run_id: UUID) -> TextRun:
    return stop_text_run(StopTextRun(run_id=run_id), desk.units.for_network(desk.network_id), desk.clock)


def seen(desk: Desk, run_id: UUID) -> dict[str, object]:
    with desk.units.for_network(desk.network_id) as uow:
        told = queries.text_run({"run_id": run_id}, uow)
    return {name: told[name] for name in ("state", "total", "texts")}


def test_a_run_tells_how_far_it_is(notifications: Desk) -> None:
    run = a_run(notifications, 3)
    assert seen(notifications, run) == {"state": "running", "total": 3, "texts": {"due": 3}}
    notifications.send()
    assert seen(notifications, run) == {"state": "done", "total": 3, "texts": {"accepted": 3}}


def test_only_the_runs_of_a_page_are_counted(notifications: Desk) -> None:
    """Seen red by: all of a site's, and then a page of them."""
    ids = [a_run(notifications, 1) for _ in range(4)]
    names = dict.fromkeys(("after_at", "after_id"))
    about = {"network_id": notifications.network_id, "site_id": notifications.site_id, "limit": 2, "backwards": False}
    with notifications.units.for_network(notifications.network_id) as uow, uow.connection.cursor() as cursor:
        statement = NotificationsUnitOfWork.statements["runs-of-site"]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT json) {statement}", {**about, **names})
        [row] = cursor.fetchall()
        found = queries.text_runs({"site_id": notifications.site_id, "limit": 3}, uow)
    plan = row["QUERY PLAN"] if isinstance(row["QUERY PLAN"], list) else json.loads(row["QUERY PLAN"])
    counted = [node["Actual Loops"] for node in nodes_of(plan[0]["Plan"]) if node["Node Type"] == "Aggregate"]
    assert counted
    assert max(counted) == 2
    assert [it["run_id"] for it in found["items"]] == sorted(ids)[:3]


def test_nothing_of_a_stopped_run_goes_out_and_all_else_does(notifications: Desk) -> None:
    """Each of its texts has its reason. Seen red by: a claim that does not look at the run."""
    run = a_run(notifications, 3)
    notifications.hear(notifications.visit(notifications.patient("+12025559000")))
    first = stop(notifications, run)
    assert stop(notifications, run) == first
    assert notifications.send() == 1
    assert seen(notifications, run) == {"state": "stopped", "total": 3, "texts": {"skipped": 3}}
    assert {row["reason"] for row in notifications.rows("SELECT reason FROM texts WHERE status = 'skipped'")} == {
        "run-stopped"
    }


def test_a_stop_waits_for_what_is_being_claimed_so_that_nothing_is_claimed_after_it(notifications: Desk) -> None:
    """Seen red by: reading the run without a lock."""
    run = a_run(notifications, 1)
    with ThreadPoolExecutor(1) as person:
        with notifications.worker_units.for_network(notifications.network_id) as claiming:
            assert claiming.runs.stopped({run}) == set()
            stopped = person.submit(stop, notifications, run)
            with pytest.raises(NotYet):
                stopped.result(timeout=0.3)
            claiming.commit()
        assert stopped.result(timeout=20).stopped_at == NOW


def test_a_single_text_goes_before_a_run_that_was_due_long_before(notifications: Desk) -> None:
    """Seen red by: the longest due first, whatever it is."""
    run = a_run(notifications, 120)
    notifications.clock.instant += timedelta(minutes=5)
    alone = notifications.visit(notifications.patient("+12025559000"))
    notifications.hear(told(alone, notifications.network_id, notifications.clock.now()))
    notifications.send()
    sent = notifications.rows(
        "SELECT appointment_id FROM texts JOIN audit_entries a ON a.object_id = text_id::text"
        " WHERE a.action = 'send_text' ORDER BY a.entry_id"
    )
    place = [row["appointment_id"] for row in sent].index(alone.appointment_id)
    assert (place < 50, len(sent), seen(notifications, run)["state"]) == (True, 121, "done")
