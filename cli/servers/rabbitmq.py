"""A RabbitMQ of our own: own node name, own epmd, management API, 127.0.0.1 only, no guest."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import urllib3

from cli.servers.ports import is_listening
from cli.servers.process import ServerFailed, give_to, run_as, server_user, start_child, stop_child, wait_until

ADMINISTRATOR = "administrator"
CONFIGURATION = """\
listeners.tcp.default = {host}:{amqp}
management.tcp.ip = {host}
management.tcp.port = {api}
default_user = {user}
default_pass = {password}
log.file.level = warning
log.console = true
log.console.level = warning
log.file = false
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 200MB
"""
# One scheduler that does not spin: a small broker beside ten other processes
ERLANG = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
# Some seconds of processor time: minutes on a machine that many share. One that ends first is not waited for.
READY_WITHIN_S = 300.0


class RabbitMQ:
    """One broker under `directory`; `ports` has rabbitmq, rabbitmq-api, rabbitmq-dist and epmd.

    A node of a cluster (tests) has another `host`, and what starts there is started `through` a command.
    """

    host: str = "127.0.0.1"
    through: Sequence[str] = ()

    def __init__(self, directory: Path, ports: dict[str, int], password: str) -> None:
        self.log = directory / "rabbitmq.log"
        self._home = directory / "rabbitmq"
        self._ports = ports
        self._password = password
        self._user = server_user("rabbitmq")
        self._epmd: subprocess.Popen[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def amqp_url(self) -> str:
        """The administrator's AMQP URL."""
        return f"amqp://{ADMINISTRATOR}:{quote(self._password, safe='')}@{self.host}:{self._ports['rabbitmq']}/"

    @property
    def api_url(self) -> str:
        """The management API, as administrator."""
        return f"http://{ADMINISTRATOR}:{quote(self._password, safe='')}@{self.host}:{self._ports['rabbitmq-api']}"

    @property
    def pid(self) -> int | None:
        """The broker's pid while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    @property
    def epmd_pid(self) -> int | None:
        """The pid of the broker's own port mapper while it runs."""
        return self._epmd.pid if self._epmd and self._epmd.poll() is None else None

    def start(self) -> None:
        """Writes the configuration and starts epmd and the broker without waiting for them."""
        server = binary()
        self._write_configuration()
        environment = self._environment()
        if self._epmd is None or self._epmd.poll() is not None:
            self._epmd = self._start(["epmd", "-address", self.host], environment)
        self._child = self._start([server], environment)

    def wait_ready(self, within: float = READY_WITHIN_S) -> None:
        """Returns once AMQP and the management API answer."""
        if self._child is None:
            raise ServerFailed("RabbitMQ was not started")
        wait_until(self.answers, within, self._child, "RabbitMQ", self.log)

    def answers(self) -> bool:
        """Whether the broker is up, as its management API sees it."""
        if not all(is_listening(f"{self.host}:{self._ports[name]}") for name in ("rabbitmq", "rabbitmq-api")):
            return False
        return self.asked("/api/overview") == 200

    def asked(self, path: str) -> int:
        """The status of a question to this node's management API; 0 where nobody answers."""
        headers = urllib3.make_headers(basic_auth=f"{ADMINISTRATOR}:{self._password}")
        url = f"http://{self.host}:{self._ports['rabbitmq-api']}{path}"
        try:
            return urllib3.request("GET", url, headers=headers, timeout=3, retries=False).status
        except urllib3.exceptions.HTTPError:
            return 0

    def control(self, *arguments: str) -> None:
        """`rabbitmqctl ...` on this node. ServerFailed where it fails."""
        command = [str(Path(binary()).with_name("rabbitmqctl")), *arguments]
        run_as(self._user, command, self._environment(), through=self.through)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stops the broker, then the epmd that outlives it."""
        for child in (self._child, self._epmd):
            if child is not None:
                stop_child(child, how, within=60)
        self._child = self._epmd = None

    def _start(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        return start_child(
            command, self.log, environment=environment, user=self._user, directory=self._home, through=self.through
        )

    def _write_configuration(self) -> None:
        self._home.mkdir(mode=0o700, exist_ok=True)
        give_to(self._user, self._home)
        for name, content in self._files().items():
            file = self._home / name
            file.touch(mode=0o600)
            file.write_text(content, "utf-8")
            give_to(self._user, file)

    def _files(self) -> dict[str, str]:
        amqp, api = self._ports["rabbitmq"], self._ports["rabbitmq-api"]
        text = CONFIGURATION.format(host=self.host, amqp=amqp, api=api, user=ADMINISTRATOR, password=self._password)
        return {"rabbitmq.conf": text, "enabled_plugins": "[rabbitmq_management].\n"}

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._home),
            "LANG": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the broker itself: its pid is ours to stop
            "RABBITMQ_NODENAME": f"frontdesk{self._ports['rabbitmq']}@localhost",
            "RABBITMQ_DIST_PORT": str(self._ports["rabbitmq-dist"]),
            "RABBITMQ_MNESIA_BASE": str(self._home / "data"),
            "RABBITMQ_LOG_BASE": str(self._home),
            "RABBITMQ_CONFIG_FILE": str(self._home / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
            "ERL_EPMD_PORT": str(self._ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }


def binary() -> str:
    """The server script: before Debian's wrapper on the PATH, which insists on the system's own paths."""
    debian = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    found = str(debian) if debian.exists() else shutil.which("rabbitmq-server")
    if found is None:
        raise ServerFailed("RabbitMQ is not installed; install the server package (on Debian: rabbitmq-server).")
    return found
