"""SIGTERM: nothing new, what runs is answered, then the process goes."""

import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from fix_calls import HERS, KEY, SmallService, asker, new_key, until

from shared.calls.claims import Signer
from shared.calls.outcomes import CallUnavailable

MUCH = 12_000_000


def request(service: SmallService, path: str, body: dict[str, str]) -> bytes:
    """The bytes of a call that asks for the connection to be closed."""
    text = json.dumps(body).encode()
    claims = Signer(KEY.as_dict(private=True), "gateway").sign(asker(), "scheduling")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {claims}\r\nContent-Length: {len(text)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + text


def test_what_runs_when_the_service_is_told_to_stop_is_finished_and_answered(small_service: SmallService):
    """Seen red by: nameko's own WebServer.stop, which kills connections while answers are on their way."""
    with ThreadPoolExecutor(10) as callers:
        running = [callers.submit(small_service.add, new_key(), deadline_s=8, seconds=1.0) for _ in range(10)]
        until(lambda: small_service.in_transaction() == 10)
        small_service.signal(signal.SIGTERM)
        answers = [call.result() for call in running]
    assert small_service.wait() == 0
    assert not any(answer.replayed for answer in answers)
    assert small_service.things() == 10
    assert "killed" not in "".join(small_service.output)


def test_an_answer_that_is_on_its_way_arrives_whole(small_service: SmallService):
    """Seen red by: drain() that does not wait for answers to be written, as nameko does."""
    with socket.create_connection(tuple(small_service.address.split(":"))) as caller:
        caller.sendall(request(small_service, "/queries/much", {"site_id": str(HERS)}))
        answer = caller.recv(1000)
        small_service.signal(signal.SIGTERM)
        until(lambda: small_service.page("/readyz")[0] == 503)
        while chunk := caller.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert len(answer) > MUCH
    assert small_service.wait() == 0


def test_while_it_drains_a_service_is_alive_not_ready_and_does_nothing_new(small_service: SmallService):
    """Seen red by: drain() that does not refuse."""
    with ThreadPoolExecutor(1) as callers:
        running = callers.submit(small_service.add, new_key(), deadline_s=8, seconds=2.0)
        until(lambda: small_service.in_transaction() == 1)
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
        until(lambda: small_service.in_transaction() == 1)
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
        until(lambda: small_service.in_transaction() == 1)
        small_service.signal(signal.SIGTERM)
        until(lambda: small_service.page("/readyz")[0] == 503)
        small_service.signal(signal.SIGTERM)
        assert small_service.wait() == 128 + signal.SIGTERM
        assert isinstance(running.exception(), Exception)
    assert small_service.things() == 0
