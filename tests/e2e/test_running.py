"""The system as `frontdesk run` starts it."""

import json
import subprocess
import sys

import pytest

from cli.compose import read_processes
from cli.instance import ROOT
from cli.probe import is_ready


def test_every_process_of_the_compose_file_turns_ready(system):
    for name in read_processes().keys() - {"migrate"}:
        assert is_ready(system.address(name)), name


def test_migrate_changes_nothing_twice(system):
    command = [sys.executable, "-m", "cli", "migrate"]
    done = subprocess.run(command, cwd=ROOT, env=system.environment, capture_output=True, text=True, check=True)
    assert done.stdout.count("up to date") == 5


@pytest.mark.parametrize("name", ["scheduling", "records-work", "relay", "gateway"])
def test_a_process_that_is_killed_comes_back(system, name):
    before = system.pid(name)
    subprocess.run(["kill", "-KILL", str(before)], check=True)
    system.wait_until(lambda: system.pid(name) not in (None, before) and is_ready(system.address(name)))


def test_the_notes_of_the_instance_hold_no_secret(system):
    for name in ("environment", "processes", "ports", "servers"):
        text = json.dumps(system.instance.read(name))
        for secret in system.instance.secrets.iterdir():
            kept = secret.read_text().strip()
            assert not kept or kept not in text  # the carriers' accounts are empty until somebody writes them
