"""Child processes that die with us: started in the background, logged to a file, stopped by their pid alone."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

POLL_SECONDS = 0.05


class ServerFailed(Exception):
    """A server or process did not do what was asked in time; the text says where its log is."""


def start_child(
    command: list[str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    directory: Path | None = None,
    when_we_die: signal.Signals = signal.SIGTERM,
    through: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Starts a command in a session of its own, so that Ctrl-C reaches only us; `through` one that becomes it.

    Call it from the main thread: the kernel sends `when_we_die` when the *thread* that started the child ends.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*through, *_prefix(user, when_we_die), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=directory,
            start_new_session=True,
        )


def run_as(
    user: str | None,
    command: list[str],
    environment: Mapping[str, str] | None = None,
    *,
    through: Sequence[str] = (),
) -> None:
    """Runs a short command to its end; ServerFailed with its last words where it fails."""
    whole = [*through, *_identity(user), *command]
    done = subprocess.run(whole, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise ServerFailed(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def stop_child(child: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, within: float = 30.0) -> int:
    """Asks the child to end, and after `within` seconds ends it. Returns its exit status."""
    if child.poll() is None:
        child.send_signal(how)
    try:
        return child.wait(within)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def wait_until(true: Callable[[], bool], within: float, child: subprocess.Popen[bytes], what: str, log: Path) -> None:
    """Polls until `true()`; ServerFailed when the child ends first or the time is up."""
    deadline = time.monotonic() + within
    while not true():
        if child.poll() is not None:
            raise ServerFailed(f"{what} ended with status {child.returncode}; its last words:\n{last_lines(log)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"{what} was not ready after {within:.0f} s; its last words:\n{last_lines(log)}")
        time.sleep(POLL_SECONDS)


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log."""
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-count:]) if log.exists() else ""


def give_to(user: str | None, path: Path) -> None:
    """Makes a server's user the owner of a file or folder."""
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def server_user(name: str) -> str | None:
    """The user that a server runs as: `name` if we are root, and ourselves (None) if not."""
    return name if os.geteuid() == 0 else None


def _identity(user: str | None) -> list[str]:
    return [] if user is None else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]


def _prefix(user: str | None, when_we_die: signal.Signals) -> list[str]:
    dies = f"--pdeathsig={when_we_die.name.removeprefix('SIG')}"
    return ["setpriv", dies, *_identity(user)[1:]] if user else ["setpriv", dies, "--"]
