"""docker-compose.yml as a list of local processes.

The subset that we read: services with our image (`FRONTDESK_IMAGE`); `command` as a list; `environment` as a map, with
`${NAME:-default}` and nothing else; `*_FILE` settings under /run/secrets. Health checks, volumes and order are
for containers: the launcher has the same of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cli.instance import ROOT

FILE = ROOT / "docker-compose.yml"
SECRETS = "/run/secrets/"
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+):-(?P<default>[^}]*)\}")


class NotInSubset(Exception):
    """docker-compose.yml says something that the launcher does not understand."""


@dataclass(frozen=True)
class Process:
    """One process of ours; values are still unsubstituted."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]

    def settings(self, variables: Mapping[str, str], secrets: Path) -> dict[str, str]:
        """The environment with variables filled in and secrets where this machine has them."""
        filled = {name: substitute(value, variables) for name, value in self.environment.items()}
        return {
            name: str(secrets / value.removeprefix(SECRETS)) if value.startswith(SECRETS) else value
            for name, value in filled.items()
        }


def read_processes(file: Path = FILE) -> dict[str, Process]:
    """Every service of our image, by name, in the file's order."""
    services: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["services"]
    return {name: _process(name, entry) for name, entry in services.items() if "FRONTDESK_IMAGE" in entry["image"]}


def substitute(value: str, variables: Mapping[str, str]) -> str:
    """The value with each `${NAME:-default}` filled in; NotInSubset for any other dollar."""
    filled = _VARIABLE.sub(lambda found: variables.get(found["name"]) or found["default"], value)
    if "$" in _VARIABLE.sub("", value):
        raise NotInSubset(f"only ${{NAME:-default}} is understood: {value}")
    return filled


def _process(name: str, entry: Mapping[str, Any]) -> Process:
    command, environment = entry["command"], entry["environment"]
    if not isinstance(command, list) or not isinstance(environment, dict):
        raise NotInSubset(f"{name}: command has to be a list, environment a map")
    return Process(name, tuple(map(str, command)), {key: str(value) for key, value in environment.items()})
