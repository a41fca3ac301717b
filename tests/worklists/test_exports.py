"""The spreadsheet holds exactly what the list shows, as text, and the audit says who took it and what for."""

from io import BytesIO

import openpyxl
import pytest

from alerts.travel import export_views
from households.models import AuditEntry
from tests import factories
from tests.conftest import VILLAGES

PURPOSE = {"purpose": "visits"}


def _rows(response) -> list[dict[str, str]]:
    """Rows by heading; every cell must be text."""
    assert response.status_code == 200, response.content.decode()
    content = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    lines = list(sheet.iter_rows())
    for line in lines:
        assert {cell.data_type for cell in line} <= {"s", "n"}
        assert all(cell.value is None or isinstance(cell.value, str) for cell in line)
        assert {cell.number_format for cell in line} == {"@"}
    headings = [cell.value for cell in lines[0]]
    return [dict(zip(headings, [cell.value or "" for cell in line], strict=True)) for line in lines[1:]]


def _pages(client, url, key):
    """The alerts of a list over all its pages, in order."""
    ids = []
    while url:
        context = client.get(url).context
        ids += (
            [alert.pk for alert in context["alerts"]]
            if key == "alerts"
            else [row.alert.pk for row, _ in context["rows"]]
        )
        url = context["next_url"] and url.partition("?")[0] + context["next_url"]
    return ids


@pytest.mark.parametrize("name", ["staff", "township", "specialist"])
@pytest.mark.parametrize(
    "query",
    [
        "work/?tab=mine",
        "work/?tab=others&kind=INC02",
        "work/?tab=overdue",
        "alerts/?open=any",
        "alerts/?holder=village",
    ],
)
def test_it_holds_the_rows_of_the_list_in_its_order(sign_in, ways, monkeypatch, name, query):
    monkeypatch.setattr("alerts.travel.views.PAGE_ROWS", 2)
    monkeypatch.setattr("alerts.travel.worklist_views.PAGE_ROWS", 2)
    client = sign_in(name)
    listed = _pages(client, f"/{query}", query.partition("/")[0])

    rows = _rows(client.post(f"/{query.replace('/', '/export/', 1)}", PURPOSE))

    assert [int(row["预警"]) for row in rows] == listed


def test_without_a_filter_it_is_what_the_page_shows_without_one(sign_in, ways):
    client = sign_in("specialist")

    rows = _rows(client.post("/alerts/export/", PURPOSE))

    assert [int(row["预警"]) for row in rows] == _pages(client, "/alerts/", "alerts")


def test_the_page_says_which_tab_is_exported(sign_in, ways):
    page = sign_in("specialist").get("/work/export/?tab=others").content.decode()

    assert "列表：等待他人办理" in page


def test_the_link_of_the_list_leads_to_its_export(sign_in, ways):
    client = sign_in("specialist")

    assert (
        'href="/work/export/?tab=overdue&amp;level=yellow"'
        in client.get("/work/?tab=overdue&level=yellow").content.decode()
    )
    assert 'href="/alerts/export/?open=true"' in client.get("/alerts/").content.decode()


def test_text_stays_text(sign_in, today):
    home = factories.household(village=VILLAGES[0], head_name="=1+1", code="420527103204000001")
    factories.alert(
        household=home, holder="village", status="dispatched", due_on=today, sentence_zh="+SUM(A1) <b>&_x0041_\x0b"
    )

    (row,) = _rows(sign_in("specialist").post("/work/export/", PURPOSE))

    assert row["农户"] == "=1+1"
    assert row["户编号"] == "420527103204000001"
    assert row["发现情况"].replace("_x005F_", "_") == "+SUM(A1) <b>&_x0041_"
    assert (row["村"], row["环节"], row["剩余时间"]) == ("长江村", "待签收", "今日到期")


def test_it_says_who_has_it_also_outside_the_own_area(sign_in, ways):
    rows = _rows(sign_in("specialist").post("/work/export/?tab=others", PURPOSE))

    assert {row["当前办理方"] for row in rows} == {"秭归县", "屈原镇", "铺坪村 · 同事", "屈原村"}


def test_it_is_noted_with_what_for_and_how_many(sign_in, ways, cast):
    _rows(sign_in("specialist").post("/work/export/?tab=mine&kind=MED02", PURPOSE))

    entry = AuditEntry.objects.get(action="alerts_exported")
    assert entry.actor == cast.specialist
    assert entry.detail == {"purpose": "visits", "rows": 1, "filters": "tab=mine&kind=MED02"}


@pytest.mark.parametrize("data", [{}, {"purpose": ""}, {"purpose": "because"}])
def test_without_a_purpose_there_is_no_file(sign_in, ways, data):
    response = sign_in("specialist").post("/work/export/", data)

    assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="alerts_exported").exists()


@pytest.mark.parametrize(("highest", "status"), [(4, 200), (3, 422)])
def test_a_list_longer_than_a_file_takes_is_told_and_not_cut(sign_in, ways, monkeypatch, highest, status):
    """Four alerts are the specialist's."""
    monkeypatch.setattr(export_views, "HIGHEST", highest)
    client = sign_in("specialist")

    assert client.post("/work/export/", PURPOSE).status_code == status
    assert client.get("/work/export/").context["too_many"] == (status == 422)


@pytest.mark.parametrize("path", ["/work/export/?level=blue", "/alerts/export/?level=blue"])
def test_an_empty_list_offers_no_download_and_gives_no_file(sign_in, ways, path):
    client = sign_in("specialist")
    page = client.get(path).content.decode()

    assert ("没有可导出的内容：列表为空。" in page, "下载" in page) == (True, False)
    assert client.post(path, PURPOSE).status_code == 422
    assert not AuditEntry.objects.filter(action="alerts_exported").exists()


@pytest.mark.parametrize("path", ["/work/export/?tab=x", "/work/export/?open=true", "/alerts/export/?level=pink"])
def test_a_wrong_filter_exports_nothing(sign_in, ways, path):
    assert sign_in("specialist").post(path, PURPOSE).status_code == 400


@pytest.mark.parametrize("path", ["/work/export/", "/alerts/export/"])
@pytest.mark.parametrize("name", ["auditor", "officer"])
def test_who_moves_nothing_exports_nothing(sign_in, ways, path, name):
    assert sign_in(name).post(path, PURPOSE).status_code == 403
