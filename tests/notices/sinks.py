"""A mail server and a gateway of our own, on plain sockets: they note what reached them and lose nothing."""

import json
import re
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP as Django's backend speaks. A message counts once its last line came."""

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self._say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word == b"DATA":
                self._say("354 go on")
                if (message := self._message()) is None:
                    return
                self.server.take(message)
            if self.server.refused and line.upper().startswith(b"RCPT") and self.server.refused.encode() in line:
                self._say("550 nobody here")
            else:
                self._say("250 ok")

    def _message(self) -> str | None:
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines).decode()
            lines.append(line)
        return None


class _Sink:
    """``taken``: what came, in order."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *args, **kwargs):
        self.taken, self.lock = [], threading.Lock()
        super().__init__(*args, **kwargs)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def take(self, what) -> None:
        with self.lock:
            self.taken.append(what)

    def handle_error(self, *_args):
        """A sender that is killed in the middle of a line is what this is for."""


class SmtpSink(_Sink, socketserver.ThreadingTCPServer):
    refused = ""

    def message_ids(self) -> list[str]:
        with self.lock:
            return [re.search(r"^Message-ID: <(.+?)@", message, re.M | re.I)[1] for message in self.taken]


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.take((dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_args):
        """Quiet."""


class GatewaySink(_Sink, ThreadingHTTPServer):
    status = 200

    def __init__(self, *args, **kwargs):
        self.headers = {}
        super().__init__(*args, **kwargs)

    def ids(self) -> list[str]:
        with self.lock:
            return [headers["Idempotency-Key"] for headers, _body in self.taken]


@contextmanager
def _running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def smtp_sink():
    return _running(SmtpSink(("127.0.0.1", 0), _Smtp))


def gateway_sink():
    return _running(GatewaySink(("127.0.0.1", 0), _Gateway))
