"""`leaks`: the main job and the ways it fails, played with values that nobody else has, while the broker traces."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from fix_desk import Desk
from leak_channels import Channel, channels, firehose
from leak_faults import break_everything
from leak_job import do_the_main_job
from leak_nonsense import talk_nonsense
from leak_run import Run
from leak_scanner import Scanner


@dataclass
class Leaks:
    """What was let in, and where it must not come out."""

    canaries: Mapping[str, str]
    channels: Mapping[str, Channel]

    def hits(self, channel: str) -> set[str]:
        return Scanner(self.canaries).hits(self.channels[channel].read())


def play(run: Run) -> None:
    """The main job, then everything that can go wrong on the way."""
    do_the_main_job(run)
    talk_nonsense(run)
    break_everything(run)
    run.desk.settle()


def _secrets(desk: Desk) -> dict[str, str]:
    """Every password and key of the installation."""
    found = {}
    for file in desk.system.instance.secrets.iterdir():
        text = file.read_text("utf-8").strip()
        if text.startswith("{"):
            found |= {f"{file.name} {part}": value for part, value in json.loads(text).items() if part in ("d", "k")}
        elif file.name.endswith(("_password", "_secret", "_keys")):
            found[file.name] = text.rpartition(":")[2]
    return found


@pytest.fixture(scope="session")
def leaks(desk: Desk) -> Iterator[Leaks]:
    """The run, once a session; the channels are read when they are asked for."""
    run = Run(desk)
    with firehose(desk) as hose:
        play(run)
        hose.read()
        yield Leaks({**run.canaries, **_secrets(desk)}, channels(run, hose))
