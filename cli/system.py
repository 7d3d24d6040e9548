"""A whole system on this machine: servers, secrets, migrations, every process of docker-compose.yml."""

import fcntl
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from cli.compose import read_processes
from cli.instance import Instance
from cli.logins import write_urls
from cli.places import Places, given_by_caller, has_broker, has_database, shown
from cli.secrets import make_keys, read_secret, refuse_defaults
from cli.servers.home import kept_home, remove_home
from cli.servers.ports import remembered_ports
from cli.servers.postgres import Postgres
from cli.servers.process import ServerFailed, last_lines
from cli.servers.rabbitmq import RabbitMQ
from cli.servers.throw_away import BROKER_PORTS
from cli.settings import Settings, own_settings
from cli.supervisor import Supervisor

MIGRATE = "migrate"
NEEDS_AN_ADMINISTRATOR = 2  # the status of `migrate` that has printed what an administrator is to do


class System:
    """Start and stop it as a context manager, from the main thread.

    `settings` take the place of what docker-compose.yml says (FAILPOINT and the like). A `throw_away` system is removed
    at the end, and uses servers of others only if they are `given` (settings, as in cli/places); any other keeps its
    data for the next start. `durable`: what is committed stays, though its PostgreSQL be killed; one that is thrown
    away need not be. With `starts=False` processes are taken into care, and whoever uses this starts them.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        throw_away: bool = False,
        durable: bool = False,
        starts: bool = True,
        given: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.instance = instance
        self._throw_away = throw_away
        self._durable = durable or not throw_away
        self._chosen = {**own_settings(), **(settings or {})}
        self._starts = starts
        self._given = dict(given or {}) if throw_away else given_by_caller()
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

    def start_another(self, name: str, called: str) -> str:
        """Starts one more process of a kind (a second gateway) and waits until it is ready; gives its address."""
        address = self.add_another(name, called)
        self.supervisor.start(called)
        self.supervisor.wait_ready([called])
        return address

    def add_another(self, name: str, called: str) -> str:
        """Takes one more process of a kind into care without starting it; gives its address."""
        port = remembered_ports(self.instance, [called])[called]
        settings = self._settings.of(name, address=f"127.0.0.1:{port}")
        return self.supervisor.add(self._processes[name], settings, called).address

    def end_another(self, called: str) -> None:
        """Stops what `start_another` started; it is none of this system's processes any more."""
        self.supervisor.stop([called])
        self.supervisor.forget(called)

    def _start(self) -> None:
        self._take_lock()
        if self._throw_away:
            self._cleanup.callback(remove_home, self.instance)
        make_keys(self.instance.secrets)
        refuse_defaults({**self._chosen, **self._given})
        self._places = self._private_places().replaced_by(self._given)
        write_urls(self.instance.secrets, self._places)
        self._settings = Settings(self.instance, self._processes, self._ports(), self._places.api, self._chosen)
        self._start_servers()
        self.instance.write("environment", self._settings.of_commands())
        servers = {"PostgreSQL": shown(self._places.postgres), "RabbitMQ": shown(self._places.amqp)}
        self.instance.write("places", servers)
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
        folder, home, ports = self.instance.secrets, kept_home(self.instance), self._ports()
        if not has_broker(self._given):
            self.rabbitmq = RabbitMQ(home, ports, read_secret(folder, "rabbitmq_password"))
            self.rabbitmq.start()
            # A broker that is thrown away need not end well, which after much trouble takes it a minute.
            self._cleanup.callback(self.rabbitmq.stop, signal.SIGKILL if self._throw_away else signal.SIGTERM)
        if not has_database(self._given):
            password = read_secret(folder, "postgres_password")
            self.postgres = Postgres(home, ports["postgres"], password, throw_away=not self._durable)
            self.postgres.start()
            self._cleanup.callback(self.postgres.stop)
        self._wait_for_servers()

    def _wait_for_servers(self) -> None:
        began = time.monotonic()
        for server, name, place in (
            (self.postgres, "PostgreSQL", self._places.postgres),
            (self.rabbitmq, "RabbitMQ", self._places.amqp),
        ):
            if server is None:
                self._say(f"  {name} is the one at {shown(place)}")
            else:
                server.wait_ready()
                self._say(f"  {name} is ready after {time.monotonic() - began:.1f} s")

    def _migrate(self) -> None:
        process = self._processes[MIGRATE]
        one = self.supervisor.add(process, self._settings.of(MIGRATE))
        del self.supervisor.watched[MIGRATE]
        log = self.supervisor.log(MIGRATE)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            begin = output.tell()
            done = subprocess.run(one.command, env=one.environment, stdout=output, stderr=output, check=False)
        if done.returncode == NEEDS_AN_ADMINISTRATOR:
            self._say(log.read_bytes()[begin:].decode("utf-8", "replace"))
            raise ServerFailed("an administrator has to do the above first; then start again")
        if done.returncode:
            raise ServerFailed(f"migrate failed with status {done.returncode}:\n{last_lines(log, 25)}")
        self._say("  databases and broker are up to date")

    def _start_processes(self) -> None:
        self._cleanup.callback(self.supervisor.stop)
        for name, process in self._processes.items():
            if name != MIGRATE:
                self.supervisor.add(process, self._settings.of(name))
        if self._starts:
            self.supervisor.start_all()

    def _private_places(self) -> Places:
        ports = self._ports()
        return Places.at(*(f"127.0.0.1:{ports[name]}" for name in ("postgres", "rabbitmq", "rabbitmq-api")))

    def _ports(self) -> dict[str, int]:
        return remembered_ports(self.instance, ["postgres", *BROKER_PORTS, *self._processes])


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
