"""The environment of each process of an instance, and of the commands that speak to it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.compose import Process
from cli.instance import Instance
from cli.places import API, OF_SERVERS

_OF_ONE_PROCESS = frozenset({"FRONTDESK_ADDRESS", "FRONTDESK_AMQP_URL_FILE", "FRONTDESK_AMQP_URL"})


@dataclass(frozen=True)
class Settings:
    """What docker-compose.yml says, with this machine's ports and secrets; `chosen` settings take its place."""

    instance: Instance
    processes: Mapping[str, Process]
    ports: Mapping[str, int]
    rabbitmq_api: str
    chosen: Mapping[str, str]

    def of(self, name: str, *, address: str | None = None) -> dict[str, str]:
        """The environment of one process; another `address` (host:port) makes a second one of its kind."""
        settings = self.processes[name].settings(self._variables(), self.instance.secrets)
        for key, value in self.chosen.items():
            settings.pop(f"{key}_FILE", None)
            settings[key] = value
        settings = {key: value for key, value in settings.items() if not _is_missing(key, value)}
        return {**settings, "FRONTDESK_ADDRESS": address or settings["FRONTDESK_ADDRESS"]}

    def of_commands(self) -> dict[str, str]:
        """What other commands of this instance need: everything but what belongs to one process."""
        union: dict[str, str] = {}
        for name in self.processes:
            union |= self.of(name)
        union = {key: value for key, value in union.items() if key not in _OF_ONE_PROCESS}
        union["FRONTDESK_GATEWAY_URL"] = self._variables()["GATEWAY_URL"]
        administrators = f"{API}_FILE", str(self.instance.secrets / "rabbitmq_api_url")
        if not _is_missing(*administrators):
            union.pop(API, None)
            union |= [administrators]
        return union

    def _variables(self) -> dict[str, str]:
        addresses = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        variables = {f"{_upper(name)}_ADDRESS": address for name, address in addresses.items()}
        variables |= {f"{_upper(name)}_URL": f"http://{address}" for name, address in addresses.items()}
        variables["RABBITMQ_API_ADDRESS"] = self.rabbitmq_api
        variables["FRONTDESK_CLOCK_FILE"] = str(self.instance.directory / "clock.json")
        return {"FRONTDESK_SIMULATED": "1", "FRONTDESK_SECURE_COOKIES": "0", **variables}


def own_settings() -> dict[str, str]:
    """FRONTDESK_ settings of our caller, for log levels and the like; those of servers go another way (cli/places)."""
    elsewhere = OF_SERVERS | {f"{name}_FILE" for name in OF_SERVERS} | {"FRONTDESK_ADDRESS", "FRONTDESK_CLOCK_FILE"}
    names = (name for name in os.environ if name.startswith("FRONTDESK_") and not name.startswith("FRONTDESK_TEST_"))
    return {name: os.environ[name] for name in names if name not in elsewhere}


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def _is_missing(name: str, value: str) -> bool:
    """Whether a setting names a secret that there is not: an administrator's URL that nobody gave."""
    return name.endswith("_FILE") and name.removesuffix("_FILE") in OF_SERVERS and not Path(value).exists()
