"""A specialist's tablet in a real Chromium: signed in, set up, and used by tapping."""

import re

import pytest
from playwright.sync_api import expect

from tests.tablet_device.conftest import PIN

TABLET = {"width": 1024, "height": 768}
# What a tap on a selector costs us: from the click until what follows stands in the page, in milliseconds.
TIMED = """async ({ tap, until }) => {
  const began = performance.now();
  document.querySelector(tap).click();
  while (!document.querySelector(until)) await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - began;
}"""


class Tablet:
    """One browser context: its cookies, its storage and its service worker are those of one device."""

    def __init__(self, context, sign_in, url: str, settings):
        self.context, self.url, self._sign_in, self._settings = context, url, sign_in, settings
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._heard(message))
        return page

    def _heard(self, message):
        # That a server answered 401 or was away is what some tests are about; everything else is a fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name: str) -> None:
        session = self._sign_in(name).cookies["sessionid"]
        self.context.add_cookies([{"name": "sessionid", "value": session.value, "url": self.url}])

    def sign_in_instead(self, name: str) -> None:
        """Another person signs in at this tablet."""
        # A late answer, be it to the worker's own look for a newer one, would bring the first one's session back.
        self._settings.SESSION_SAVE_EVERY_REQUEST = False
        self.sign_in(name)

    def set_up(self, name: str = "specialist", *, ready: str = ".row, .nobody") -> None:
        self.sign_in(name)
        self.page.goto("/tablet/")
        self.page.get_by_label("新口令").fill(PIN)
        self.page.get_by_label("再输入一次").fill(PIN)
        self.page.get_by_role("button", name="设置本机").click()
        expect(self.page.locator(ready).first).to_be_visible()

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("平板口令").fill(pin)
        self.page.get_by_role("button", name="打开").click()

    def ready_offline(self) -> None:
        """The service worker has the page and all its files."""
        self.page.evaluate("""async () => {
          const { active } = await navigator.serviceWorker.ready;
          while (active.state !== "activated") await new Promise((done) => setTimeout(done, 20));
        }""")

    def household(self, name: str) -> None:
        self.page.locator(".row", has_text=name).locator("a").click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def begin(self, name: str) -> None:
        self.household(name)
        self.page.get_by_role("button", name="有变化").click()
        expect(self.page.get_by_role("heading", level=1, name="有什么变化")).to_be_visible()

    def go(self, hash_: str) -> None:
        self.page.evaluate("(hash) => { location.hash = hash; }", hash_)

    def section(self, name: str):
        section = self.page.locator(f'details.section[data-path="{name}"]')
        if section.get_attribute("open") is None:
            section.locator("summary").click()
        return section

    def timed(self, tap: str, until: str) -> float:
        return self.page.evaluate(TIMED, {"tap": tap, "until": until})


@pytest.fixture
def make_tablet(chromium, live_server, sign_in, settings):
    """``make_tablet()`` is one more device; a script error on any of them fails the test."""
    made: list[Tablet] = []

    def _make(**options) -> Tablet:
        options = {"viewport": TABLET, "has_touch": True, "locale": "zh-CN", **options}
        context = chromium.new_context(base_url=live_server.url, timezone_id="Asia/Shanghai", **options)
        made.append(Tablet(context, sign_in, live_server.url, settings))
        return made[-1]

    yield _make
    for one in made:
        one.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []


@pytest.fixture
def tablet(make_tablet) -> Tablet:
    return make_tablet()


def line(page, words: str):
    """Waits until the line at the top says it."""
    expect(page.locator("#line")).to_contain_text(re.compile(words))
