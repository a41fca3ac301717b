"""The villagers' page on a narrow phone whose browser runs no script: everything works, large and light."""

import re
from urllib.parse import urlsplit

import pytest

from alerts.models import Report
from tests.conftest import VILLAGES

pytestmark = pytest.mark.browser

PUBLIC_HOST = "report.localhost"
HEAVIEST = 30 * 1024
SMALLEST_TYPE, SMALLEST_TARGET = 20, 48

# What a checker looks for: size of text and of what is tapped, width, contrast of text on its ground, labels.
PROBLEMS = """
() => {
  const found = [];
  const shown = (element) => element.offsetParent !== null && !element.closest(".away");
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!shown(element)) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const name = element.tagName.toLowerCase() + " " + element.textContent.trim().slice(0, 20);
    if (own && parseFloat(style.fontSize) < SMALLEST_TYPE) found.push("small type: " + name);
    if (own) {
      const [one, other] = [light(style.color), light(ground(element))].sort((a, b) => b - a);
      if ((one + 0.05) / (other + 0.05) < 7) found.push("faint: " + name);
    }
    if (box.right > innerWidth + 1) found.push("too wide: " + name);
  }
  const targets = "a, button, input:not([type=radio]):not([type=hidden]), textarea, label.choice";
  for (const target of document.querySelectorAll(targets)) {
    if (shown(target) && target.getBoundingClientRect().height < SMALLEST_TARGET)
      found.push("small target: " + target.tagName + " " + target.textContent.trim());
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea")) {
    if (!field.labels.length) found.push("no label: " + field.name);
  }
  if (document.querySelectorAll("h1").length !== 1) found.push("not one heading");
  if (!document.documentElement.lang || !document.title) found.push("no language or title");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) found.push("an id twice");
  for (const element of document.querySelectorAll("[aria-describedby]"))
    for (const id of element.getAttribute("aria-describedby").trim().split(/\\s+/))
      if (!document.getElementById(id)) found.push("describedby nothing: " + id);
  return found;
}
""".replace("SMALLEST_TYPE", str(SMALLEST_TYPE)).replace("SMALLEST_TARGET", str(SMALLEST_TARGET))


@pytest.fixture
def old_phone(chromium, live_server, settings):
    """A page 320 pixels wide that runs no script, with the responses that it has ``loaded``."""
    settings.PUBLIC_HOST = PUBLIC_HOST
    settings.ALLOWED_HOSTS = ["*"]
    context = chromium.new_context(
        base_url=f"http://{PUBLIC_HOST}:{urlsplit(live_server.url).port}",
        locale="zh-CN",
        viewport={"width": 320, "height": 480},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.loaded = []
    page.on("response", lambda response: page.loaded.append(response))
    yield page
    context.close()


def _must_be_readable(page) -> None:
    # A click has waited until the next page is there, not until it is read.
    page.wait_for_load_state()
    assert page.evaluate(PROBLEMS) == []


def test_a_report_from_the_sheet_to_the_receipt(old_phone, cast):
    old_phone.goto("/")
    _must_be_readable(old_phone)
    old_phone.get_by_role("link", name="屈原镇").click()
    _must_be_readable(old_phone)
    old_phone.get_by_role("link", name="长江村").click()
    _must_be_readable(old_phone)

    old_phone.get_by_label("您的姓名").fill("王秀英")
    old_phone.get_by_label("身份证号").fill("123")
    old_phone.get_by_label("看病花钱多").check()
    old_phone.get_by_role("button", name="提交").click()
    _must_be_readable(old_phone)
    assert old_phone.get_by_label("您的姓名").input_value() == "王秀英"
    assert old_phone.get_by_label("看病花钱多").is_checked()
    old_phone.get_by_role("link", name="请填写手机号。").click()
    old_phone.keyboard.type("13812345678")
    old_phone.get_by_label("您的手机号").fill("13812345678")
    old_phone.get_by_label("身份证号").fill("")
    old_phone.get_by_label("说说您家的困难").fill("老伴住院花了很多钱")
    old_phone.get_by_role("button", name="提交").click()
    _must_be_readable(old_phone)
    receipt = old_phone.locator(".receipt").inner_text()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", receipt)
    assert Report.objects.get().state == "accepted"

    old_phone.get_by_role("main").get_by_role("link", name="查看办理进展").click()
    _must_be_readable(old_phone)
    old_phone.get_by_label("回执号").fill(receipt.lower())
    old_phone.get_by_label("手机号后四位").fill("5678")
    old_phone.get_by_role("button", name="查看").click()
    old_phone.get_by_text("已收到").wait_for()
    _must_be_readable(old_phone)
    assert not [each.url for each in old_phone.loaded if "5678" in each.url or receipt in each.url.upper()]
    assert old_phone.context.cookies() == []


def test_for_somebody_ill_old_or_disabled_in_english(old_phone, cast):
    old_phone.goto(f"/v/{VILLAGES[0]}/")
    old_phone.get_by_role("link", name="English").click()
    old_phone.get_by_role("link", name="I report for somebody").click()
    _must_be_readable(old_phone)
    old_phone.get_by_label("The name of who needs help").fill("李大爷")
    old_phone.get_by_label("Nobody at home can work").check()
    old_phone.get_by_label("Your own phone number").fill("13812345678")
    old_phone.get_by_role("button", name="Send").click()
    old_phone.get_by_role("heading", name="We have received your report").wait_for()
    report = Report.objects.get()
    assert (report.name, report.for_other, report.risk) == ("李大爷", True, "labour")


@pytest.mark.parametrize("path", ["/", "/t/420527101/", f"/v/{VILLAGES[0]}/", "/receipt/"])
def test_each_page_is_light_and_loads_nothing_but_its_style_sheet(old_phone, cast, path):
    old_phone.goto(path)
    assert len(old_phone.loaded) == 2
    assert sum(len(each.body()) for each in old_phone.loaded) <= HEAVIEST


def test_the_trap_is_not_seen_and_not_reached_by_the_keyboard(old_phone, cast):
    old_phone.goto(f"/v/{VILLAGES[0]}/")
    box = old_phone.locator("#homepage").bounding_box()
    assert box["x"] + box["width"] < 0
    assert old_phone.locator("#homepage").get_attribute("tabindex") == "-1"
