"""The page of one alert: its sentence, what was compared, and the rows behind it."""

import datetime as dt
from decimal import Decimal

import pytest

from alerts.models import Alert
from households.ledger.services import record_event
from households.models import AuditEntry, Visit
from monitoring.judgment.models import JudgmentRun, RunKind
from tests import factories
from tests.pages.conftest import IDENTITY, JUNE, MAY, PHONE, without_tokens

pytestmark = pytest.mark.django_db

FIRED = ["INC01", "INC03", "MED01", "MED07", "MED09", "SUG12"]


@pytest.fixture
def alerts(judge, poor) -> dict[str, Alert]:
    """The alerts of the poor household, by rule, found in May and June where they could be."""
    judge(MAY)
    judge(JUNE)
    return {alert.kind_id: alert for alert in Alert.objects.filter(household=poor)}


def test_the_household_of_these_tests_fires_what_they_speak_of(alerts):
    assert sorted(alerts) == FIRED


@pytest.mark.parametrize("rule", FIRED)
def test_it_opens_with_few_queries_and_without_numbers_of_persons(
    sign_in, alerts, django_assert_max_num_queries, rule
):
    client = sign_in("specialist")
    with django_assert_max_num_queries(20):
        response = client.get(f"/alerts/{alerts[rule].pk}/")

    page = response.content.decode()
    assert response.status_code == 200
    assert alerts[rule].sentence_zh in page
    assert IDENTITY not in page
    assert PHONE not in page


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "sentence_zh"), ("en", "sentence_en")])
def test_the_sentence_is_in_the_language_of_the_reader(sign_in, alerts, language, sentence):
    client = sign_in("admin")
    client.cookies["django_language"] = language

    page = client.get(f"/alerts/{alerts['INC01'].pk}/").content.decode()

    assert f'<p class="sentence sentence-red">{getattr(alerts["INC01"], sentence)}</p>' in page


def test_it_shows_what_was_compared_and_the_document_of_the_line(sign_in, alerts):
    context = sign_in("admin").get(f"/alerts/{alerts['INC01'].pk}/").context

    values = {value.name: (value.shown, value.is_decisive) for value in context["values"]}
    assert values == {
        "net_per_head": ("3,600.00", True),
        "net": ("7,200.00", False),
        "members": ("2", False),
    }
    assert context["threshold"].shown == "6,900.00"
    assert "湖北日报" in context["threshold"].document
    assert not context["threshold"].is_sourced


def test_a_share_is_what_decides_where_the_threshold_is_a_share(sign_in, alerts):
    context = sign_in("admin").get(f"/alerts/{alerts['INC03'].pk}/").context

    assert [(value.name, value.shown) for value in context["values"] if value.is_decisive] == [("share", "40.0%")]
    assert context["threshold"].shown == "70.0%"


def test_every_value_has_a_label_and_not_its_column(sign_in, alerts):
    client = sign_in("admin")
    for rule in FIRED:
        for value in client.get(f"/alerts/{alerts[rule].pk}/").context["values"]:
            assert str(value.label) != value.name, rule


def test_the_ledger_behind_it_adds_up_to_the_value(sign_in, alerts):
    response = sign_in("admin").get(f"/alerts/{alerts['INC01'].pk}/")

    (section,) = response.context["derivation"].sections
    assert section.ledger.net == Decimal("7200.00")
    assert len(section.ledger.months) == 12
    assert sum(len(month.lines) for month in section.ledger.months) == 12
    assert "收入台账_2022.csv" in response.content.decode()


def test_the_bills_behind_it_are_those_of_one_person_with_file_and_row(sign_in, alerts):
    response = sign_in("admin").get(f"/alerts/{alerts['MED01'].pk}/")

    bills = next(part for part in response.context["derivation"].sections if part.name == "inpatient_year")
    assert [(row.cells[0], row.cells[-1], row.counts) for row in bills.rows] == [
        ("望山", "6,500.00", True), ("望山", "6,500.00", True), ("望山 合计", "13,000.00", True),
    ]  # fmt: skip
    assert response.content.decode().count("医保结算_2022-06.csv") == 2


