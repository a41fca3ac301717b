"""The pages of imports: upload, preview, commit, rows, the queue, the doubts."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from households.imports import tasks
from households.imports.staging import stage_import
from households.models import AuditEntry, Doubt, Household, Import, IncomeLine, MedicalBill, Person, StagedRow
from tests.imports.conftest import CODE, CODE_2, INCOME, MEDICAL, as_csv, number, preview, take_in

pytestmark = pytest.mark.django_db
GOOD = [CODE, "202206", "工资性收入", "务工", "100"]
BAD = [CODE, "202206", "工资性收入", "务工", "约八千元"]
STRANGE = ["420527103204009999", "202206", "工资性收入", "务工", "100"]
UNKNOWN = number("19700101", 1)
BILL = [UNKNOWN, "张三", "住院", "2022-06-05", "2000", "500"]


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """A worker that reads at once."""
    monkeypatch.setattr(tasks.stage_import_task, "delay", stage_import)


def upload(client, content: bytes, name="收入台账.csv", **fields):
    return client.post(reverse("imports:upload"), {"file": SimpleUploadedFile(name, content), **fields})


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"imports:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_from_upload_over_preview_to_the_register(sign_in, county):
    client = sign_in("staff")

    response = upload(client, as_csv(INCOME, GOOD, BAD))
    row = Import.objects.latest("pk")
    assert response.url == reverse("imports:detail", args=[row.pk])
    shown = page(client, "detail", row.pk)
    assert reverse("imports:commit", args=[row.pk]) in shown
    assert "金额" in shown
    assert not IncomeLine.objects.exists()

    response = client.post(reverse("imports:commit", args=[row.pk]))
    assert response.url == reverse("imports:detail", args=[row.pk])
    assert IncomeLine.objects.count() == 1
    assert reverse("imports:commit", args=[row.pk]) not in page(client, "detail", row.pk)


def test_a_file_that_cannot_be_used_is_answered_with_a_sentence(sign_in):
    response = upload(sign_in("staff"), b"")
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not Import.objects.exists()


def test_month_and_day_are_taken_from_the_form(sign_in, county):
    upload(sign_in("officer"), as_csv(MEDICAL, BILL), "医保.csv", month="2022-05")
    assert Import.objects.latest("pk").month == dt.date(2022, 5, 1)


def test_a_month_that_is_none_is_said(sign_in):
    response = upload(sign_in("staff"), as_csv(MEDICAL, BILL), "医保.csv", month="2022-13")
    assert response.status_code == 422
    assert "month" in response.context["form"].errors


def test_the_page_asks_again_only_while_the_file_is_read(sign_in, county, monkeypatch):
    monkeypatch.setattr(tasks.stage_import_task, "delay", lambda pk: None)
    client = sign_in("staff")
    upload(client, as_csv(INCOME, GOOD))
    row = Import.objects.latest("pk")
    assert 'hx-trigger="every 1s"' in page(client, "detail", row.pk)
    stage_import(row.pk)
    assert "hx-trigger" not in page(client, "detail", row.pk)


def test_the_same_file_again_is_said(sign_in, county):
    take_in(as_csv(INCOME, GOOD))
    client = sign_in("staff")
    upload(client, as_csv(INCOME, GOOD))
    first, second = Import.objects.order_by("-pk")[1], Import.objects.latest("pk")
    assert reverse("imports:detail", args=[first.pk]) in page(client, "detail", second.pk)


def test_a_file_can_be_discarded(sign_in, county):
    client, row = sign_in("staff"), preview(as_csv(INCOME, GOOD))
    assert client.post(reverse("imports:discard", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.state == "discarded"
    page(client, "detail", row.pk)
    assert client.get(reverse("imports:refused", args=[row.pk])).status_code == 404


def test_refused_rows_are_downloaded_and_the_download_audited(sign_in, cast, county):
    row = take_in(as_csv(INCOME, GOOD, BAD))
    response = sign_in("staff").get(reverse("imports:refused", args=[row.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert "约八千元" in response.content.decode()
    assert AuditEntry.objects.filter(action="import_refused_read", actor=cast.staff, subject_id=row.pk).exists()


@pytest.mark.parametrize("outcome", ["new", "changed", "same", "repeated", "waiting", "refused", "doubtful"])
def test_rows_are_shown_by_outcome(sign_in, county, outcome):
    row = take_in(as_csv(INCOME, GOOD, GOOD, BAD, STRANGE))
    assert ("420527103204009999" in page(sign_in("staff"), "rows", row.pk, outcome=outcome)) == (
        outcome == "waiting"
    )


def test_rows_are_leafed_through_by_row_number(sign_in, county):
    row = take_in(as_csv(INCOME, *[[*GOOD[:4], str(amount)] for amount in range(120)]))
    client = sign_in("staff")
    numbers = []
    query = {"outcome": "new"}
    for _page in range(3):
        response = client.get(reverse("imports:rows", args=[row.pk]), query)
        shown = response.context["page"]
        numbers += [shown_row.row.row_number for shown_row in shown.rows]
        query["after"] = shown.after
    assert numbers == list(range(2, 122))
    assert shown.after is None
    back = client.get(reverse("imports:rows", args=[row.pk]), {"outcome": "new", "before": shown.before})
    assert [shown_row.row.row_number for shown_row in back.context["page"].rows] == list(range(52, 102))


@pytest.mark.parametrize("query", [{"outcome": "strange"}, {"after": "x"}])
def test_an_unknown_filter_is_no_page(sign_in, county, query):
    row = take_in(as_csv(INCOME, GOOD))
    assert sign_in("staff").get(reverse("imports:rows", args=[row.pk]), query).status_code in (400, 404)


def test_an_officer_sees_the_own_department_only(sign_in, county):
    income, medical = take_in(as_csv(INCOME, GOOD)), take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    client = sign_in("officer")
    assert "医保_202206.csv" in page(client, "list")
    assert list(client.get(reverse("imports:list")).context["page"].rows) == [medical]
    for name in ("detail", "rows", "refused"):
        assert client.get(reverse(f"imports:{name}", args=[income.pk])).status_code == 404
    page(client, "rows", medical.pk, outcome="waiting")


def test_an_officer_sees_nothing_of_the_register(sign_in, county):
    known = number("19800501", 1)
    row = take_in(as_csv(MEDICAL, [known, "别名", *BILL[2:]]), "医保_202206.csv")
    client = sign_in("officer")
    shown = page(client, "rows", row.pk, outcome="new") + page(client, "doubts") + page(client, "detail", row.pk)
    assert "张三" not in shown
    assert CODE not in shown
    assert client.get(reverse("imports:waiting")).status_code == 403


def test_no_page_shows_a_whole_number(sign_in, county):
    row = take_in(as_csv(MEDICAL, BILL, [number("19800501", 1), *BILL[1:]]), "医保_202206.csv")
    client = sign_in("staff")
    waiting = StagedRow.objects.get(outcome="waiting")
    pages = [page(client, "rows", row.pk, outcome=outcome) for outcome in ("new", "waiting")]
    pages += [page(client, "waiting"), page(client, "waiting-row", waiting.pk)]
    assert all(UNKNOWN not in shown and number("19800501", 1) not in shown for shown in pages)
    assert f"{UNKNOWN[:6]}********{UNKNOWN[-4:]}" in pages[1]


def test_a_waiting_row_is_matched_on_its_page(sign_in, county):
    take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    client, waiting = sign_in("staff"), StagedRow.objects.get(outcome="waiting")
    person = Person.objects.get(name="张三")
    suggested = client.get(reverse("imports:waiting-row", args=[waiting.pk])).context["candidates"]
    assert [candidate.subject_id for candidate in suggested] == [person.pk]

    client.post(reverse("imports:waiting-match", args=[waiting.pk]), {"subject": person.pk})

    assert MedicalBill.objects.get().person == person
    assert client.get(reverse("imports:waiting-row", args=[waiting.pk])).status_code == 404


@pytest.mark.parametrize(
    ("term", "found"), [("李四", ["李四"]), (number("19900101", 3), ["李四"]), ("ls", ["李四"])]
)
def test_a_person_is_searched_for_and_the_search_audited(sign_in, cast, county, term, found):
    take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    waiting = StagedRow.objects.get(outcome="waiting")
    response = sign_in("staff").post(reverse("imports:waiting-search", args=[waiting.pk]), {"term": term})
    assert [candidate.name for candidate in response.context["candidates"]] == found
    entry = AuditEntry.objects.get(action="import_search", actor=cast.staff)
    assert term not in str(entry.detail)


def test_a_household_is_searched_for_and_matched(sign_in, county):
    take_in(as_csv(INCOME, STRANGE))
    client, waiting = sign_in("staff"), StagedRow.objects.get(outcome="waiting")
    response = client.post(reverse("imports:waiting-search", args=[waiting.pk]), {"term": CODE_2})
    household = Household.objects.get(code=CODE_2)
    assert [candidate.subject_id for candidate in response.context["candidates"]] == [household.pk]
    client.post(reverse("imports:waiting-match", args=[waiting.pk]), {"subject": household.pk})
    assert IncomeLine.objects.get().household == household


@pytest.mark.parametrize("subject", ["0", "x", ""])
def test_a_subject_that_one_may_not_see_is_no_subject(sign_in, county, subject):
    take_in(as_csv(INCOME, STRANGE))
    waiting = StagedRow.objects.get(outcome="waiting")
    response = sign_in("staff").post(reverse("imports:waiting-match", args=[waiting.pk]), {"subject": subject})
    assert response.status_code == 404
    assert not IncomeLine.objects.exists()


def test_a_row_is_dismissed_only_with_a_reason(sign_in, county):
    take_in(as_csv(INCOME, STRANGE))
    client, waiting = sign_in("staff"), StagedRow.objects.get(outcome="waiting")
    url = reverse("imports:waiting-dismiss", args=[waiting.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "外县农户"}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.resolved_at


def test_doubts_are_listed_and_settled(sign_in, county):
    take_in(as_csv(MEDICAL, [number("19800501", 1), "别名", *BILL[2:]]), "医保_202206.csv")
    client, doubt = sign_in("staff"), Doubt.objects.get()
    assert "张三" in page(client, "doubts")
    client.post(reverse("imports:doubt-settle", args=[doubt.pk]))
    assert "张三" not in page(client, "doubts")


@pytest.mark.parametrize("name", ["list", "waiting", "doubts"])
def test_a_list_answers_htmx_with_its_part_alone(sign_in, county, name):
    client = sign_in("staff")
    response = client.get(reverse(f"imports:{name}"), headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div id="results">')
    assert "HX-Request" in response["Vary"]


def test_lists_take_few_queries(sign_in, county, django_assert_max_num_queries):
    for month in range(1, 7):
        take_in(as_csv(MEDICAL, BILL), f"医保_20220{month}.csv")
    client = sign_in("staff")
    with django_assert_max_num_queries(12):
        page(client, "list")
    with django_assert_max_num_queries(12):
        page(client, "waiting")
    with django_assert_max_num_queries(20):
        page(client, "detail", Import.objects.latest("pk").pk)
