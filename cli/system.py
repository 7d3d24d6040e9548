"""A whole system on this machine: servers, secrets, migrations, every process of docker-compose.yml."""

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from cli.compose import read_processes
from cli.instance import Instance
from cli.secrets import make_keys, read_secret, refuse_defaults, write_urls
from cli.servers.home import kept_home, remove_home
from cli.servers.ports import remembered_ports
from cli.servers.postgres import Postgres
from cli.servers.process import ServerFailed, last_lines
from cli.servers.rabbitmq import RabbitMQ
from cli.servers.throw_away import BROKER_PORTS
from cli.supervisor import Supervisor

MIGRATE = "migrate"
EXTERNAL = ("FRONTDESK_AMQP_URL", "FRONTDESK_RABBITMQ_API_URL")
OF_ONE_PROCESS = frozenset({"FRONTDESK_ADDRESS", "FRONTDESK_AMQP_URL_FILE", "FRONTDESK_AMQP_URL"})


class System:
    """Start and stop it as a context manager, from the main thread.

    `settings` take the place of what docker-compose.yml says (FAILPOINT and the like). A `throw_away` system is removed
    at the end; any other keeps its data for the next start.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        throw_away: bool = False,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.instance = instance
        self._throw_away = throw_away
        self._settings = {**_own_settings(), **(settings or {})}
        self._say = say
        self._processes = read_processes()
        self._cleanup = ExitStack()
        self.supervisor = Supervisor(instance, say)
        self.postgres: Postgres | None = None
        self.rabbitmq: RabbitMQ | None = None

    def __enter__(self) -> "System":
        try:
            self._start()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._cleanup.close()

    @property
    def gateway_url(self) -> str:
        """Where people and programs enter."""
        return f"http://{self.supervisor.watched['gateway'].address}"

    def settings_of(self, name: str, *, address: str | None = None) -> dict[str, str]:
        """The environment of one process, as it is started here."""
        settings = self._processes[name].settings(self._variables(), self.instance.secrets)
        for key, value in self._settings.items():
            settings.pop(f"{key}_FILE", None)
            settings[key] = value
        return {**settings, "FRONTDESK_ADDRESS": address or settings["FRONTDESK_ADDRESS"]}

    def start_another(self, name: str, called: str) -> str:
        """Starts one more process of a kind (a second gateway) and waits until it is ready; gives its address."""
        port = remembered_ports(self.instance, [called])[called]
        one = self.supervisor.add(self._processes[name], self.settings_of(name, address=f"127.0.0.1:{port}"), called)
        self.supervisor.start(called)
        self.supervisor.wait_ready([called])
        return one.address

    def _start(self) -> None:
        self._take_lock()
        if self._throw_away:
            self._cleanup.callback(remove_home, self.instance)
        make_keys(self.instance.secrets)
        self._start_servers()
        refuse_defaults(self._settings)
        self._write_settings()
        self._migrate()
        self._start_processes()

    def _take_lock(self) -> None:
        self.instance.directory.mkdir(parents=True, exist_ok=True)
        lock = self._cleanup.enter_context((self.instance.directory / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerFailed("this instance already runs: see `frontdesk status`") from None

    def _start_servers(self) -> None:
        folder, home = self.instance.secrets, kept_home(self.instance)
        ports = self._ports()
        write_urls(folder, *(f"127.0.0.1:{ports[name]}" for name in ("postgres", "rabbitmq", "rabbitmq-api")))
        if not _external_broker():
            self.rabbitmq = RabbitMQ(home, ports, read_secret(folder, "rabbitmq_password"))
            self.rabbitmq.start()
            self._cleanup.callback(self.rabbitmq.stop)
        if not _external_database():
            password = read_secret(folder, "postgres_password")
            self.postgres = Postgres(home, ports["postgres"], password, throw_away=self._throw_away)
            self.postgres.start()
            self._cleanup.callback(self.postgres.stop)
        self._wait_for_servers()

    def _wait_for_servers(self) -> None:
        began = time.monotonic()
        for server, name in ((self.postgres, "PostgreSQL"), (self.rabbitmq, "RabbitMQ")):
            if server is not None:
                server.wait_ready()
                self._say(f"  {name} is ready after {time.monotonic() - began:.1f} s")

    def _migrate(self) -> None:
        process = self._processes[MIGRATE]
        one = self.supervisor.add(process, self.settings_of(MIGRATE))
        del self.supervisor.watched[MIGRATE]
        log = self.supervisor.log(MIGRATE)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            done = subprocess.run(one.command, env=one.environment, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise ServerFailed(f"migrate failed with status {done.returncode}:\n{last_lines(log, 25)}")
        self._say("  databases and broker are up to date")

    def _start_processes(self) -> None:
        self._cleanup.callback(self.supervisor.stop)
        for name, process in self._processes.items():
            if name != MIGRATE:
                self.supervisor.add(process, self.settings_of(name))
                self.supervisor.start(name)
        self.supervisor.wait_ready()

    def _variables(self) -> dict[str, str]:
        addresses = {name: f"127.0.0.1:{port}" for name, port in self._ports().items()}
        variables = {f"{_upper(name)}_ADDRESS": address for name, address in addresses.items()}
        variables |= {f"{_upper(name)}_URL": f"http://{address}" for name, address in addresses.items()}
        variables["RABBITMQ_API_ADDRESS"] = f"http://{addresses['rabbitmq-api']}"
        variables["FRONTDESK_CLOCK_FILE"] = str(self.instance.directory / "clock.json")
        return {"FRONTDESK_SIMULATED": "1", "FRONTDESK_SECURE_COOKIES": "0", **variables}

    def _ports(self) -> dict[str, int]:
        return remembered_ports(self.instance, ["postgres", *BROKER_PORTS, *self._processes])

    def _write_settings(self) -> None:
        """What other commands of this instance need: everything but what belongs to one process."""
        union: dict[str, str] = {}
        for name in self._processes:
            union |= self.settings_of(name)
        union = {key: value for key, value in union.items() if key not in OF_ONE_PROCESS}
        union["FRONTDESK_GATEWAY_URL"] = self._variables()["GATEWAY_URL"]
        union["FRONTDESK_RABBITMQ_API_URL_FILE"] = str(self.instance.secrets / "rabbitmq_api_url")
        if not _external_broker():
            union.pop("FRONTDESK_RABBITMQ_API_URL", None)
        self.instance.write("environment", union)


def running_lock(instance: Instance) -> bool:
    """Whether some process keeps this instance running."""
    file: Path = instance.directory / "lock"
    if not file.exists():
        return False
    with file.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def _own_settings() -> dict[str, str]:
    """FRONTDESK_ settings of our caller, for servers that he brings and for log levels and the like."""
    names = (name for name in os.environ if name.startswith("FRONTDESK_") and not name.startswith("FRONTDESK_TEST_"))
    return {name: os.environ[name] for name in names if name not in {"FRONTDESK_ADDRESS", "FRONTDESK_CLOCK_FILE"}}


def _external_broker() -> bool:
    return all(os.environ.get(name) for name in EXTERNAL)


def _external_database() -> bool:
    return bool(os.environ.get("FRONTDESK_SCHEDULING_DATABASE_URL"))
