"""The page opens without a network, a new version of it waits, and work is none of its business."""

import pytest

from tests.tablet_device.conftest import open_vault, run, until, visit
from tests.tablet_device.shell_server import ShellServer

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def server():
    server = ShellServer()
    yield server
    server.down()


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(base_url=server.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/tablet/")
    yield page
    context.close()


def kept(page) -> bool:
    """Whether the page will open without a network, once that is settled."""
    page.wait_for_function("() => window.kept !== null")
    return page.evaluate("() => window.kept")


def version(page) -> str:
    return page.locator("#version").inner_text()


def caches(page) -> dict[str, list[str]]:
    return page.evaluate(
        """async () => {
          const kept = {};
          for (const name of await caches.keys()) {
            const requests = await (await caches.open(name)).keys();
            kept[name] = requests.map(({ url }) => new URL(url).pathname).sort();
          }
          return kept;
        }"""
    )


def update(page):
    page.evaluate(
        "async () => { await (await navigator.serviceWorker.getRegistration()).update().catch(() => {}); }"
    )


def test_after_one_visit_the_page_opens_without_a_server(page, server):
    assert kept(page)
    server.down()
    try:
        for address in ("/tablet/", "/tablet/?from=home", "/tablet/#/outbox"):
            page.goto("about:blank")
            page.goto(address)
            assert version(page) == "one"
        page.reload()
        page.wait_for_function("() => window.kept === true")
    finally:
        server.up()


def test_the_worker_keeps_the_page_and_its_files_and_answers_for_nothing_else(page, server):
    assert kept(page)
    page.reload()
    page.evaluate("() => fetch('/tablet/api/me')")
    page.evaluate("() => fetch('/static/img/favicon.svg')")
    assert caches(page) == {"tablet-one": ["/tablet/", "/tablet/assets/one/app.js"]}
    server.down()
    try:
        asked = """(path) => fetch(path).then(() => "answered", () => "away")"""
        assert page.evaluate(asked, "/tablet/api/me") == "away"
        assert page.evaluate(asked, "/alerts/") == "away"
        assert page.evaluate("() => fetch('/tablet/', { method: 'POST' }).then(() => 1, () => 'away')") == "away"
    finally:
        server.up()


def test_a_new_version_waits_until_it_is_let_in_and_the_work_is_there(page, server):
    assert kept(page)
    page.reload()
    open_vault(page, new=True)
    run(page, "await window.store.queue(given.visit);", visit=visit(words="等着发"))
    server.version = "two"
    update(page)
    page.wait_for_function("() => window.newer !== null")
    page.reload()
    assert version(page) == "one", "nobody has asked for it"
    page.wait_for_function("() => window.newer !== null")
    with page.expect_navigation():
        page.evaluate("() => { window.newer(); }")
    assert version(page) == "two"
    assert kept(page)
    until(page, "return (await caches.keys()).join() === 'tablet-two';")
    open_vault(page)
    assert run(page, "return (await window.store.outbox()).map(({ visit }) => visit.words);") == ["等着发"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/tablet/assets/two/app.js", (404, {})),
        ("/tablet/", (302, {"Location": "/static/img/favicon.svg"})),
        ("/tablet/", (200, {"X-Tablet-Version": "three"})),
    ],
    ids=["a file is missing", "signed out", "the page is of another version"],
)
def test_half_a_version_is_not_kept_and_the_old_one_goes_on(page, server, path, answer):
    assert kept(page)
    server.version, server.broken = "two", {path: answer}
    update(page)
    until(page, "return (await navigator.serviceWorker.getRegistration()).installing === null;")
    assert run(page, "return (await navigator.serviceWorker.getRegistration()).waiting;") is None
    server.down()
    try:
        page.reload()
        assert version(page) == "one"
    finally:
        server.up()
    server.broken = {}
    update(page)
    page.wait_for_function("() => window.newer !== null")


def test_a_first_visit_that_cannot_be_kept_says_so(chromium, server):
    server.broken = {"/tablet/assets/one/app.js": (404, {})}
    context = chromium.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/static/img/favicon.svg")
    assert run(page, "return worker.keepShell();") is False
    context.close()
