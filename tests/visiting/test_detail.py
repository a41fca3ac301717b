"""A visit's page: everything that was said, and what became of it; reading it is logged."""

import datetime as dt

import pytest
from django.urls import reverse

from households.models import AuditEntry, Household
from households.privacy.seal import seal
from households.visits.models import VisitAnswer, VisitPhoto
from tests import factories
from tests.conftest import ELSEWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

JPEG = b"\xff\xd8\xff\xe0 made up"


@pytest.fixture
def household():
    return factories.household(members=1, head_name="望山")


def page(client, visit):
    return client.get(reverse("visits:detail", args=[visit.pk]))


def answer(visit, **fields):
    return VisitAnswer.objects.create(
        visit=visit, county=visit.county, township=visit.township, village=visit.village, **fields
    )


def photo_of(visit) -> VisitPhoto:
    return VisitPhoto.objects.create(visit=visit, sha256="0" * 64, sealed=seal(JPEG), size=len(JPEG))


def test_it_shows_words_needs_and_risks(sign_in, household):
    visit = factories.visit(household=household, words="屋顶漏水", needs="想修房", risks=["illness"])
    text = page(sign_in("specialist"), visit).content.decode()
    assert all(words in text for words in ("屋顶漏水", "想修房", "望山"))


def test_each_answer_stands_beside_what_the_register_said(sign_in, household):
    visit = factories.visit(household=household)
    person = household.memberships.get().person
    answer(visit, section="work", field="work_months", person=person, said=6, stood=4, seen=3, state="asked")
    answer(visit, section="house", field="house_grade", said="C", stood=None, state="added")
    answer(
        visit, section="income", field="amount", month=dt.date(2022, 6, 1), kind="wage", item="务工",
        said="3000.00", stood="2800.00", state="declined", decision="台账无误",
    )  # fmt: skip
    sections = page(sign_in("specialist"), visit).context["sections"]
    told = {
        line.title: [(str(one.said), one.stood, one.seen) for one in line.answers]
        for section in sections
        for line in section.lines
    }
    assert told[person.name] == [("6", "4", "3")]
    assert told["2022-06 · 工资性收入 · 务工"] == [("3,000.00", "2,800.00", None)]
    # In the order of the form.
    assert [section.lines[0].title for section in sections] == ["2022-06 · 工资性收入 · 务工", person.name, ""]


def test_a_question_that_the_form_does_not_ask_any_more_is_shown_by_its_name(sign_in, household):
    visit = factories.visit(household=household)
    answer(visit, section="cattle", field="cows", said=2)
    text = page(sign_in("specialist"), visit).content.decode()
    assert "cattle" in text and "cows" in text


def test_a_wrong_clock_is_told_with_both_days(sign_in, household):
    visit = factories.visit(
        household=household,
        on=dt.date(2022, 7, 4),
        tablet_day=dt.date(2022, 7, 1),
        clock_behind=3 * 86400 + 7200,
        batch=factories.batch(kind="tablet"),
    )
    text = page(sign_in("specialist"), visit).content.decode()
    assert "2022-07-04" in text and "2022-07-01" in text
    assert "3 天 2 小时 0 分" in text


@pytest.mark.parametrize(("kind", "came"), [("desk", "电脑端登记"), ("tablet", "平板填报"), ("import", "导入")])
def test_the_page_and_the_list_say_how_a_visit_came_in(sign_in, household, kind, came):
    visit = factories.visit(household=household, batch=factories.batch(kind=kind))
    client = sign_in("specialist")
    text = page(client, visit).content.decode()
    (row,) = client.get(reverse("visits:list")).context["rows"]
    assert row.came == came
    assert f"· {came}" in text
    assert "台账更正" not in text


def test_the_receipt_and_the_verdicts_of_the_upload_are_shown(cast, sign_in, household):
    visit = factories.visit(household=household)
    alert = factories.alert(household=household)
    said = {"alert": alert.pk, "stamp": "x", "verdict": "confirmed", "risks": ["illness"], "note": "自付两万"}
    upload = factories.upload(
        household=household, sender=cast.specialist, visit=visit, state="stored",
        said=factories.payload(household=household, verdicts=[said]),
        answer={"verdicts": [{"alert": alert.pk, "moved": False, "sentence": "已由他人核实"}]},
    )  # fmt: skip
    response = page(sign_in("specialist"), visit)
    assert [(given.alert, given.said) for given in response.context["verdicts"]] == [
        (alert, "确认有风险 · 因病 · 自付两万")
    ]
    assert str(upload.pk) in response.content.decode() and "已由他人核实" in response.content.decode()


def test_reading_it_is_logged(cast, sign_in, household):
    visit = factories.visit(household=household)
    page(sign_in("township"), visit)
    entry = AuditEntry.objects.get(action="visit_read")
    assert (entry.actor, entry.subject, entry.subject_id) == (cast.township, "visit", str(visit.pk))


def test_it_is_seen_where_the_household_lived_and_where_it_lives(sign_in, household):
    visit = factories.visit(household=household)
    assert page(sign_in("neighbour"), visit).status_code == 404
    Household.objects.filter(pk=household.pk).update(village=ELSEWHERE, township=ELSEWHERE[:9])
    assert page(sign_in("neighbour"), visit).status_code == 200
    assert page(sign_in("specialist"), visit).status_code == 200


def test_a_photo_is_opened_in_scope_and_kept_nowhere(sign_in, household):
    photo = photo_of(factories.visit(household=household))
    url = reverse("visits:photo", args=[photo.visit_id, photo.pk])
    response = sign_in("specialist").get(url)
    assert (response.status_code, response.content, response.headers["Content-Type"]) == (200, JPEG, "image/jpeg")
    assert "no-store" in response.headers["Cache-Control"]
    assert sign_in("neighbour").get(url).status_code == 404
    assert sign_in("officer").get(url).status_code == 403


def test_a_photo_is_not_opened_through_another_visit(sign_in, household):
    photo = photo_of(factories.visit(household=factories.household(village=ELSEWHERE)))
    own = factories.visit(household=household)
    assert sign_in("specialist").get(reverse("visits:photo", args=[own.pk, photo.pk])).status_code == 404


def test_many_answers_cost_no_more_queries(sign_in, household, django_assert_max_num_queries):
    visit = factories.visit(household=household)
    for index in range(20):
        person = factories.person(household=household)
        answer(visit, section="work", line=index, field="work_months", person=person, said=6)
    client = sign_in("township")
    with django_assert_max_num_queries(16):
        page(client, visit)
