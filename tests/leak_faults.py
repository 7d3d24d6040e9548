"""What breaks while patients' data is in hand: refusals of PostgreSQL, which quote values, exceptions, crashes.

Everything is broken twice where it can be: under a command (records, which then answers 5xx) and under a handler
(scheduling's copy of the patient, whose event is then parked and later retried).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2
import pytest
from fix_desk import Desk
from leak_run import Json, Run, person


class Refusal(NamedTuple):
    """Statements that have PostgreSQL refuse the patients of one family, and take that back."""

    begin: str
    end: str


# What it says then quotes the value, or the whole row.
REFUSALS = {
    "unique": Refusal("CREATE UNIQUE INDEX leaks ON patients (family) WHERE family = %(family)s", "DROP INDEX leaks"),
    "foreign key": Refusal(
        "CREATE TABLE leaks (family text PRIMARY KEY);"
        " ALTER TABLE patients ADD CONSTRAINT leaks_fkey FOREIGN KEY (family) REFERENCES leaks NOT VALID",
        "ALTER TABLE patients DROP CONSTRAINT leaks_fkey; DROP TABLE leaks",
    ),
    "foreign key at the commit": Refusal(
        "CREATE TABLE leaks (family text PRIMARY KEY); ALTER TABLE patients ADD CONSTRAINT leaks_fkey"
        " FOREIGN KEY (family) REFERENCES leaks DEFERRABLE INITIALLY DEFERRED NOT VALID",
        "ALTER TABLE patients DROP CONSTRAINT leaks_fkey; DROP TABLE leaks",
    ),
    "check": Refusal(
        "ALTER TABLE patients ADD CONSTRAINT leaks CHECK (family <> %(family)s) NOT VALID",
        "ALTER TABLE patients DROP CONSTRAINT leaks",
    ),
    "exclusion": Refusal(
        "ALTER TABLE patients ADD CONSTRAINT leaks EXCLUDE USING btree (family WITH =) WHERE (family = %(family)s)",
        "ALTER TABLE patients DROP CONSTRAINT leaks",
    ),
    "exception": Refusal(
        "CREATE FUNCTION leaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.family = %(family)s THEN"
        " RAISE EXCEPTION 'no %%', NEW.family; END IF; RETURN NEW; END $$;"
        " CREATE TRIGGER leaks BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION leaks()",
        "DROP TRIGGER leaks ON patients; DROP FUNCTION leaks()",
    ),
    "time-out": Refusal(
        "CREATE FUNCTION leaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.family = %(family)s THEN"
        " PERFORM pg_sleep(60); END IF; RETURN NEW; END $$;"
        " CREATE TRIGGER leaks BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION leaks()",
        "DROP TRIGGER leaks ON patients; DROP FUNCTION leaks()",
    ),
}
_SAYS = {
    "unique": "database-23505",
    "foreign key": "database-23503",
    "foreign key at the commit": "database-23503",
    "check": "database-23514",
    "exclusion": "database-23P01",
    "exception": "database-P0001",
    "time-out": "database-57014",
}
_TURNS = {"unique": 2, "exclusion": 2}  # these need another of the family before
_COMMAND_PLACES = ("before-key", "after-key", "before-commit")
_HANDLER_PLACES = ("after-deliver", "after-inbox", "before-commit", "after-commit", "after-park", "after-ack")
_RELAY_PLACES = ("after-select", "after-publish", "after-confirm", "after-stamp")
_FAULTS = 2  # so often the gateway asks a service that fails (shared/calls/client.py)


def break_everything(run: Run) -> None:
    """Each of the faults of this file; at the end everything runs as before and nothing is parked."""
    for what in REFUSALS:
        refused_commands(run, what)
        refused_events(run, what)
    _refused_texts(run)
    _failing_commands(run)
    _failing_handlers(run)
    _dying_handler(run)
    _failing_relay(run)
    _calm(run.desk)
    _statements_by_hand(run)


def refused_commands(run: Run, what: str) -> None:
    """The last one is refused."""
    family = run.canary(f"family, {what}")
    with _refusing(run.desk, "records", what, family):
        statuses = [_register(run, family, f", {what} {turn}") for turn in range(_TURNS.get(what, 1))]
    assert statuses[-1] >= 500, (what, statuses)


def refused_events(run: Run, what: str) -> None:
    """As above, in a handler."""
    family = run.canary(f"family parked, {what}")
    with _refusing(run.desk, "scheduling", what, family):
        for turn in range(_TURNS.get(what, 1)):
            assert _register(run, family, f", {what} parked {turn}") == 201
        run.desk.wait_until(lambda: _SAYS[what] in _reasons(run.desk))


def _refused_texts(run: Run) -> None:
    """The number of a text that is claimed is what the refused row holds."""
    desk, guest = run.desk, person(run, " texted")
    desk.rows(
        "notifications", "ALTER TABLE texts ADD CONSTRAINT leaks CHECK (number <> %(n)s) NOT VALID", n=guest["phone"]
    )
    troubled = desk.system.log("notifications-work").count("text-failed")
    try:
        run.do("POST", "/v1/appointments", desk.diary().body(0, new_patient=guest))
        desk.wait_until(lambda: desk.system.log("notifications-work").count("text-failed") > troubled)
    finally:
        desk.rows("notifications", "ALTER TABLE texts DROP CONSTRAINT leaks")


def _failing_commands(run: Run) -> None:
    """An exception at each place that a command passes: before, amid and after its work."""
    faults = [f"uow.{place}:{turn + 1}:raise" for place in _COMMAND_PLACES for turn in range(_FAULTS)]
    with _failing(run.desk, "records", [*faults, "uow.after-commit:1:raise"]):
        for place in _COMMAND_PLACES:
            assert _register(run, run.canary(f"family {place}"), f" {place}") >= 500, place
        assert _register(run, run.canary("family after-commit"), " after-commit") == 201  # asked again by the gateway


def _failing_handlers(run: Run) -> None:
    """The same at each place that an event passes; three events meet them all. The lane logs four, the rest park."""
    failed = run.desk.system.log("scheduling").count("intake-failed")
    with _failing(run.desk, "scheduling", [f"handler.{place}:1:raise" for place in _HANDLER_PLACES]):
        for turn in range(3):
            _register(run, run.canary(f"family of event {turn}"), f" of event {turn}")
            _calm(run.desk)
    assert run.desk.system.log("scheduling").count("intake-failed") == failed + 4


def _dying_handler(run: Run) -> None:
    """Its process ends with the event in hand, until the event is set aside for a process of its own."""
    with _failing(run.desk, "scheduling", ["handler.before-commit:1:kill"]):
        _register(run, run.canary("family that kills"), " that kills")
        run.desk.wait_until(lambda: "delivered-too-often" in _reasons(run.desk), 90)


def _failing_relay(run: Run) -> None:
    with _failing(run.desk, "relay", [f"relay.{place}:1:raise" for place in _RELAY_PLACES]):
        for turn in range(len(_RELAY_PLACES)):
            _register(run, run.canary(f"family published {turn}"), f" published {turn}")
            _calm(run.desk)


def _statements_by_hand(run: Run) -> None:
    for statement in (
        "SELECT %(w)s::date", "SELECT %(w)s::uuid", "SELECT %(w)s::json", "SELECT 1 / 0 AS \"%(w)s\"",
        "INSERT INTO patients SELECT * FROM patients WHERE family = %(w)s", "SELECT %(w)s::nothing",
    ):  # fmt: skip
        with pytest.raises(psycopg2.Error):
            run.desk.rows("records", statement, w=run.canaries["family"])


def _register(run: Run, family: str, which: str) -> int:
    """A patient whose every value is a canary; the status of the answer."""
    body = {"site_id": run.desk.elm.sites[0]["site_id"], **person(run, which), "family": family}
    return run.ask("POST", "/v1/patients", body)[0]


@contextmanager
def _refusing(desk: Desk, service: str, what: str, family: str) -> Iterator[None]:
    desk.rows(service, REFUSALS[what].begin, family=family)
    try:
        yield
    finally:
        desk.rows(service, REFUSALS[what].end)


@contextmanager
def _failing(desk: Desk, process: str, faults: list[str]) -> Iterator[None]:
    """A process with these failpoints meanwhile; nothing is on its way when it starts."""
    _calm(desk)
    desk.system.restart(process, FRONTDESK_FAILPOINTS="1", FAILPOINT=",".join(faults))
    try:
        yield
    finally:
        desk.system.restart(process, FRONTDESK_FAILPOINTS="", FAILPOINT="")


def _parked(desk: Desk) -> list[Json]:
    return [json.loads(line) for line in desk.command("parked", "list", "--json").stdout.splitlines()]


def _reasons(desk: Desk) -> set[str]:
    return {row["reason"] for row in _parked(desk) if row["consumer"] == "scheduling.on_patient"}


def _calm(desk: Desk) -> None:
    """Nothing is on its way any more; what is parked is retried, and retried again."""

    def is_calm() -> bool:
        if not desk.checker.waiting():
            return True
        for row in _parked(desk):
            desk.command("parked", "retry", row["name"])
        return False

    desk.wait_until(is_calm, 120)
