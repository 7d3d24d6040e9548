"""Network namespaces for a cluster's nodes: machines of their own beside a bridge, between which nothing comes through
when it is so wished. Each is held by a process that dies with us, and is gone with it. For root, with iproute2.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from places_of_nodes import OWN_PORTS, Place

from cli.servers.process import ServerFailed, start_child, stop_child

HOST = "host"
_HELD_WITHIN_S = 5.0


def why_none() -> str:
    """Why there can be no namespaces here; empty where there can."""
    if os.geteuid() != 0:
        return "network namespaces are root's alone"
    missing = [name for name in ("ip", "nsenter", "unshare") if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} is not installed (iproute2, util-linux)"
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "the kernel gives no network namespace"


class Namespaces:
    """One for each name. Use it in `with`, from the main thread (see start_child)."""

    def __init__(self, names: Iterable[str], log: Path) -> None:
        self._names = tuple(names)
        self._log = log
        self._net = ""
        self._holders: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Namespaces":
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        for holder in self._holders.values():
            stop_child(holder)

    def address(self, name: str) -> str:
        """The IP address of one of them, or of this machine (HOST) as they see it."""
        return f"{self._net}.{254 if name == HOST else 1 + self._names.index(name)}"

    def place(self, name: str) -> Place:
        return Place(f"rabbit@{name}", self.address(name), OWN_PORTS, self.through(name))

    def through(self, name: str) -> list[str]:
        """What becomes, in that namespace, the command that follows."""
        return ["nsenter", "-t", str(self._holders[name].pid), "-n", "--"]

    def cut(self, source: str, target: str) -> None:
        """Nothing that `source` sends arrives at `target` any more; what is sent back does."""
        self._ip(source, f"route replace blackhole {self.address(target)}/32")

    def mend(self, source: str, target: str) -> None:
        self._ip(source, f"route del blackhole {self.address(target)}/32")

    def _make(self) -> None:
        """The bridge is held by a namespace of its own, so that nothing of it stays in this machine's."""
        middle = "bridge"
        for name in (middle, *self._names):
            self._holders[name] = _held(self._log)
        pid = {name: holder.pid for name, holder in self._holders.items()}
        self._ip(middle, "link add bridge type bridge", "link set bridge up")
        self._net = _taken_net(pid[middle])
        ours = _link_of(self._net)
        _run(["ip"], f"addr add {self.address(HOST)}/24 dev {ours}", f"link set {ours} up")
        self._ip(middle, "link set host master bridge up")
        for name in self._names:
            self._ip(middle, f"link add to-{name[-8:]} type veth peer name eth0 netns {pid[name]}")
            self._ip(middle, f"link set to-{name[-8:]} master bridge up")
            self._ip(name, f"addr add {self.address(name)}/24 dev eth0", "link set eth0 up", "link set lo up")

    def _ip(self, name: str, *commands: str) -> None:
        _run([*self.through(name), "ip"], *commands)


def _held(log: Path) -> subprocess.Popen[bytes]:
    holder = start_child(["unshare", "--net", "sleep", "infinity"], log)
    deadline = time.monotonic() + _HELD_WITHIN_S
    while _net_of(holder.pid) in ("", _net_of(os.getpid())):
        if time.monotonic() > deadline:
            raise ServerFailed("a network namespace did not come to be")
        time.sleep(0.01)
    return holder


def _net_of(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/ns/net").readlink())
    except OSError:
        return ""


def _taken_net(middle: int) -> str:
    """The first three numbers of addresses that nobody here uses; ours by a link to that process, which bears its name.

    Of two runs on one machine that look at the same moment, one gets the link.
    """
    used = subprocess.run(["ip", "-4", "route"], capture_output=True, text=True, check=True).stdout
    nets = [f"10.{second}.{third}" for second in range(77, 90) for third in range(256)]
    for net in random.sample(nets, len(nets)):
        if f"{net}." not in used and _has_added(f"{_link_of(net)} type veth peer name host netns {middle}"):
            return net
    raise ServerFailed("no addresses are left for network namespaces")


def _link_of(net: str) -> str:
    return f"fd{net.replace('.', '-')}"


def _has_added(link: str) -> bool:
    """Whether it is ours; not where there is one of that name."""
    done = subprocess.run(["ip", "link", "add", *link.split()], capture_output=True, text=True, check=False)
    if done.returncode and "File exists" not in done.stderr:
        raise ServerFailed(f"ip: {done.stderr.strip()[-300:]}")
    return not done.returncode


def _run(ip: list[str], *commands: str) -> None:
    batch = "\n".join(commands)
    done = subprocess.run([*ip, "-batch", "-"], input=batch, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerFailed(f"ip: {done.stderr.strip()[-300:]} ({batch})")
