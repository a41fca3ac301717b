"""A small server of a page and its worker, of whichever version a test says, that can be killed and come back."""

import http.server
import json
import socket
import threading
from contextlib import suppress

from django.conf import settings

MODULES = settings.BASE_DIR / "static/js/tablet"
PAGE = """<!doctype html><html lang="zh"><title>{version}</title>
<script type="module" src="/tablet/assets/{version}/app.js"></script><p id="version">{version}</p></html>"""


class _Server(http.server.ThreadingHTTPServer):
    """Knows the connections that it has accepted."""

    def __init__(self, *given):
        super().__init__(*given)
        self.lines: list[socket.socket] = []

    def process_request(self, request, client_address):
        self.lines.append(request)
        super().process_request(request, client_address)


class ShellServer:
    """``version``: of page, worker and files. ``broken``: path → (status, headers) to answer instead."""

    def __init__(self):
        self.version = "one"
        self.broken: dict[str, tuple[int, dict]] = {}
        self.seen: list[str] = []
        self.port = 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self):
        self._server = _Server(("127.0.0.1", self.port), self._handler())
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self):
        """Whoever calls is refused, as by a machine that was switched off."""
        self._server.shutdown()
        self._server.server_close()
        # Also what a browser has opened ahead.
        for line in self._server.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _handler(self):
        shell = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *given):
                super().__init__(*given, directory=str(settings.BASE_DIR))

            def do_GET(self):  # noqa: N802 - the name is the library's
                path = self.path.partition("?")[0]
                shell.seen.append(path)
                if path in shell.broken:
                    return self._answer("", "text/plain", *shell.broken[path])
                if (answer := shell.answer(path)) is not None:
                    return self._answer(*answer)
                return super().do_GET()

            def _answer(self, body, kind, status=200, headers=None):
                self.send_response(status)
                headers = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"} | (headers or {})
                for name, value in {"Content-Type": kind, "Content-Length": len(body.encode()), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_words):
                """Nobody reads it."""

        return Handler

    def answer(self, path: str) -> tuple | None:
        """Body, kind, status and headers; None: a file of ours."""
        app = f"/tablet/assets/{self.version}/app.js"
        if path == "/tablet/":
            page = PAGE.format(version=self.version)
            return page, "text/html; charset=utf-8", 200, {"X-Tablet-Version": self.version}
        if path == app:
            return (MODULES / "worker.js").read_text(encoding="utf-8") + START, "text/javascript"
        if path == "/tablet/sw.js":
            head = f'const VERSION = "{self.version}";\nconst SHELL = {json.dumps(["/tablet/", app])};\n'
            worker = (MODULES / "sw.js").read_text(encoding="utf-8")
            return head + worker, "text/javascript"
        return ('{"code": "signed_out"}', "application/json") if path == "/tablet/api/me" else None


START = """
window.kept = null;
window.newer = null;
keepShell((takeOver) => { window.newer = takeOver; }).then((is) => { window.kept = is; });
"""
