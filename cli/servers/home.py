"""Where servers keep their data: a folder that their users can enter, also when the checkout is root's alone."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.instance import Instance

OPEN_TO_PASS = 0o711
KEPT = Path("/var/lib")
THROWN_AWAY = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a name of its own in it


def kept_home(instance: Instance) -> Path:
    """The instance's folder for servers, the same at every start: in `.run` if their users can get there."""
    noted = instance.read("servers").get("home")
    if noted and Path(noted).is_dir():
        return Path(noted)
    home = _inside(instance.directory) if _can_pass(instance.directory) else _outside(KEPT)
    instance.write("servers", {"home": str(home)})
    return home


def remove_home(instance: Instance) -> None:
    """Removes the instance: servers' data, wherever it lies, and its folder."""
    if noted := instance.read("servers").get("home"):
        shutil.rmtree(noted, ignore_errors=True)
    shutil.rmtree(instance.directory, ignore_errors=True)


@contextmanager
def thrown_away_home() -> Iterator[Path]:
    """A folder that is removed at the end."""
    home = _outside(THROWN_AWAY)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _can_pass(directory: Path) -> bool:
    if os.geteuid() != 0:
        return True
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in directory.absolute().parents if folder.exists())


def _inside(directory: Path) -> Path:
    home = directory / "servers"
    home.mkdir(parents=True, exist_ok=True)
    for folder in (directory, home):
        folder.chmod(OPEN_TO_PASS)
    return home


def _outside(parent: Path) -> Path:
    home = Path(tempfile.mkdtemp(prefix="frontdesk-", dir=parent if os.access(parent, os.W_OK) else THROWN_AWAY))
    home.chmod(OPEN_TO_PASS)
    return home
