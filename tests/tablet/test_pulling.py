"""What a tablet takes along: everything needed at the door, nothing else, and quickly."""

import datetime as dt
import json
import time
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.ledger.models import AuditEntry
from households.models import Household
from households.privacy.seal import lookup_hash, seal
from households.visits.campaigns import open_campaign
from households.visits.models import AnswerState, VisitAnswer
from monitoring.models import HouseholdMonth, JudgmentRun
from monitoring.tablet.fields import PATHS
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db
HERE = VILLAGES[0]
IDENTITY, BANK, PHONE = "420527198005011234", "6228480402564890018", "13800000001"
SECRETS = ("白内障", "慢性病", "大病", "一级", "78901.23", "肢体残疾")


def _url(code=HERE):
    return f"/tablet/api/villages/{code}/"


def _full_household():
    """One that has everything, also what must not leave the register."""
    row = factories.household(
        village=HERE, lifted=True, category="marginal", head_name="望山", house_grade="B", safe_water=True
    )
    Household.objects.filter(pk=row.pk).update(head_pinyin="wangshan ws", hamlet="三组", phone_sealed=seal(PHONE))
    person = factories.person(
        household=row,
        is_head=True,
        name="望山",
        sex="male",
        identity_sealed=seal(IDENTITY),
        identity_hash=lookup_hash(IDENTITY),
        facts={
            "labour": "普通劳动力",
            "work_place": "省外",
            "work_months": 6,
            "schooling": "",
            "health": ["慢性病", "大病"],
            "disability": "一级 肢体残疾",
            "other": {"银行卡号": BANK, "病种": "白内障"},
        },
    )
    factories.bill(person=person, self_pay=Decimal("78901.23"))
    factories.income(household=row, amount=Decimal("3000.00"))
    factories.income(
        household=row, amount=Decimal("1200.00"), month=dt.date(2022, 5, 1), kind="business", item="养殖"
    )
    visit = factories.visit(household=row, words="一切正常")
    place = {"county": row.county, "township": row.township, "village": row.village}
    VisitAnswer.objects.create(visit=visit, section="house", field="house_grade", state=AnswerState.ASKED, **place)
    factories.alert(household=row, due_on=dt.date(2022, 7, 1))
    run = JudgmentRun.objects.create(
        month=dt.date(2022, 6, 1), event_month=dt.date(2022, 6, 1), revision=1, county="420527", cutoff=0
    )
    HouseholdMonth.objects.create(
        run=run, household=row, month=run.month, members=4, net=Decimal("30000.50"), **place
    )
    return row


def _paths(value, path=""):
    """``households.members.name`` of every key that leads to no further keys."""
    if isinstance(value, list):
        return {found for one in value for found in _paths(one, path)} or ({path} if path else set())
    if isinstance(value, dict):
        return {found for key, one in value.items() for found in _paths(one, f"{path}.{key}".lstrip("."))}
    return {path}


@pytest.fixture
def campaign(cast):
    today = timezone.localdate()
    return open_campaign(
        name="秋季排查",
        area=HERE,
        starts_on=today,
        ends_on=today,
        by=cast.township,
        words="看住房",
        everybody=True,
    )


def test_the_keys_are_those_of_the_list_and_no_others(sign_in, campaign):
    _full_household()

    pulled = sign_in("specialist").get(_url()).json()

    assert _paths(pulled) == PATHS


@pytest.mark.parametrize(("begins_in", "is_taken_along"), [(0, True), (7, True), (8, False)])
def test_a_campaign_is_taken_along_a_week_before_it_begins(sign_in, cast, begins_in, is_taken_along):
    first = timezone.localdate() + dt.timedelta(days=begins_in)
    factories.household(members=1)
    begun = open_campaign(name="冬季排查", area=HERE, starts_on=first, ends_on=first, by=cast.township)

    pulled = sign_in("specialist").get(_url()).json()

    taken = [(one["id"], one["starts_on"]) for one in pulled["campaigns"]]
    assert taken == ([(begun.pk, first.isoformat())] if is_taken_along else [])
    assert pulled["households"][0]["campaigns"] == ([begun.pk] if is_taken_along else [])


def test_what_is_given_says_what_the_register_knows(sign_in, campaign):
    row = _full_household()

    (household,) = sign_in("specialist").get(_url()).json()["households"]

    assert household["id"] == row.pk
    assert (household["head"], household["phone"], household["pinyin"]) == ("望山", PHONE, "wangshan ws")
    assert household["register"] == {"house_grade": "B", "safe_water": True}
    (member,) = household["members"]
    assert {name: member[name] for name in ("work_place", "work_months", "schooling", "insured")} == {
        "work_place": "省外",
        "work_months": 6,
        "schooling": "none",
        "insured": True,
    }
    assert [(line["month"], line["kind"], line["amount"]) for line in household["income"]] == [
        ("2022-06", "wage", "3000.00"),
        ("2022-05", "business", "1200.00"),
    ]
    assert household["figures"] == {"month": "2022-06", "net_per_head": "7500.12"}
    last = {"on": "2022-06-15", "words": "一切正常", "method": "home", "unchanged": False}
    assert household["last_visit"] == last
    assert household["open_requests"] == 1
    assert household["campaigns"] == [campaign.pk]
    assert household["due"]["state"] == "overdue"
    (alert,) = household["alerts"]
    assert alert["check"]
    assert not alert["may_verify"]