def test_a_member_without_insurance_is_marked(sign_in, alerts):
    page = sign_in("admin").get(f"/alerts/{alerts['MED09'].pk}/").content.decode()

    marked = page.split('<tr class="decisive">')[2:]
    assert len(marked) == 1
    assert "屈小云" in marked[0].split("</tr>")[0]


def test_the_course_tells_each_month_with_what_it_found(sign_in, alerts):
    entries = sign_in("admin").get(f"/alerts/{alerts['INC01'].pk}/").context["entries"]

    figures = ("3,600.00", "→", "4,050.00")
    assert all(figure in entry.text for entry, figure in zip(entries, figures, strict=True))
    assert [str(entry.title) for entry in entries] == ["再次发现", "已派发", "产生预警"]
    assert [entry.url.startswith("/runs/") for entry in entries] == [True, True, True]


def test_what_was_judged_at_once_leads_to_no_page_of_a_month(sign_in, alerts):
    JudgmentRun.objects.update(kind=RunKind.IMMEDIATE)
    entries = sign_in("admin").get(f"/alerts/{alerts['INC01'].pk}/").context["entries"]

    assert [(entry.actor, entry.url) for entry in entries] == [("随到随判", "")] * 3


def test_a_specialist_is_not_led_to_runs(sign_in, alerts):
    entries = sign_in("specialist").get(f"/alerts/{alerts['INC01'].pk}/").context["entries"]

    assert [entry.url for entry in entries] == ["", "", ""]


def test_a_change_of_level_is_told_in_words(sign_in, alerts):
    alert = alerts["INC01"]
    record_event(
        kind="alert_level_changed",
        subject="alert",
        subject_id=alert.pk,
        place=alert,
        level_before="yellow",
        level_after="red",
    )
    client = sign_in("admin")
    client.cookies["django_language"] = "en"

    entry = client.get(f"/alerts/{alert.pk}/").context["entries"][0]

    assert (entry.text, entry.tone) == ("Yellow → Red", "red")


def test_what_was_not_found_any_more_is_left_to_people(sign_in, alerts):
    alert = alerts["INC01"]
    Alert.objects.filter(pk=alert.pk).update(not_found_month=JUNE)
    client = sign_in("admin")
    client.cookies["django_language"] = "en"

    assert "for people to decide" in client.get(f"/alerts/{alert.pk}/").content.decode()


def test_reading_it_is_noted(sign_in, alerts, cast):
    sign_in("specialist").get(f"/alerts/{alerts['INC01'].pk}/")

    entry = AuditEntry.objects.get(action="alert_read")
    assert (entry.actor, entry.subject_id) == (cast.specialist, str(alerts["INC01"].pk))


@pytest.mark.parametrize("rule", FIRED)
def test_the_neighbour_cannot_tell_it_from_one_that_does_not_exist(sign_in, alerts, rule):
    client = sign_in("neighbour")

    there, nowhere = (client.get(f"/alerts/{pk}/") for pk in (alerts[rule].pk, 10**9))

    assert there.status_code == nowhere.status_code == 404
    assert without_tokens(there) == without_tokens(nowhere)
    assert not AuditEntry.objects.filter(action="alert_read").exists()


def test_what_a_visit_found_leads_to_the_visit_for_whoever_may_read_it(sign_in, judge, poor):
    visit = factories.visit(household=poor, on=dt.date(2022, 6, 9), risks=["illness"], words="医药费自付两万")
    judge(JUNE)
    alert = Alert.objects.get(kind="VISIT.illness")
    address = f"/visits/{visit.pk}/"

    assert address in sign_in("specialist").get(f"/alerts/{alert.pk}/").content.decode()

    Visit.objects.filter(pk=visit.pk).update(replaced_in=factories.batch())
    assert address not in sign_in("specialist").get(f"/alerts/{alert.pk}/").content.decode()
