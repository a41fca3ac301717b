"""A real Chromium on a real server process of the test."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import PASSWORD

# Patience with a busy machine; what must be quick is measured where it is said.
expect.set_options(timeout=20_000)

ARGUMENTS = [
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session", autouse=True)
def allow_blocking_calls():
    """Playwright runs an event loop in this thread, and Django refuses its database beside one."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


# Rooms of tests that import the fixture get the same browser: Playwright starts once in a process.
_started: list[Browser] = []


@pytest.fixture(scope="session")
def chromium():
    if _started:
        yield _started[0]
        return
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        _started.append(browser)
        yield browser
        _started.clear()
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A desk screen in Chinese; a script error or a breach of the content policy fails the test."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def enter(cast, page):
    """``enter("staff")`` signs that person in through the page."""

    def _enter(name: str):
        user = cast.members[name]
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page.goto("/")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        with page.expect_navigation(url=lambda url: "/sign-in/" not in url):
            page.get_by_role("button", name="登录").click()

    return _enter
