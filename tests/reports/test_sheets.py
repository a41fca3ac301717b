"""Sheets for the villages' boards: the right address in the code, one page each, no village of elsewhere."""

import datetime as dt
import re
import shutil
import subprocess

import pytest

from households.models import Area
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.reports.conftest import PUBLIC_HOST

LIST, PRINT = "/reports/sheets/", "/reports/sheets/print/"


def _villages(response) -> list[str]:
    return re.findall(r'<span class="address">\S+/v/(\d{12})/</span>', response.content.decode())


@pytest.mark.parametrize(
    ("host", "secure", "address"),
    [
        (PUBLIC_HOST, False, f"http://{PUBLIC_HOST}/v/{VILLAGES[0]}/"),
        (f"{PUBLIC_HOST}:8100", False, f"http://{PUBLIC_HOST}:8100/v/{VILLAGES[0]}/"),
        (PUBLIC_HOST, True, f"https://{PUBLIC_HOST}/v/{VILLAGES[0]}/"),
    ],
)
def test_the_address_is_the_public_one_in_letters_and_in_the_code(
    sign_in, monkeypatch, settings, host, secure, address
):
    settings.PUBLIC_HOST = host
    coded = []
    monkeypatch.setattr("alerts.reports.sheets._qr", lambda text: coded.append(text) or "")
    page = sign_in("staff").get(PRINT, {"village": VILLAGES[0]}, secure=secure)
    assert f'<span class="address">{address}</span>' in page.content.decode()
    assert coded == [address]


def test_the_sheet_says_who_what_and_by_when(sign_in):
    page = sign_in("staff").get(PRINT, {"village": VILLAGES[0]}).content.decode()
    assert page.count("<svg") == 1
    for said in ("长江村", "谁可以上报", "看病花钱多", "7天内", "5个工作日", "12317", "12345", "不收", "三年"):
        assert said in page


def test_all_villages_of_a_township_at_once(sign_in):
    there = set(Area.objects.filter(township=TOWNSHIP, level="village").values_list("pk", flat=True))
    page = sign_in("township").get(PRINT, {"township": TOWNSHIP})
    assert set(_villages(page)) == there
    assert page.content.decode().count("<article>") == len(there)


def test_a_specialist_chooses_among_the_own_villages(sign_in):
    client = sign_in("specialist")
    assert set(re.findall(r'value="(\d{12})"', client.get(LIST).content.decode())) == set(VILLAGES)
    assert _villages(client.get(PRINT, {"village": VILLAGES})) == sorted(VILLAGES)
    assert set(_villages(client.get(PRINT, {"township": TOWNSHIP}))) == set(VILLAGES)


@pytest.mark.parametrize(
    "query",
    [
        {"village": ELSEWHERE},
        {"village": [VILLAGES[0], ELSEWHERE]},
        {"township": ELSEWHERE[:9]},
        {},
        {"village": "x"},
    ],
)
def test_a_village_of_elsewhere_is_nowhere(sign_in, query):
    assert sign_in("specialist").get(PRINT, query).status_code == 404


def test_a_village_that_is_no_more_has_no_sheet(sign_in):
    Area.objects.filter(pk=VILLAGES[0]).update(valid_until=dt.date(2020, 12, 31), successor=VILLAGES[1])
    client = sign_in("specialist")
    assert VILLAGES[0] not in client.get(LIST).content.decode()
    assert client.get(PRINT, {"village": VILLAGES[0]}).status_code == 404


def test_without_a_public_host_the_page_says_so(sign_in, settings):
    settings.PUBLIC_HOST = ""
    page = sign_in("staff").get(LIST).content.decode()
    assert "PUBLIC_HOST" in page and 'name="village"' not in page


def test_the_whole_county_costs_few_queries(sign_in, django_assert_max_num_queries):
    client = sign_in("admin")
    with django_assert_max_num_queries(12):
        assert client.get(LIST).content.decode().count('name="village"') == 179
    codes = list(Area.objects.filter(level="village").values_list("pk", flat=True))
    with django_assert_max_num_queries(12):
        assert len(_villages(client.get(PRINT, {"village": codes}))) == 179


@pytest.mark.browser
def test_each_village_is_one_page_of_paper(sign_in, tmp_path, settings):
    """The page as it is printed, its style sheet beside it: as many pages as villages."""
    page = sign_in("staff").get(PRINT, {"village": VILLAGES}).content.decode()
    style = (settings.BASE_DIR / "static" / "css" / "village_sheet.css").read_text(encoding="utf-8")
    source, target = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
    source.write_text(re.sub(r'<link rel="stylesheet"[^>]*>', f"<style>{style}</style>", page), encoding="utf-8")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    words = ["--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run([chromium, *words], check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", target.read_bytes())) == len(VILLAGES)
