"""How the command line is taken, and what it says where nobody answers."""

import subprocess
import sys

import psycopg2
import pytest

from cli.__main__ import instance_first
from cli.away import sentence_of
from cli.instance import ROOT, Instance
from shared.messaging.broker_api import BrokerRefused


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["run"], ["run"]),
        (["run", "--instance", "b"], ["--instance", "b", "run"]),
        (["user", "list", "--instance=b", "--network", "Elm"], ["--instance=b", "user", "list", "--network", "Elm"]),
        (["test", "--instance", "b"], ["test", "--instance", "b"]),
    ],
)
def test_an_instance_may_be_named_before_or_behind_the_command(given: list[str], taken: list[str]) -> None:
    assert instance_first(given) == taken


@pytest.mark.parametrize(
    "command",
    [("user", "list", "--network", "Elm"), ("parked", "list"), ("replay",), ("claim-feed", "--network", "Elm")],
)
def test_where_nothing_has_run_a_command_says_what_to_do(command: tuple[str, ...]) -> None:
    """Seen red by: leaving a command out of those that speak to a system."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *command, "--instance", "never-run"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "frontdesk: nothing has run in never-run yet; start it first: ./frontdesk run"


def test_a_server_that_is_away_is_a_sentence_and_no_traceback() -> None:
    nobody = {"FRONTDESK_RECORDS_WORKER_DATABASE_URL": "postgresql://w:p@127.0.0.1:9/records", "PATH": "/usr/bin:/bin"}
    nobody["FRONTDESK_EVENT_KEYS"] = f"k1:{'A' * 43}="
    command = [sys.executable, "-m", "cli", "parked", "list", "--service", "records"]
    done = subprocess.run(command, cwd=ROOT, env=nobody, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("frontdesk: PostgreSQL: connection to server")
    assert "./frontdesk run" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_way_to_be_away_has_its_words() -> None:
    assert "no answer" in sentence_of(BrokerRefused("no answer"))
    assert "PostgreSQL" in sentence_of(psycopg2.OperationalError())


def test_notes_of_an_instance_are_its_owners_alone(tmp_path: object) -> None:
    """Seen red by: the mode that the umask leaves (logins.json holds passwords)."""
    instance = Instance(ROOT.__class__(str(tmp_path)) / "one")
    instance.write("logins", {"a": "b"})
    assert (instance.directory / "logins.json").stat().st_mode & 0o777 == 0o600
