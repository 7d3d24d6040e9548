"""One running system: its folder, what it has written down about itself, and its settings."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parents[1]
RESERVED = frozenset({"secrets", "logs", "servers"})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True)
class Instance:
    """A system under `directory`. Nothing is made on disk before something is written."""

    directory: Path

    @classmethod
    def named(cls, name: str = "") -> "Instance":
        """`.run` of the checkout, or `.run/NAME`."""
        run = ROOT / ".run"
        if not name:
            return cls(run)
        if not _NAME.fullmatch(name) or name in RESERVED:
            raise typer.BadParameter(f"an instance is named by small letters, digits and dashes, unlike {name!r}")
        return cls(run / name)

    @property
    def secrets(self) -> Path:
        """Passwords and keys, one file each, readable by their owner alone."""
        return self.directory / "secrets"

    @property
    def logs(self) -> Path:
        """The output of each process, as `<process>.log`."""
        return self.directory / "logs"

    def read(self, name: str) -> dict[str, Any]:
        """A JSON note of this instance; empty where there is none."""
        try:
            note: dict[str, Any] = json.loads((self.directory / f"{name}.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return note

    def write(self, name: str, note: dict[str, Any]) -> None:
        """Moves a note into place whole, so that a reader never sees half of it; only its owner reads it."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.directory / f".{name}.draft"
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text(json.dumps(note, indent=1, sort_keys=True), "utf-8")
        draft.replace(self.directory / f"{name}.json")

    def put_settings_into_environment(self, *, instead: bool = False) -> None:
        """Makes commands speak to this instance; what the caller has set himself stays, or goes (`instead`)."""
        for name, value in self.read("environment").items():
            plain = name.removesuffix("_FILE")
            if instead:
                os.environ.pop(plain, None)
                os.environ.pop(f"{plain}_FILE", None)
            if plain not in os.environ and f"{plain}_FILE" not in os.environ:
                os.environ[name] = value