def test_no_number_no_bill_and_no_illness_is_in_the_bytes(sign_in):
    _full_household()

    content = sign_in("specialist").get(_url()).content.decode()

    for secret in (IDENTITY, IDENTITY[-4:], BANK, BANK[-4:], *SECRETS):
        assert secret not in content
    assert "望山" in content


def test_an_alert_that_waits_for_the_village_may_be_verified_there(sign_in, cast):
    row = factories.household(village=HERE)
    factories.alert(household=row, status="dispatched", holder="village")
    factories.alert(household=row, kind="MED01", status="acknowledged", holder="village")
    factories.alert(household=row, kind="EDU02", status="dispatched", holder="township")

    def may(name):
        (household,) = sign_in(name).get(_url()).json()["households"]
        return [alert["may_verify"] for alert in household["alerts"]]

    assert may("specialist") == [True, True, False]
    assert may("township") == [False, False, True]


def test_a_visited_household_is_not_waited_for_by_the_campaign(sign_in, campaign):
    visited, waiting = factories.household(village=HERE), factories.household(village=HERE)
    factories.visit(household=visited, on=timezone.localdate())

    households = sign_in("specialist").get(_url()).json()["households"]

    assert {one["id"]: one["campaigns"] for one in households} == {visited.pk: [], waiting.pk: [campaign.pk]}


def test_who_has_left_and_what_is_gone_is_not_taken_along(sign_in):
    row = factories.household(village=HERE, members=1)
    gone = factories.household(village=HERE)
    Household.objects.filter(pk=gone.pk).update(gone_on=dt.date(2022, 1, 1))
    factories.person(household=row, until=dt.date(2022, 1, 1))

    households = sign_in("specialist").get(_url()).json()["households"]

    assert [(one["id"], len(one["members"])) for one in households] == [(row.pk, 1)]


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("specialist", VILLAGES[1], 200),
        ("specialist", ELSEWHERE, 404),
        ("neighbour", HERE, 404),
        ("township", HERE, 200),
        ("township", ELSEWHERE, 404),
        ("admin", ELSEWHERE, 200),
        ("specialist", "420527103", 404),
        ("specialist", "999999999999", 404),
    ],
)
def test_a_village_is_given_to_whoever_is_posted_there(sign_in, who, code, status):
    assert sign_in(who).get(_url(code)).status_code == status


def test_what_has_not_changed_is_not_sent_again_and_not_audited_again(sign_in):
    row = factories.household(village=HERE)
    client = sign_in("specialist")
    first = client.get(_url())

    again = client.get(_url(), headers={"If-None-Match": first["ETag"]})
    factories.visit(household=row, words="新情况")
    changed = client.get(_url(), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    entries = AuditEntry.objects.filter(action="tablet_pulled")
    assert [(entry.subject_id, entry.detail) for entry in entries] == [(HERE, {"households": 1})] * 2


def _village(count):
    """Households of four, with a ledger of two months, two alerts and a visit each."""
    for number in range(count):
        row = factories.household(village=HERE, members=4, lifted=True, head_name=f"户主{number}")
        for month in (5, 6):
            factories.income(household=row, amount=Decimal("3000.00"), month=dt.date(2022, month, 1))
            factories.income(
                household=row,
                amount=Decimal("800.50"),
                month=dt.date(2022, month, 1),
                kind="transfer",
                item="养老金",
            )
        factories.visit(household=row, words="家中四口，务工两人，无变化。")
        factories.alert(household=row, status="acknowledged", holder="village")
        factories.alert(household=row, kind="MED01", status="dispatched", holder="village")


def _statements(client):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(_url()).status_code == 200
    return len(captured)


def test_a_village_of_three_hundred_is_pulled_within_a_second_and_a_megabyte(sign_in):
    client = sign_in("specialist")
    _village(3)
    few = _statements(client)
    _village(297)
    many = _statements(client)
    Household.objects.update(phone_sealed=seal(PHONE))

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    # The best of three: these tests share their cores.
    seconds = []
    for _turn in range(3):
        started = time.perf_counter()
        answer = client.get(_url())
        seconds.append(time.perf_counter() - started)

    assert len(answer.json()["households"]) == 300
    assert few == many
    assert len(answer.content) <= 1_000_000
    assert min(seconds) <= 1


def test_the_words_are_those_of_the_language_chosen(sign_in):
    row = factories.household(village=HERE, category="marginal")
    factories.alert(household=row)
    client = sign_in("specialist")
    said = {}
    for language in ("zh-hans", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        (household,) = json.loads(client.get(_url()).content)["households"]
        said[language] = (household["status"], household["alerts"][0]["sentence"])

    assert said["en"] == ("Marginal household at risk of poverty", "Net income per head below the line")
    assert said["zh-hans"][1] == "人均纯收入低于监测范围"
