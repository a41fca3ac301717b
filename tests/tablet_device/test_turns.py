"""When is it tried, and by which tab: hints, waits that grow, and one sender for all tabs."""

import pytest

from tests.tablet_device.conftest import open_vault, run, until, visit
from tests.tablet_device.fake import FakeServer

pytestmark = [pytest.mark.browser, pytest.mark.once]

# Waits pass a thousand times as fast, and are noted.
FAST = """() => {
  const later = window.setTimeout;
  window.waits = [];
  window.setTimeout = (fn, ms) => { window.waits.push(ms); return later(fn, ms / 1000); };
}"""
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"
ALL_STORED = "return (await window.store.outbox()).every(({ state }) => state === 'stored');"
IS_SENDING = "return (await window.store.outbox())[0].state === 'sending';"
IDLE = "const { doing, lastPull, tryAt } = window.sync.state; return doing === 'nothing' && lastPull && !tryAt;"


@pytest.fixture
def server(page):
    return FakeServer(page.context)


@pytest.fixture
def tab(page, server):
    open_vault(page, new=True)
    run(page, "window.sync = syncs.createSync(window.store);")
    return page


def queue(page, count: int = 1):
    run(
        page,
        "for (let n = 0; n < given.count; n++) await window.store.queue(given.visit);",
        visit=visit(),
        count=count,
    )


def start(page):
    run(page, "window.sync.start();")


def test_waits_grow_from_five_seconds_to_five_minutes_and_end_with_the_work(tab, server):
    server.answer = lambda path, payload: "drop"
    queue(tab)
    tab.evaluate(FAST)
    start(tab)
    tab.wait_for_function("() => window.waits.length >= 9")
    assert tab.evaluate("() => window.waits.slice(0, 9)") == [
        0,
        *(5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000),
    ]
    server.answer = lambda path, payload: None
    until(tab, ALL_STORED)
    until(tab, IDLE)
    asked = len(server.calls)
    tab.wait_for_timeout(400)
    assert len(server.calls) == asked, "a session that nobody uses is to end by itself"


@pytest.mark.parametrize(
    "hint",
    [
        "window.dispatchEvent(new Event('online'))",
        "document.dispatchEvent(new Event('visibilitychange'))",
        "window.sync.send()",
    ],
)
def test_a_hint_is_enough_to_try(tab, server, hint):
    server.answer = lambda path, payload: "drop"
    queue(tab)
    start(tab)
    tab.wait_for_function("() => window.sync.state.tryAt !== null && window.sync.state.server === 'away'")
    server.answer = lambda path, payload: None
    tab.evaluate(f"() => {{ {hint}; }}")
    until(tab, ALL_STORED, 4)


def test_what_is_queued_while_the_server_is_there_goes_by_itself(tab, server):
    start(tab)
    until(tab, IDLE)
    queue(tab, 3)
    until(tab, "return (await window.store.outbox()).filter((one) => one.answer).length === 3;")
    assert len(server.visits) == 3


def test_after_stop_nothing_is_tried(tab, server):
    start(tab)
    until(tab, IDLE)
    run(tab, "window.sync.stop();")
    asked = len(server.calls)
    queue(tab)
    tab.evaluate("() => window.dispatchEvent(new Event('online'))")
    tab.wait_for_timeout(500)
    assert len(server.calls) == asked


@pytest.mark.parametrize("prepared", ["", NO_LOCKS], ids=["locks", "lease"])
def test_one_of_two_tabs_sends_and_the_other_waits_its_turn(tabs, server, page, prepared):
    page.context.add_init_script(prepared)
    one, other = tabs(), tabs()
    open_vault(one, new=True)
    open_vault(other)
    for tab in (one, other):
        run(tab, "window.sync = syncs.createSync(window.store);")
    queue(one, 30)
    server.answer = lambda path, payload: "hold" if path == "visits/" else None
    one.evaluate("() => { window.doing = window.sync.send(); }")
    until(one, IS_SENDING)
    other.evaluate("() => { window.doing = window.sync.send(); }")
    while not server.held:
        other.wait_for_timeout(50)
    asked = len(server.calls)
    other.wait_for_timeout(500)
    assert len(server.calls) == asked, "the other one waits, and touches nothing that is on its way"
    assert run(one, IS_SENDING)
    server.release()
    assert one.evaluate("() => window.doing")["stored"] == 30
    assert other.evaluate("() => window.doing")["left"] == 0
    assert server.sent() == [25, 5]
    assert run(other, ALL_STORED)


@pytest.mark.parametrize("prepared", ["", NO_LOCKS], ids=["locks", "lease"])
def test_a_tab_that_dies_in_the_middle_leaves_its_turn_to_the_next(tabs, server, page, prepared):
    page.context.add_init_script(prepared)
    one, other = tabs(), tabs()
    open_vault(one, new=True)
    open_vault(other)
    run(one, "window.sync = syncs.createSync(window.store);")
    queue(one, 2)
    server.answer = lambda path, payload: "hold" if path == "visits/" else None
    one.evaluate("() => { window.doing = window.sync.send(); }")
    until(one, IS_SENDING)
    one.close()
    server.held.clear()
    server.answer = lambda path, payload: None
    other.evaluate("() => { const now = Date.now; Date.now = () => now() + 31_000; }")
    run(other, "window.sync = syncs.createSync(window.store);")
    assert run(other, "return window.sync.send();")["stored"] == 2
