"""A server that misbehaves as a test says: one behaviour for each request, the last one for all that follow."""

import json
import socket
import struct
import threading
from contextlib import contextmanager


def answer(status, body=None, **headers):
    """Bytes of a whole HTTP answer."""
    text = json.dumps(body if body is not None else {}).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(text)}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + text


class ScriptedServer:
    """Reads requests and plays its script; keeps what was asked in `requests` (head, body)."""

    def __init__(self, script):
        self._script = list(script)
        self.requests = []
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._stopped.set()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            reader = connection.makefile("rb")
            while (request := _read_request(reader)) is not None:
                self.requests.append(request)
                turn = self._script.pop(0) if len(self._script) > 1 else self._script[0]
                if not self._play(connection, turn):
                    return

    def _play(self, connection, turn):
        if isinstance(turn, bytes):
            connection.sendall(turn)
            return True
        if turn == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if turn == "cut":
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":')
        if turn == "silence":
            self._stopped.wait(20)
        if turn == "trickle":
            self._trickle(connection)
        return False

    def _trickle(self, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
        try:
            while not self._stopped.wait(0.02):
                connection.sendall(b" ")
        except OSError:
            return


def _read_request(reader):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = reader.readline()
        if not line:
            return None
        head += line
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    return headers, reader.read(int(headers.get("Content-Length", 0)))


@contextmanager
def scripted(*script):
    """A running ScriptedServer."""
    server = ScriptedServer(script)
    try:
        yield server
    finally:
        server.stop()
