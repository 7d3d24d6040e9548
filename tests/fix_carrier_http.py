"""How the misbehaving carrier of tests/fix_carrier.py speaks HTTP: each behaviour is a way to answer, or not to."""

import base64
import json
import socket
import struct
import time
from collections.abc import Callable
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

ACCOUNT, SECRET = "AC0001", "carrier's-own-token"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Whoever asked was killed, or hung up."""

    carrier: Any  # tests/fix_carrier.py


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode(), True).items()}
        if not self._is_ours(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"):
            return
        how, held = self.server.carrier.post(form)
        BEHAVIOURS[how](self, held)

    def do_GET(self) -> None:
        carrier, path = self.server.carrier, f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        if not self._is_ours(path):
            return
        if not carrier.lists:
            self.say(500, {"code": 20500})
            return
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        found = [it for it in reversed(carrier.held) if (it.to_number, it.from_number) == (query["To"], query["From"])]
        first = int(query.get("Page", 0)) * carrier.page_size
        more = urlencode({**query, "Page": int(query.get("Page", 0)) + 1})
        left = len(found) > first + carrier.page_size
        page = [_listed(it) for it in found[first : first + carrier.page_size]]
        self.say(200, {"messages": page, "next_page_uri": f"{path}?{more}" if left else None})

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def say(self, status: int, body: dict[str, Any] | bytes, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def reset(self) -> None:
        """RST in place of an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _is_ours(self, path: str) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        if base64.b64decode(given or "").decode() != f"{ACCOUNT}:{SECRET}":
            self.say(401, {"code": 20003, "message": "Authenticate"})
            return False
        if urlsplit(self.path).path != path:
            self.say(404, {"code": 20404})
            return False
        return True

    def kill(self) -> None:
        self.server.carrier.kill()
        self.reset()

    def hang(self) -> None:
        self.server.carrier.stall()
        self.reset()

    def cut(self, held: Any) -> None:
        raw = json.dumps(_created(held)).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2])
        self.wfile.flush()
        time.sleep(0.05)  # so that the half arrives before the reset
        self.reset()

    def drip(self, held: Any) -> None:
        raw = json.dumps(_created(held)).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        for place in range(len(raw)):
            if self.server.carrier.ending.wait(0.2):
                return
            try:
                self.wfile.write(raw[place : place + 1])
                self.wfile.flush()
            except OSError:
                self.close_connection = True
                return


def _listed(held: Any) -> dict[str, Any]:
    created = format_datetime(held.created_at)
    return {**_created(held), "status": held.status, "date_created": created, "date_sent": None, "error_code": None}


def _created(held: Any) -> dict[str, Any]:
    assert held is not None
    return {"sid": held.sid, "status": "queued", "to": held.to_number, "from": held.from_number, "body": held.body}


BEHAVIOURS: dict[str, Callable[[Handler, Any], None]] = {
    "ok": lambda it, held: it.say(201, _created(held)),
    "kill-before": lambda it, _: it.kill(),
    "kill-after": lambda it, _: it.kill(),
    "silent-before": lambda it, _: it.hang(),
    "silent-after": lambda it, _: it.hang(),
    "500-before": lambda it, _: it.say(500, {"code": 20500}),
    "500-after": lambda it, _: it.say(500, {"code": 20500}),
    "reset-before": lambda it, _: it.reset(),
    "reset-after": lambda it, _: it.reset(),
    "cut-answer": lambda it, held: it.cut(held),
    "slow": lambda it, held: it.drip(held),
    "no-sid": lambda it, _: it.say(201, {"status": "queued"}),
    "garbage": lambda it, _: it.say(201, b"<html>thank you</html>"),
    "429": lambda it, _: it.say(429, {"code": 20429}, Retry_After="1"),
    "503": lambda it, _: it.say(503, {"code": 20503}),
    "opted-out": lambda it, _: it.say(400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}),
    "bad-number": lambda it, _: it.say(400, {"code": 21211, "message": "The 'To' number is not valid"}),
    "odd-refusal": lambda it, _: it.say(400, {"code": 99999}),
}
