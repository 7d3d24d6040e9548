"""A PostgreSQL of our own: TCP on 127.0.0.1 only, passwords by SCRAM, data checksums, no patient data in its log."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg2

from cli.servers.process import ServerFailed, give_to, run_as, server_user, start_child, stop_child, wait_until

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "300",
    # psycopg2 sends literals inside statements: neither they nor DETAIL lines may reach the log. An error's first line
    # may quote a value too ("invalid input syntax for type date: ..."): our processes log the code of every error.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
THROW_AWAY: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server under `directory`; `throw_away` ones trade durability for speed."""

    def __init__(self, directory: Path, port: int, password: str, *, throw_away: bool = False) -> None:
        self.port = port
        self.log = directory / "postgres.log"
        self._directory = directory
        self._data = directory / "postgres"
        self._password = password
        self._throw_away = throw_away
        self._user = server_user("postgres")
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """The superuser's libpq URL."""
        return f"postgresql://postgres:{quote(self._password, safe='')}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> None:
        """Makes the data directory if there is none, and starts the server without waiting for it."""
        if not (self._data / "PG_VERSION").exists():
            self._make_data()
        settings = {**SETTINGS, **(THROW_AWAY if self._throw_away else {}), "port": str(self.port)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries() / "postgres"), "-D", str(self._data), *arguments]
        self._child = start_child(command, self.log, user=self._user, directory=Path("/"), when_we_die=signal.SIGINT)

    def wait_ready(self, within: float = 30.0) -> None:
        """Returns once the server answers its superuser."""
        if self._child is None:
            raise ServerFailed("PostgreSQL was not started")
        wait_until(self.answers, within, self._child, "PostgreSQL", self.log)

    def answers(self) -> bool:
        """Whether the superuser can connect."""
        try:
            psycopg2.connect(self.admin_url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Fast shutdown: open transactions are rolled back, connections closed. SIGKILL for tests of a crash."""
        if self._child is not None:
            stop_child(self._child, how)
            self._child = None

    def _make_data(self) -> None:
        self._data.mkdir(mode=0o700)
        password_file = self._directory / "postgres.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password, "utf-8")
        for path in (self._data, password_file):
            give_to(self._user, path)
        try:
            run_as(self._user, self._initdb(password_file))
        except ServerFailed:
            shutil.rmtree(self._data)
            raise
        finally:
            password_file.unlink()

    def _initdb(self, password_file: Path) -> list[str]:
        command = [str(binaries() / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256", "-k"]
        command += ["-E", "UTF8", "--no-locale", f"--pwfile={password_file}"]
        return [*command, "--no-sync"] if self._throw_away else command


def binaries() -> Path:
    """The folder of initdb and postgres, the newest version that is installed; ServerFailed where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if found is None:
        raise ServerFailed("PostgreSQL is not installed; install the server package (on Debian: postgresql).")
    return Path(found).resolve().parent
