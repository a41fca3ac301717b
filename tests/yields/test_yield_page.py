"""The yield of each rule in a period: each number opens the list that it counts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alerts.models import Alert
from tests import factories
from tests.conftest import ELSEWHERE

pytestmark = pytest.mark.django_db
MAY = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)
PERIOD = {"from": "2026-05-01", "until": "2026-05-31"}


def raised(kind="INC01", *, at=MAY, days=None, household=None, **fields) -> Alert:
    """Raised on 4 May; with ``days`` the verdict came so many days later."""
    alert = factories.alert(household=household or factories.household(), kind=kind, **fields)
    verified = at + dt.timedelta(days=days) if days is not None else None
    Alert.objects.filter(pk=alert.pk).update(raised_at=at, verified_at=verified)
    return alert


@pytest.fixture
def read(sign_in):
    def _read(name="staff", **query):
        response = sign_in(name).get(reverse("yields:list"), PERIOD | query)
        assert response.status_code == 200
        return {row.family: row for row in response.context["yields"]}

    return _read


def counts(row):
    return {name: number.count for name, number in row.numbers.items() if number.count}


def test_it_counts_what_became_of_the_alerts_of_each_rule(read):
    raised()
    raised(days=2, status="verified", verdict="confirmed")
    raised(days=4, status="reviewed", verdict="no_risk", reason="able")
    raised(days=9, closed=True, verdict="no_risk", reason="data_wrong", outcome="no_risk")
    raised(closed=True, outcome="duplicate")
    raised(closed=True, status="withdrawn")
    raised("MED01")

    rows = read()
    assert counts(rows["INC01"]) == {
        "raised": 6,
        "open": 3,
        "verified": 3,
        "confirmed": 1,
        "no_risk": 2,
        "unseen": 1,
        "withdrawn": 1,
    }
    assert {label: number.count for label, number in rows["INC01"].reasons} == {
        str(label): 1 for value, label in Alert.reason.field.choices if value in ("able", "data_wrong")
    }
    assert (rows["INC01"].days, rows["MED01"].days) == (4, None)


def test_every_number_opens_a_list_of_as_many(read, sign_in):
    raised()
    raised(days=2, status="verified", verdict="confirmed")
    raised(days=4, status="reviewed", verdict="unclear")
    raised(days=9, closed=True, verdict="no_risk", reason="data_wrong")
    raised(closed=True, status="withdrawn")
    raised("CLU01.INC01", at=MAY)
    raised(at=MAY - dt.timedelta(days=40), days=1, verdict="confirmed", status="verified")

    opened = 0
    for row in read().values():
        for number in [*row.numbers.values(), *(number for _label, number in row.reasons)]:
            if number.url:
                opened += 1
                assert len(sign_in("staff").get(number.url).context["alerts"]) == number.count, number.url
    assert opened >= 9


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        ("2026-04-30T23:59:59+08:00", 0),
        ("2026-05-01T00:00:00+08:00", 1),
        ("2026-05-31T23:59:59+08:00", 1),
        ("2026-06-01T00:00:00+08:00", 0),
    ],
)
def test_both_days_of_the_period_count(read, at, counted):
    raised(at=dt.datetime.fromisoformat(at))

    assert len(read()) == counted


def test_a_township_has_its_own_and_the_county_may_ask_for_one(read, sign_in):
    raised()
    raised(household=factories.household(village=ELSEWHERE))

    assert read()["INC01"].numbers["raised"].count == 2
    assert read("township")["INC01"].numbers["raised"].count == 1
    assert read(township=ELSEWHERE[:9])["INC01"].numbers["raised"].count == 1
    wrong = sign_in("township").get(reverse("yields:list"), PERIOD | {"township": ELSEWHERE[:9]})
    assert wrong.status_code == 400
    assert sign_in("staff").get(reverse("yields:list"), PERIOD | {"village": ELSEWHERE}).status_code == 400


def test_the_rehearsal_and_the_back_test_stand_beside_each_threshold(read):
    raised("SUG12")
    raised()

    rows = read()
    assert [(code, tested) for code, _label, tested in rows["INC01"].thresholds] == [
        ("income_line", True),
        ("income_red_share", True),
    ]
    assert rows["SUG12"].thresholds[0][2] is False


def test_it_asks_few_questions(sign_in):
    for kind in ("INC01", "MED01", "CLU01.INC01", "SUG12"):
        raised(kind)
    client = sign_in("staff")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("yields:list"), PERIOD)
    assert len(queries) <= 12


def test_a_back_test_says_what_it_found_and_what_it_cannot_know(sign_in):
    client = sign_in("staff")
    url = reverse("yields:backtest", args=["outpatient_month_line"])

    assert "tested" not in client.get(url).context
    assert client.get(url, {"value": "300", "back": "12", "within": "6"}).context["tested"] is None
    assert client.get(url, {"value": "-1"}).status_code == 400
    assert client.get(url, {"value": "300", "village": ELSEWHERE}).status_code == 400
    assert client.get(reverse("yields:backtest", args=["quiet_days_dismissed"])).status_code == 404


def test_a_threshold_that_no_rule_reads_has_nothing_to_try(sign_in):
    client = sign_in("admin")
    detail = client.get(reverse("thresholds:detail", args=["quiet_days_dismissed"]))
    tried = client.get(reverse("thresholds:rehearsal", args=["quiet_days_dismissed"]), {"value": "100"})

    assert reverse("yields:backtest", args=["quiet_days_dismissed"]) not in detail.content.decode()
    assert (tried.status_code, tried.context["no_rules"]) == (200, True)
