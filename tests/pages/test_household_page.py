"""The page of one household."""

import datetime as dt

import pytest

from households.models import AuditEntry, Doubt, Household, Import
from tests import factories
from tests.conftest import VILLAGES
from tests.pages.conftest import IDENTITY, JUNE, PHONE, give_income, without_tokens

pytestmark = pytest.mark.django_db


def url(household) -> str:
    return f"/households/{household.pk}/"


@pytest.mark.parametrize("name", ["admin", "auditor", "township", "specialist"])
def test_numbers_of_persons_are_masked_for_everybody(sign_in, judge, poor, name):
    judge()

    page = sign_in(name).get(url(poor)).content.decode()

    assert IDENTITY not in page
    assert PHONE not in page
    assert "420527********123X" in page
    assert "138****5678" in page


def test_whose_identity_nobody_verified_is_marked_and_shows_no_number(sign_in, poor):
    factories.person(household=poor, name="无证", identity_sealed=None)
    client = sign_in("admin")
    client.cookies["django_language"] = "en"

    page = client.get(url(poor)).content.decode()

    assert page.count("Identity unverified") == 2  # 屈小云 has no number either


def test_a_household_with_much_to_show_needs_few_queries(sign_in, judge, poor, django_assert_max_num_queries):
    for _member in range(8):
        person = factories.person(household=poor)
        for day in range(1, 10):
            factories.bill(person=person, self_pay=100, settled_on=dt.date(2022, 5, day))
    file = Import.objects.create(form="member", file_name="成员.xlsx", size=1, sha256="x", county="420527")
    for row in range(5):
        Doubt.objects.create(import_file=file, code="two_heads", household=poor, row_number=row)
    judge()
    client = sign_in("specialist")

    with django_assert_max_num_queries(20):
        assert client.get(url(poor)).status_code == 200


def test_health_is_not_on_a_specialists_screen(sign_in, poor):
    factories.person(household=poor, facts={"health": ["患有大病"], "disability": "肢体二级"})

    village, county = (sign_in(name).get(url(poor)).content.decode() for name in ("specialist", "admin"))

    assert "患有大病" not in village
    assert "肢体二级" not in village
    assert "患有大病" in county


def test_each_month_of_the_chart_leads_to_its_lines(sign_in, judge, poor):
    judge()

    response = sign_in("admin").get(url(poor))

    page = response.content.decode()
    links = [month.url for month in response.context["chart"].months if month.url]
    assert len(links) == 24
    assert all(f'id="{link[1:]}"' in page for link in links)


def test_the_months_are_the_ledgers_and_lead_back_to_file_and_row(sign_in, judge, poor):
    judge()

    ledger = sign_in("admin").get(url(poor)).context["ledger"]

    assert [month.net for month in ledger.months] == [600] * 12 + [1500] * 12
    assert {line.source.file for month in ledger.months for line in month.lines} == {"收入台账_2022.csv"}


def test_what_came_in_since_the_judged_month_stands_in_the_ledger_too(sign_in, judge, poor):
    judge()
    factories.income(household=poor, amount="800", month=dt.date(2022, 7, 1), batch=factories.batch(kind="tablet"))

    context = sign_in("specialist").get(url(poor)).context

    assert [(month.month, month.net) for month in context["ledger"].months][:2] == [
        (dt.date(2022, 7, 1), 800),
        (JUNE, 600),
    ]
    assert context["chart"].months[-1].summary.startswith("2022-06")


def test_without_a_ledger_the_income_is_unknown_and_not_zero(sign_in, judge):
    household = factories.household(village=VILLAGES[0], members=1)
    judge()

    context = sign_in("admin").get(url(household)).context

    shown = {row.name: row.shown for _title, rows in context["indicators"] for row in rows}
    assert context["chart"] is None
    assert (shown["net"], shown["wage"], shown["claims"]) == (None, None, None)
    assert shown["members"] == "1"


def test_without_a_fact_everything_it_would_say_is_unknown(sign_in):
    place = {"county": VILLAGES[0][:6], "township": VILLAGES[0][:9], "village": VILLAGES[0]}
    household = Household.objects.create(**place, head_name="新户", batch=factories.batch())

    facts = sign_in("admin").get(url(household)).context["facts"]

    assert [fact.value for fact in facts[4:]] == [None] * 4


def test_nobody_without_insurance_and_nobody_known_are_different(sign_in, poor):
    factories.person(household=poor, name="不明", insured=None)

    members = sign_in("admin").get(url(poor)).context["members"]

    assert {row.person.name: bool(row.insurance) for row in members} == {
        "望山": True,
        "屈小云": False,
        "不明": False,
    }
    assert {row.person.name: row.insurance is None for row in members} == {
        "望山": False,
        "屈小云": False,
        "不明": True,
    }


def test_who_moved_out_is_no_member_today(sign_in, poor):
    factories.person(household=poor, name="已迁出", until=dt.date(2021, 1, 1))

    names = [row.person.name for row in sign_in("admin").get(url(poor)).context["members"]]

    assert names == ["望山", "屈小云"]


def test_open_alerts_come_first_and_closed_ones_apart(sign_in, poor):
    closed = factories.alert(household=poor, kind="MED02", closed=True)
    still_open = factories.alert(household=poor, kind="INC01")

    context = sign_in("specialist").get(url(poor)).context

    assert [alert.pk for alert in context["open_alerts"]] == [still_open.pk]
    assert [alert.pk for alert in context["closed_alerts"]] == [closed.pk]


def test_a_household_that_is_not_judged_says_so(sign_in, poor):
    client = sign_in("admin")
    client.cookies["django_language"] = "en"

    assert "Not judged yet." in client.get(url(poor)).content.decode()


def test_the_line_of_the_chart_is_for_the_whole_household_and_a_month(sign_in, judge, poor):
    judge()
    client = sign_in("admin")
    client.cookies["django_language"] = "en"

    # 6,900 a head and year, two members, twelve months.
    assert "1,150 yuan" in client.get(url(poor)).context["chart"].line.label


def test_a_year_without_a_line_draws_none(sign_in, judge):
    household = factories.household(village=VILLAGES[0], members=1)
    give_income(household, 500, until=dt.date(2024, 6, 1))
    judge(dt.date(2024, 6, 1))

    assert sign_in("admin").get(url(household)).context["chart"].line is None


def test_reading_it_is_noted(sign_in, poor, cast):
    sign_in("township").get(url(poor))

    entry = AuditEntry.objects.get(action="household_read")
    assert (entry.actor, entry.subject_id) == (cast.township, str(poor.pk))


def test_elsewhere_looks_like_nowhere(sign_in, poor):
    client = sign_in("neighbour")

    there, nowhere = client.get(url(poor)), client.get("/households/1000000000/")

    assert there.status_code == nowhere.status_code == 404
    assert without_tokens(there) == without_tokens(nowhere)


def test_the_last_visits_and_what_waits_stand_on_the_page(sign_in, poor):
    visits = [factories.visit(household=poor, on=dt.date(2022, 6, day)) for day in (3, 1, 9, 5)]
    place = {"county": poor.county, "township": poor.township, "village": poor.village}
    visits[0].answers.create(section="water", field="safe_water", said=False, state="asked", **place)
    response = sign_in("specialist").get(url(poor))
    shown = response.context["household"]
    assert [visit["pk"] for visit in shown.last_visits] == [visits[2].pk, visits[3].pk, visits[0].pk]
    assert shown.open_requests == 1
    assert f'href="/visits/?household={poor.pk}"' in response.content.decode()
