"""Requests that no schema takes, and bytes that are no request at all, each with a canary in it."""

import json
import socket
from urllib.parse import urlencode, urlsplit

from leak_run import Run


def talk_nonsense(run: Run) -> None:
    """What no schema takes, and what is no request at all."""
    site, word = {"site_id": run.desk.elm.sites[0]["site_id"]}, run.canary("nonsense")
    good = {**site, "given": "A", "family": "B"}
    for wrong in (
        {"phone": word}, {"birth_on": word}, {"given": {"x": word}}, {"given": word * 20}, {"given": word + "\x07"},
        {"coverage": word}, {"coverage": {"payer_name": [word]}}, {"texting_consent": word}, {"site_id": word},
        {"nickname": word},
    ):  # fmt: skip
        run.ask("POST", "/v1/patients", {**good, **wrong})
    malformed = (f'{{"given": "{word}"', f'["{word}"]', f'"{word}"', f'{{"given": "{word}", "given": "{word}"}}')
    for body in malformed:
        run.ask("POST", "/v1/patients", body.encode())
    run.ask("POST", "/v1/patients", json.dumps({**good, "given": word * 9000}).encode())
    run.ask("POST", "/v1/patients", f"given={word}".encode(), Content_Type="text/plain")
    for name in ("phone", "family", "birth_on", "cursor", "limit", "nickname"):
        run.ask("GET", f"/v1/patients?{urlencode({name: word})}")
        run.ask("GET", f"/v1/callers?{urlencode({name: word})}")
    path = urlencode({"": word})[1:]
    for address in (f"/v1/patients/{path}", f"/v1/{path}", f"/{path}?x={path}"):
        run.ask("GET", address)
        run.ask("DELETE", address)
    run.ask("POST", "/v1/text-gateway/replies", {"body": word}, Frontdesk_Signature="sha256=00")
    _raw(run, word.encode())


def _raw(run: Run, word: bytes) -> None:
    """Bytes that the HTTP server itself refuses."""
    address = urlsplit(run.desk.system.gateway_url)
    internal = run.desk.system.address("records").rpartition(":")
    for host, port in ((address.hostname, address.port), (internal[0], int(internal[2]))):
        for request in (
            b"GET /" + word + b"\r\n\r\n",
            b"GET /" + word.replace(b" ", b"+") * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nX: " + word * 9000 + b"\r\n\r\n",
            b"POST /v1/patients HTTP/1.1\r\nHost: x\r\nContent-Length: " + word + b"\r\n\r\n",
            b"POST /v1/patients HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + word,
            b"POST /commands/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz" + word + b"\r\n\r\n",
        ):
            run.problems.append(_spoken(host, port, request))


def _spoken(host: str | None, port: int | None, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=2) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65536)
        except OSError:
            return b""
