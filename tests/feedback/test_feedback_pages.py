"""Pages of the feedback: whose files, what stands on a row, the download, the home page of an officer."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse

from alerts.kinds import Risk
from alerts.models import Alert, Outcome, Verdict
from households.models import AuditEntry
from monitoring.feedback.fates import Fate, count_fates
from tests.feedback.conftest import ROWS, SICK, bill, send

pytestmark = pytest.mark.django_db


def url_of(row, name: str = "file") -> str:
    return reverse(f"feedback:{name}", args=[row.pk])


def numbers(response) -> list[int]:
    assert response.status_code == 200, response.content.decode()
    return [shown.number for shown in response.context["rows"]]


def cells(response) -> list[tuple]:
    """The cells of a downloaded sheet; its bytes are read whole, as a browser would."""
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert all(cell.data_type == "s" or cell.value is None for row in book.active.rows for cell in row)
    return list(book.active.values)


def test_an_officer_sees_the_files_of_the_own_department_only(sent, sign_in, officer_of):
    officer_of("civil")
    assert [row.pk for row in sign_in("officer").get("/feedback/").context["page"].rows] == [sent.pk]
    assert sign_in("officer-civil").get("/feedback/").context["page"].rows == []
    assert sign_in("officer-civil").get(url_of(sent)).status_code == 404
    assert sign_in("officer-civil").get(url_of(sent, "file-download")).status_code == 404


def test_the_county_chooses_a_department_and_an_officer_cannot(sent, sign_in):
    for department, found in (("medical", [sent.pk]), ("civil", [])):
        page = sign_in("staff").get(f"/feedback/?department={department}").context["page"]
        assert [row.pk for row in page.rows] == found
        assert sign_in("officer").get(f"/feedback/?department={department}").status_code == 400


def test_a_file_that_is_not_in_the_register_has_no_answer_yet(sent, sign_in):
    type(sent).objects.filter(pk=sent.pk).update(state="staged")
    assert sign_in("officer").get("/feedback/").context["page"].rows == []
    assert sign_in("officer").get(url_of(sent)).status_code == 404


def test_a_row_says_what_became_of_it(sent, verify, move, sign_in):
    verify("confirmed")
    move("township", "review")
    move("staff", "close", outcome="measures")
    rows = {shown.number: shown for shown in sign_in("officer").get(url_of(sent)).context["rows"]}
    (alert,) = rows[2].alerts
    assert (alert.level, alert.step) == (Alert.objects.get().level, str(Alert.objects.get().get_status_display()))
    for word in (Verdict.CONFIRMED.label, Risk.ILLNESS.label, Risk.INCOME.label):
        assert str(word) in alert.verdict
    assert alert.outcome == str(Outcome.MEASURES.label)
    assert rows[5].reasons
    assert rows[4].reasons


def test_persons_are_masked(sent, sign_in):
    page = sign_in("officer").get(url_of(sent)).content.decode()
    assert "向*" in page
    assert "向病" not in page
    assert SICK not in page
    assert f"{SICK[:6]}********{SICK[-4:]}" in page


def test_an_officer_is_led_to_no_alert_and_the_county_is(sent, sign_in):
    link = reverse("pages:alert", args=[Alert.objects.get().pk])
    assert link not in sign_in("officer").get(url_of(sent)).content.decode()
    assert link in sign_in("staff").get(url_of(sent)).content.decode()


def test_each_total_opens_exactly_its_rows(sent, verify, sign_in):
    verify("no_risk")
    browser = sign_in("officer")
    context = browser.get(url_of(sent)).context
    assert context["total"] == len(ROWS) == len(numbers(browser.get(url_of(sent))))
    for tab in context["tabs"]:
        assert len(numbers(browser.get(url_of(sent) + tab["url"]))) == tab["count"] > 0


def test_a_long_file_has_pages(cast, sick, well, sign_in):
    row = send([bill(SICK, "向病", 1, total=100 + nth) for nth in range(120)], by=cast.officer)
    browser = sign_in("officer")
    first = browser.get(url_of(row))
    assert numbers(first) == list(range(2, 52))
    second = browser.get(f"{url_of(row)}?after={first.context['page'].after}")
    assert numbers(second) == list(range(52, 102))
    assert numbers(browser.get(f"{url_of(row)}?before=52")) == numbers(first)
    assert numbers(browser.get(f"{url_of(row)}?after=101")) == list(range(102, 122))


def test_reading_rows_is_noted(sent, sign_in):
    sign_in("officer").get(url_of(sent))
    entry = AuditEntry.objects.get(action="feedback_read")
    assert (entry.actor.username, entry.subject, entry.subject_id) == ("officer", "import", str(sent.pk))
    assert entry.detail == {"row": 2, "rows": 6}


def test_the_download_is_what_the_page_shows(sent, verify, sign_in):
    verify("unclear")
    browser = sign_in("officer")
    heading, *lines = cells(browser.get(url_of(sent, "file-download")))
    shown = browser.get(url_of(sent)).context["rows"]
    assert len(heading) == len(lines[0]) == 10
    assert [line[:4] for line in lines] == [
        (str(row.number), row.name, row.identity, str(row.fate.label)) for row in shown
    ]
    assert SICK not in str(lines)
    assert len(cells(browser.get(url_of(sent, "file-download") + "?fate=unclear"))) == 1 + 2
    details = [entry.detail for entry in AuditEntry.objects.filter(action="feedback_downloaded").order_by("id")]
    assert details == [{"rows": 6}, {"rows": 2, "fate": "unclear"}]


@pytest.mark.parametrize("query", ["fate=nothing", "fate=refused&after=0", "sort=name", "after=5&before=9"])
def test_it_refuses_what_it_does_not_know(sent, sign_in, query):
    assert sign_in("officer").get(f"{url_of(sent)}?{query}").status_code in (400, 404)


@pytest.mark.parametrize(("name", "most"), [("officer", 12), ("staff", 12)])
def test_it_takes_few_queries(sent, verify, sign_in, count_queries, name, most):
    verify("confirmed")
    browser = sign_in(name)
    browser.get("/feedback/")
    for url in ("/feedback/", url_of(sent), f"{url_of(sent)}?fate=confirmed"):
        response, queries = count_queries(lambda url=url: browser.get(url))
        assert response.status_code == 200
        assert queries <= most, url


def test_a_file_of_many_alerts_takes_no_more_queries(cast, sick, well, sign_in, count_queries):
    row = send([bill(SICK, "向病", 5500, total=9000 + nth) for nth in range(40)], by=cast.officer)
    browser = sign_in("officer")
    browser.get("/feedback/")
    _response, queries = count_queries(lambda: browser.get(url_of(row)))
    assert queries <= 12


def test_the_numbers_of_an_officers_home_open_exactly_their_lists(sent, verify, sign_in):
    verify("confirmed")
    browser = sign_in("officer")
    answer = browser.get("/").context["answer"]
    assert answer.row.pk == sent.pk
    labels = {tile.label for tile in answer.tiles}
    assert {
        str(fate.label) for fate, count in count_fates(sent).items() if count for fate in [Fate(fate)]
    } < labels
    for tile in answer.tiles:
        assert len(numbers(browser.get(tile.url))) == tile.value, tile.label
    assert answer.confirmed.value == 1
    assert len(browser.get(answer.confirmed.url).context["rows"]) == 1


def test_an_officers_home_before_the_first_file(sign_in):
    response = sign_in("officer").get("/")
    assert response.status_code == 200
    assert (response.context["answer"].row, response.context["answer"].confirmed.value) == (None, 0)


@pytest.mark.parametrize("name", ["staff", "township", "specialist"])
def test_others_have_no_such_answer_on_their_home(sent, sign_in, name):
    assert "answer" not in sign_in(name).get("/").context


def test_an_officers_home_takes_few_queries(sent, sign_in, count_queries):
    browser = sign_in("officer")
    response, queries = count_queries(lambda: browser.get("/"))
    assert response.status_code == 200
    assert queries <= 25


def test_no_word_on_the_pages_is_of_a_person(sent, sign_in):
    """Names of the register stand on none of them: the file's own are masked."""
    page = re.sub(r"<[^>]+>", " ", sign_in("staff").get(url_of(sent)).content.decode())
    assert "郑好" not in page
    assert "郑*" in page


def test_a_fate_that_no_row_has_is_an_empty_page_with_the_totals(sent, sign_in):
    response = sign_in("officer").get(f"{url_of(sent)}?fate=quiet")
    assert numbers(response) == []
    assert response.context["total"] == len(ROWS)
