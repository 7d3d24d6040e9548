"""SIGTERM: nothing new, what runs is answered, then the process goes."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from fix_calls import SmallService, new_key, until

from shared.calls.outcomes import CallUnavailable


def test_what_runs_when_the_service_is_told_to_stop_is_finished_and_answered(small_service: SmallService):
    """Seen red by: nameko's own WebServer.stop, which kills connections while answers are on their way."""
    with ThreadPoolExecutor(10) as callers:
        running = [callers.submit(small_service.add, new_key(), deadline_s=8, seconds=1.0) for _ in range(10)]
        until(lambda: waiting(small_service) == 10)
        small_service.signal(signal.SIGTERM)
        answers = [call.result() for call in running]
    assert small_service.wait() == 0
    assert not any(answer.replayed for answer in answers)
    assert small_service.things() == 10
    assert "killed" not in "".join(small_service.output)


def test_while_it_drains_a_service_is_alive_not_ready_and_does_nothing_new(small_service: SmallService):
    """Seen red by: drain() that does not refuse."""
    with ThreadPoolExecutor(1) as callers:
        running = callers.submit(small_service.add, new_key(), deadline_s=8, seconds=2.0)
        until(lambda: waiting(small_service) == 1)
        small_service.signal(signal.SIGTERM)
        until(lambda: small_service.page("/readyz")[0] == 503)
        assert small_service.page("/healthz")[0] == 200
        with pytest.raises(CallUnavailable) as outcome:
            small_service.add(new_key(), deadline_s=0.5)
        assert outcome.value.retry_after == 1
        running.result()
    assert small_service.wait() == 0
    assert small_service.things() == 1


def test_a_restart_between_two_tries_is_not_noticed_by_the_caller(small_service: SmallService):
    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(small_service.add, new_key(), deadline_s=8, seconds=0.5)
        until(lambda: waiting(small_service) == 1)
        small_service.signal(signal.SIGTERM)
        second = callers.submit(small_service.add, new_key(), deadline_s=20)
        first.result()
        assert small_service.wait() == 0
        small_service.start()
        second.result()
    assert small_service.things() == 2


def test_a_second_signal_ends_it_at_once(small_service: SmallService):
    with ThreadPoolExecutor(1) as callers:
        running = callers.submit(small_service.add, new_key(), deadline_s=1, seconds=20.0)
        until(lambda: waiting(small_service) == 1)
        small_service.signal(signal.SIGTERM)
        until(lambda: small_service.page("/readyz")[0] == 503)
        small_service.signal(signal.SIGTERM)
        assert small_service.wait() == 128 + signal.SIGTERM
        assert isinstance(running.exception(), Exception)
    assert small_service.things() == 0


def waiting(service: SmallService) -> int:
    """How many commands have written their row and not committed yet."""
    return int(
        service.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = 'scheduling_app' AND state = 'idle in transaction' AND query LIKE '%%INSERT INTO things%%'"
        )[0][0]
    )
