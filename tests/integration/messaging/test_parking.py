"""What cannot be handled is parked with its reason, and everything else goes on."""

import json
import signal
import subprocess
import sys

import psycopg2
import pytest
from fix_messaging import NETWORK, ROOT, Line, appointment, until

from shared.messaging.decisions import NotParked, ParkedDesk
from shared.messaging.topology import DEAD_LETTER


def run_retries(line: Line) -> None:
    """One run of `work`'s retries, with every wait over."""
    line.rows(line.heard, "UPDATE parked_events SET next_attempt_at = '-infinity' WHERE status = 'open'")
    process = line.start("retry")
    assert process.wait(60) == 0, line.log("retry")


def test_one_event_that_fails_is_parked_and_the_rest_of_its_batch_is_handled(line: Line) -> None:
    """Seen red by: parking the whole batch when its transaction fails."""
    line.relay()
    line.tell(*(appointment() for _ in range(20)), appointment(zone="poison"), *(appointment() for _ in range(20)))
    until(lambda: not line.unpublished())
    line.serve()
    until(lambda: len(line.effects()) == 40)
    parked = until(line.parked)
    assert [(row["reason"], row["type"], row["status"]) for row in parked] == [
        ("failed-value-error", "appointment-booked", "open")
    ]
    assert len(line.inbox()) == 40
    assert "Zephyrine" not in line.log("serve")


def test_a_parked_event_comes_in_by_the_same_door_and_only_once(line: Line) -> None:
    """Its effect and the end of its parking are one commit. Seen red by: settling the parked row in one of its own."""
    line.relay()
    line.serve()
    line.tell(appointment(zone="poison"))
    until(line.parked)
    run_retries(line)
    assert [(row["status"], row["attempts"]) for row in line.parked()] == [("open", 1)]
    line.rows(
        line.heard, "UPDATE parked_events SET body = replace(body, 'poison', 'UTC'), next_attempt_at = '-infinity'"
    )
    assert line.start("retry", failpoint="handler.before-commit:1:kill").wait(60) == -signal.SIGKILL
    assert [(row["status"], row["attempts"]) for row in line.parked()] == [("open", 2)]
    run_retries(line)
    run_retries(line)
    assert [row["status"] for row in line.parked()] == ["settled"]
    assert len(line.effects()) == len(line.inbox()) == 1


def test_a_worker_that_ends_in_a_retry_holds_up_that_event_alone_and_not_for_long(line: Line) -> None:
    """Seen red by: claiming twenty at once, for as long as all of them may take."""
    line.relay()
    line.serve()
    line.tell(appointment(zone="poison"), appointment(zone="poison"))
    until(lambda: len(line.parked()) == 2)
    line.rows(
        line.heard, "UPDATE parked_events SET body = replace(body, 'poison', 'UTC'), next_attempt_at = '-infinity'"
    )
    assert line.start("retry", failpoint="handler.before-commit:1:kill").wait(60) == -signal.SIGKILL
    waiting = "SELECT attempts, next_attempt_at < now() + interval '2 minutes' AS soon FROM parked_events ORDER BY 1"
    assert [(row["attempts"], row["soon"]) for row in line.rows(line.heard, waiting)] == [(0, True), (1, True)]


def test_after_five_tries_a_person_has_to_decide(line: Line) -> None:
    line.relay()
    line.serve()
    line.tell(appointment(zone="poison"))
    until(line.parked)
    for _ in range(6):
        run_retries(line)
    assert [(row["status"], row["attempts"]) for row in line.parked()] == [("dead", 5)]


def test_an_event_that_ends_the_process_is_parked_untried_at_its_third_sight(line: Line) -> None:
    """Seen red by: not looking at the delivery count (the service is killed for ever).

    Its own attempts then end child processes and not `work`: seen red by trying it in `work` itself.
    """
    line.relay()
    line.tell(appointment(zone="kill"), *(appointment() for _ in range(10)))
    until(lambda: not line.unpublished())
    for _ in range(2):
        assert line.serve().wait(30) == -signal.SIGKILL
    line.serve()
    until(lambda: any(row["reason"] == "delivered-too-often" for row in line.parked()))
    assert all(row["dangerous"] for row in line.parked())
    run_retries(line)
    assert {row["reason"] for row in line.parked() if row["status"] == "open"} == {"ends-the-process"}
    until(lambda: len(line.effects()) == 10)


def test_bytes_that_are_no_json_go_to_the_dead_letter_queue(line: Line, publish_raw, ready_in_queue) -> None:
    """Seen red by: acknowledging what cannot be read, as kombu's own decoding does."""
    line.serve()
    publish_raw(b"\x00\xff not json")
    publish_raw(b'{"n": NaN}')
    publish_raw(b'{"id": "no event"}')
    until(lambda: ready_in_queue(DEAD_LETTER) == 2)
    assert [row["reason"] for row in until(line.parked)] == ["bad-envelope"]


def test_while_its_database_is_away_a_service_holds_what_it_has_and_loses_nothing(line: Line) -> None:
    """Seen red by: acknowledging the batch when the database is away."""
    line.relay()
    line.serve()
    line.tell(appointment())
    until(lambda: len(line.effects()) == 1)
    name = line.heard.admin.rpartition("/")[2]
    line.rows(line.told, f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
    line.rows(line.told, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    line.tell(*(appointment() for _ in range(120)))
    until(lambda: "database-away" in line.log("serve"))
    with pytest.raises(psycopg2.OperationalError):
        line.effects()
    line.rows(line.told, f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    until(lambda: len(line.effects()) == 121)
    assert line.parked() == []


def test_a_discarded_event_is_not_brought_back_and_the_decision_is_audited(line: Line, monkeypatch) -> None:
    line.relay()
    line.serve()
    line.tell(appointment(zone="poison"))
    [row] = until(line.parked)
    for name, value in line.environment("serve").items():
        monkeypatch.setenv(name, value)
    desk = ParkedDesk("notifications", "operator-7")
    shown = desk.shown(row["parked_id"])
    assert shown["event"]["data"]["zone"] == "poison"
    assert "body" not in desk.listed()[0]
    desk.discard(row["parked_id"], "booked by mistake")
    with pytest.raises(NotParked):
        desk.discard(row["parked_id"], "again")
    assert [found["outcome"] for found in line.inbox()] == ["discarded"]
    audited = line.rows(line.heard, "SELECT action, actor_kind, actor_id, network_id FROM audit_entries ORDER BY at")
    assert [entry["action"] for entry in audited] == ["show-parked-event", "discard-parked-event"]
    assert {(e["actor_kind"], e["actor_id"], e["network_id"]) for e in audited} == {("operator", "operator-7", NETWORK)}


def test_the_command_lists_parked_events_without_their_content(line: Line) -> None:
    line.relay()
    line.serve()
    line.tell(appointment(zone="poison"))
    [row] = until(line.parked)
    command = [sys.executable, "-m", "cli", "parked", "list", "--service", "notifications", "--json"]
    told = subprocess.run(command, cwd=ROOT, env=line.environment("serve"), capture_output=True, check=True, timeout=60)
    listed = json.loads(told.stdout)
    assert listed["name"] == f"notifications/{row['parked_id']}"
    assert "body" not in listed
