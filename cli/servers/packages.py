"""Missing server packages: installed by apt on Debian as root, without starting or touching any system service."""

import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cli.servers import postgres, rabbitmq
from cli.servers.process import ServerFailed

POLICY = Path("/usr/sbin/policy-rc.d")
DENY = "#!/bin/sh\nexit 101\n"
CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")
NO_CLUSTER = "create_main_cluster = false\n"
POSTGRESQL, RABBITMQ = "postgresql", "rabbitmq-server"
SERVERS: dict[str, Callable[[], object]] = {POSTGRESQL: postgres.binaries, RABBITMQ: rabbitmq.binary}


def ensure_servers(*more: str, but: Collection[str] = ()) -> None:
    """Installs what is missing of PostgreSQL, RabbitMQ and `more` packages, `but` for what others run.

    ServerFailed says what to install where we cannot.
    """
    names = [name for name in missing_servers() if name not in but]
    wanted = [*names, *(name for name in more if shutil.which(name) is None)]
    if wanted:
        _install(wanted)


def missing_servers() -> list[str]:
    """Debian packages of the servers that are not installed."""
    return [name for name, find in SERVERS.items() if not _is_found(find)]


def _is_found(find: Callable[[], object]) -> bool:
    with suppress(ServerFailed):
        find()
        return True
    return False


def _install(packages: list[str]) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ServerFailed(f"please install {' and '.join(packages)} (names of Debian), then start again")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "UCF_FORCE_CONFFOLD": "1"}
    keep_ours = ["-o", "Dpkg::Options::=--force-confold"]
    with _no_service_starts(), _no_cluster():
        for arguments in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", *keep_ours, *packages],
        ):
            done = subprocess.run(
                ["apt-get", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            if done.returncode and arguments[0] == "install":
                words = done.stderr.decode("utf-8", "replace").strip()[-400:]
                raise ServerFailed(f"apt could not install {' and '.join(packages)}: {words}")


@contextmanager
def _no_service_starts() -> Iterator[None]:
    if POLICY.exists():
        yield  # somebody's own policy: it is his
        return
    POLICY.write_text(DENY, "utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


@contextmanager
def _no_cluster() -> Iterator[None]:
    """PostgreSQL's package makes no cluster for the system; its settings file is afterwards what it would be anyway."""
    before = CLUSTERS.read_text("utf-8") if CLUSTERS.exists() else None
    CLUSTERS.parent.mkdir(parents=True, exist_ok=True)
    CLUSTERS.write_text((before or "") + NO_CLUSTER, "utf-8")
    try:
        yield
    finally:
        _restore(before)


def _restore(before: str | None) -> None:
    packaged = next((file for file in CLUSTERS.parent.glob(f"{CLUSTERS.name}.*-dist")), None)
    if before is not None:
        CLUSTERS.write_text(before, "utf-8")
    elif packaged is not None:
        packaged.replace(CLUSTERS)
    else:
        CLUSTERS.unlink()
