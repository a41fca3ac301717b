"""Read in sunlight, used by a thumb or a keyboard, on a tablet or a phone: measured on every view."""

import datetime as dt
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests import factories
from tests.tablet_device.ui import make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Beside what axe asks by itself: text at 7 to 1, for sunlight.
RUN = """async () => {
  const { violations } = await axe.run(document, { rules: { "color-contrast-enhanced": { enabled: true } } });
  return violations
    .filter(({ id, impact }) => id.startsWith("color-contrast") || ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}"""
# Everything that is tapped: its own box, or that of its label.
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".skip"))
  .map((node) => [node, (node.matches("[type=file]") ? document.querySelector(`label[for=${node.id}]`) : node)])
  .map(([node, box]) => [node.outerHTML.slice(0, 80), box.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
  .map(([html, { width, height }]) => `${Math.round(width)} x ${Math.round(height)}: ${html}`)"""


@pytest.fixture
def wang(cast):
    row = factories.household(members=2, head_name="王守田", house_grade="B", category="marginal")
    factories.person(household=row, born_on=dt.date(2015, 5, 1))
    factories.income(household=row, amount="2800")
    factories.alert(household=row, status="acknowledged", holder="village", level="red")
    factories.alert(household=row, kind="MED01", status="acknowledged", holder="village", level="yellow")
    factories.alert(household=row, kind="WAT01", status="dispatched", holder="village", level="blue")
    return row


def look(page, view: str):
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], view
    assert page.evaluate(SMALL) == [], view
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{view} scrolls sideways by {width}"


@pytest.mark.parametrize("size", [(1024, 768), (820, 1180), (360, 740)], ids="{0[0]}x{0[1]}".format)
def test_every_view_is_read_in_sunlight_and_tapped_by_a_thumb(make_tablet, wang, size):  # noqa: F811
    device = make_tablet(viewport={"width": size[0], "height": size[1]})
    page = device.page
    device.sign_in("specialist")
    page.goto("/tablet/")
    expect(page.get_by_label("新口令")).to_be_visible()
    look(page, "first PIN")
    device.set_up()
    look(page, "list")
    page.locator("#menu summary").click()
    look(page, "menu")
    page.keyboard.press("Escape")
    device.household("王守田")
    look(page, "household")
    page.get_by_role("button", name="有变化").click()
    for name in ("income", "work", "illness", "schooling", "house", "water", "disaster"):
        device.section(name).locator(".adder").first.click()
    page.get_by_role("button", name="完成走访").click()
    expect(page.locator(".problem").first).to_be_visible()
    look(page, "form with problems")
    device.go("#/outbox")
    expect(page.locator(".parcel")).to_be_visible()
    look(page, "outbox")
    device.go("#/leave")
    expect(page.get_by_role("button", name="上传并退出")).to_be_visible()
    look(page, "leaving")
    device.go("#/pin")
    expect(page.get_by_label("原口令")).to_be_visible()
    look(page, "another PIN")
    page.reload()
    expect(page.get_by_label("平板口令")).to_be_visible()
    look(page, "PIN")


def test_a_visit_is_made_without_a_finger(tablet, wang):  # noqa: F811
    tablet.set_up()
    page = tablet.page
    page.get_by_label("姓名或拼音首字母").focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.row') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="王守田")).to_be_focused()
    page.get_by_role("button", name="无变化").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="走访已保存")).to_be_focused()


def test_it_speaks_english_to_whoever_chose_it(make_tablet, wang):  # noqa: F811
    device = make_tablet(locale="en-US")
    device.sign_in("specialist")
    device.page.goto("/tablet/")
    device.page.get_by_label("New PIN").fill("246810")
    device.page.get_by_label("The same PIN again").fill("246810")
    device.page.get_by_role("button", name="Set up this tablet").click()
    device.page.locator(".row a").click()

    expect(device.page.get_by_role("button", name="Nothing has changed")).to_be_visible()
    look(device.page, "household in English")
