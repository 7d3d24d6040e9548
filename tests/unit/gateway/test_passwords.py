"""Passwords: a bounded number at once, and an unknown login costs as much as a known one."""

import threading
from typing import Any

from gateway.passwords import AT_ONCE, WAITING, Passwords, hash_password
from shared.errors import Unavailable


def test_a_password_holds_and_another_does_not() -> None:
    passwords, stored = Passwords(), hash_password("right")
    assert passwords.holds(stored, "right")
    assert not passwords.holds(stored, "wrong")


def test_an_unknown_login_is_hashed_all_the_same() -> None:
    """Seen red by: answering without a verification."""
    ran: list[Any] = []

    def run(function: Any, *arguments: Any) -> Any:
        ran.append(function)
        return function(*arguments)

    assert not Passwords(run).holds(None, "nobody has this password")
    assert len(ran) == 1


def test_few_run_at_once_some_wait_and_the_rest_are_turned_away() -> None:
    """Seen red by: no bound; a burst of sign-ins would take every core."""
    release, running, most, lock = threading.Event(), [0], [0], threading.Lock()

    def run(_: Any, *__: Any) -> bool:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        release.wait(20)
        with lock:
            running[0] -= 1
        return True

    passwords, turned_away = Passwords(run), []

    def try_one() -> None:
        try:
            passwords.holds(None, "x")
        except Unavailable:
            turned_away.append(1)

    threads = [threading.Thread(target=try_one) for _ in range(AT_ONCE + WAITING + 5)]
    for thread in threads:
        thread.start()
    while len(turned_away) < 5:
        assert any(thread.is_alive() for thread in threads)
    release.set()
    for thread in threads:
        thread.join()
    assert (most[0], len(turned_away)) == (AT_ONCE, 5)
