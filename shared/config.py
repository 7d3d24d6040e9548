"""Settings come from the environment, or from the file that NAME_FILE names (container secrets)."""

import os
import re
import sys
from pathlib import Path


class MissingSetting(SystemExit):
    """Ends the process with status 2 and one sentence that says what to set."""

    def __init__(self, name: str) -> None:
        print(f"frontdesk: the setting {name} is missing: set {name} or {name}_FILE", file=sys.stderr)
        super().__init__(2)


def optional(name: str, default: str = "") -> str:
    """The setting's text, or `default`. A file's trailing line break is not part of it."""
    if os.environ.get(name):
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default


def setting(name: str) -> str:
    """The setting's text; the process ends where it is missing."""
    value = optional(name)
    if not value:
        raise MissingSetting(name)
    return value


def database_url(service: str, role: str = "app") -> str:
    """The libpq URL of a service's database for `role`: app, worker or relay."""
    middle = "" if role == "app" else f"_{role.upper()}"
    return setting(f"FRONTDESK_{service.upper()}{middle}_DATABASE_URL")


def service_url(service: str) -> str:
    """Where a service answers commands and queries; of several replicas each, with spaces between them."""
    return setting(f"FRONTDESK_{service.upper()}_URL")


def addresses_in(setting_text: str) -> list[str]:
    """The URLs of a setting that may hold several (the nodes of a cluster), with spaces or semicolons between them."""
    return [url for url in re.split(r"[\s;]+", setting_text) if url]


def is_simulated() -> bool:
    """Whether this installation may move its clock and shows a sandbox's texts."""
    return optional("FRONTDESK_SIMULATED") == "1"
