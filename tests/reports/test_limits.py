"""What is more than usual is stored as unchecked with its reason, never refused; what is not raises its alert."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert, Notice, Report
from alerts.reports.limits import DOUBTS
from households.models import Threshold
from tests.conftest import ELSEWHERE, VILLAGES
from tests.reports.conftest import VILLAGE

OTHER_VILLAGE = VILLAGES[1]
THIRD_VILLAGE = "420527103205"


def _limit(code: str, value: int) -> None:
    Threshold.objects.filter(code=code).update(value=value)


@pytest.fixture(autouse=True)
def wide(db):
    """Each test narrows the one limit that it is about."""
    for code in ("report_phone_day", "report_village_day", "report_county_hour", "report_words_day"):
        _limit(code, 1000)


@pytest.fixture
def send_many(send):
    """``send_many(3, phone=…)``: other words and phones unless said otherwise. Returns the doubts, in order."""

    def _send_many(times: int, **changed: str) -> list[str]:
        before = Report.objects.count()
        for number in range(before, before + times):
            usual = {"phone": f"138{number:08}", "words": f"第{number}件事情"}
            response = send(**usual | changed)
            assert response.status_code == 200 and "回执号" in response.content.decode()
        doubts = list(Report.objects.order_by("id").values_list("doubt", flat=True))[before:]
        assert len(doubts) == times
        return doubts

    return _send_many


def _earlier(**ago: float) -> None:
    Report.objects.update(reported_at=timezone.now() - dt.timedelta(**ago))


def test_the_limits_ship_as_our_own_suggestions():
    shipped = dict(Threshold.objects.filter(code__startswith="report_").values_list("code", "standing"))
    assert set(shipped.values()) == {"suggested"} and len(shipped) == 4


@pytest.mark.parametrize("limit", [1, 3])
def test_one_phone_is_accepted_up_to_its_limit_a_day(send_many, limit):
    _limit("report_phone_day", limit)
    assert send_many(limit + 2, phone="13900000001") == [""] * limit + ["phone_day"] * 2
    assert send_many(1) == [""]
    _earlier(days=1)
    assert send_many(1, phone="13900000001") == [""]
    assert Alert.objects.count() == limit + 2


@pytest.mark.parametrize("limit", [1, 3])
def test_one_village_is_accepted_up_to_its_limit_a_day(send_many, limit):
    _limit("report_village_day", limit)
    assert send_many(limit + 2) == [""] * limit + ["village_day"] * 2
    assert send_many(1, village=OTHER_VILLAGE) == [""]
    _earlier(days=1)
    assert send_many(1) == [""]


def test_the_county_is_accepted_up_to_its_limit_an_hour(send_many):
    _limit("report_county_hour", 2)
    assert send_many(2) == ["", ""]
    assert send_many(1, village=ELSEWHERE) == ["county_hour"]
    _earlier(minutes=59)
    assert send_many(1) == ["county_hour"]
    _earlier(minutes=61)
    assert send_many(1) == [""]


def test_the_same_words_are_accepted_up_to_their_limit_a_day_whoever_sends_them(send_many):
    _limit("report_words_day", 2)
    assert send_many(3, words="没钱看病") == ["", "", "same_words"]
    assert send_many(1, words="没钱，看病！") == ["same_words"]
    assert send_many(1, words="没钱看病了") == [""]
    # Without words there is nothing to compare.
    assert send_many(3, path="other/") == ["", "", ""]


def test_a_phone_that_reports_from_a_third_village_within_a_month_is_looked_at(send_many):
    assert send_many(2, phone="13900000001") == ["", ""]
    assert send_many(1, phone="13900000001", village=OTHER_VILLAGE) == [""]
    assert send_many(1, phone="13900000001", village=THIRD_VILLAGE) == ["many_villages"]
    assert send_many(1, phone="13900000001", village=VILLAGE) == ["many_villages"]
    _earlier(days=31)
    assert send_many(1, phone="13900000001", village=THIRD_VILLAGE) == [""]


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"homepage": "x"}, "trap"),
        ({"words": "加我 http://a.b"}, "links"),
        ({"words": "看 WWW.Example.org"}, "links"),
        ({"words": "上 example.com 看看"}, "links"),
        ({"words": "3.5亩地被淹，损失2.6万元.家里没钱"}, ""),
    ],
)
def test_what_a_program_writes_is_looked_at_first(send_many, changed, doubt):
    assert send_many(1, **changed) == [doubt]
    assert Alert.objects.count() == (not doubt)
    assert doubt in {"", *DOUBTS}


def test_a_limit_without_a_value_lets_nothing_pass(send_many):
    Threshold.objects.filter(code="report_village_day").delete()
    assert send_many(1) == ["village_day"]


def test_what_cannot_raise_an_alert_is_not_lost(send_many, monkeypatch, caplog):
    def broken(**_arguments):
        raise DatabaseError("王秀英")

    monkeypatch.setattr("alerts.reports.receiving.accept_report", broken)
    assert send_many(1) == ["not_raised"]
    report = Report.objects.get()
    assert (report.state, report.alert) == ("unchecked", None)
    assert "could not raise an alert: DatabaseError" in caplog.text and "王秀英" not in caplog.text


def test_one_notice_a_village_and_day_however_many_wait(send_many, cast):
    send_many(5, homepage="x")
    send_many(2, homepage="x", village=OTHER_VILLAGE)
    notices = Notice.objects.filter(kind="report_unchecked")
    assert sorted(notices.values_list("recipient__username", "values__place")) == [
        ("township", VILLAGE),
        ("township", OTHER_VILLAGE),
    ]
    assert set(notices.values_list("path", flat=True)) == {"/reports/?state=unchecked"}


def test_where_nobody_is_posted_in_the_township_the_county_is_told(send_many, cast):
    cast.township.postings.update(valid_until=timezone.localdate() - dt.timedelta(days=1))
    send_many(1, homepage="x")
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"admin", "staff"}


def test_a_flood_costs_few_statements_each(send_many, send):
    _limit("report_phone_day", 2)
    send_many(5, phone="13900000001")
    with CaptureQueriesContext(connection) as captured:
        send(phone="13900000001", words="又来一次")
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 3


def test_whoever_checks_reads_why(send_many, sign_in):
    send_many(1, words="看 www.example.org")
    assert "内容含有网址" in sign_in("township").get("/reports/?state=unchecked").content.decode()
    assert "内容含有网址" in sign_in("township").get(f"/reports/{Report.objects.get().pk}/").content.decode()
