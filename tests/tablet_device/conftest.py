"""The tablet's own modules in a real Chromium.

What needs no answer of ours runs on a bare server of files (``page``, ``store``); what does, on the live server.
"""

import functools
import http.server
import threading

import pytest
from django.conf import settings

from tests.browser.conftest import allow_blocking_calls, chromium  # noqa: F401

PIN = "246810"
USER = {"id": 7, "name": "向导员"}
# Any address is good enough to load modules on; this one loads nothing else.
BLANK = "/static/img/favicon.svg"

MODULES = ("vault", "store", "sync", "checking", "photos", "database", "worker")
PRELUDE = """
  const [vault, stores, syncs, checking, photos, database, worker] =
    await Promise.all(given.modules.map((name) => import(`/static/js/tablet/${name}.js`)));
  const failed = (error) => ({ error: error.constructor.name, ...error });
  const named = (doing) => doing.then((value) => ({ value }), failed);
"""


def run(page, body: str, **given):
    """``body``: JavaScript that returns something JSON can say; it sees the modules, ``named`` and ``given``."""
    return page.evaluate(f"async (given) => {{ {PRELUDE} {body} }}", given | {"modules": list(MODULES)})


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words):
        """Nobody reads it."""


@pytest.fixture(scope="session")
def files():
    """Address of a server that knows nothing but our files."""
    handler = functools.partial(_Files, directory=str(settings.BASE_DIR))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def tabs(chromium, files):  # noqa: F811
    """``tabs()`` opens one more tab of the same tablet. A script error fails the test."""
    context = chromium.new_context(base_url=files, locale="zh-CN", timezone_id="Asia/Shanghai")
    complaints: list[str] = []

    def _open(path: str = BLANK):
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield _open
    context.close()
    assert complaints == []


@pytest.fixture
def page(tabs):
    return tabs()


@pytest.fixture
def store(page):
    """A tab with ``window.store``, the open store of a new vault."""
    open_vault(page, new=True)
    return page


def open_vault(page, new: bool = False, user=None, pin: str = PIN):
    script = """
      const { user, pin } = given;
      window.vault = await (given.isNew ? vault.createVault(user, pin) : vault.openVault(user.id, pin));
      window.store = await stores.openStore(window.vault);
    """
    run(page, script, isNew=new, user=user or USER, pin=pin)


def until(page, body: str, seconds: float = 10):
    """Waits until ``body``, JavaScript that returns a promise or a value, says yes."""
    for _ in range(int(seconds * 20)):
        if run(page, body):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"still not so: {body}")


def visit(**fields) -> dict:
    """A visit that says that nothing has changed; without ``uid`` the tablet makes one."""
    return {
        "form": 1,
        "household": 11,
        "method": "home",
        "on": "2026-11-30",
        "began_at": "2026-11-05T09:00:00+08:00",
        "ended_at": "2026-11-05T09:05:00+08:00",
        "unchanged": True,
        "words": "",
    } | fields


def raw_database(page) -> str:
    """All that lies in the tablet's database, as anybody could read it who has the tablet and no PIN."""
    return page.evaluate(
        """async () => {
          const asked = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const text = (key, value) => {
            if (!ArrayBuffer.isView(value)) return value;
            return ["utf-8", "utf-16le"].map((code) => new TextDecoder(code).decode(value)).join(" ");
          };
          const database = await asked(indexedDB.open("tablet"));
          const rows = {};
          for (const name of database.objectStoreNames) {
            rows[name] = await asked(database.transaction(name).objectStore(name).getAll());
          }
          database.close();
          return JSON.stringify(rows, text);
        }"""
    )
