"""The page of the work calendar: a year at a glance, entered from its notice, changed by the day."""

import datetime as dt

import pytest
from django.utils import timezone

from households.models import AuditEntry, CalendarDay

pytestmark = pytest.mark.django_db

DAY = {"day": "2031-10-01", "kind": "off", "name": "国庆节"}


def cells(response) -> dict[dt.date, str]:
    months = response.context["year"].months
    return {cell.day: cell.kind for month in months for week in month.weeks for cell in week if cell}


def test_a_year_shows_each_of_its_days_once_and_what_it_is(sign_in):
    response = sign_in("township").get("/calendar/?year=2026")

    kinds = cells(response)
    assert len(kinds) == 365
    assert [kinds[dt.date(2026, 10, day)] for day in (7, 8, 10, 11)] == ["off", "", "made_up", "weekend"]
    assert all(len(week) == 7 for month in response.context["year"].months for week in month.weeks)


def test_today_is_marked_in_its_own_year_only(sign_in):
    client = sign_in("staff")
    assert client.get("/calendar/").content.decode().count('aria-current="date"') == 1
    assert 'aria-current="date"' not in client.get("/calendar/?year=2020").content.decode()


def test_holidays_stand_in_stretches(sign_in):
    stretches = sign_in("auditor").get("/calendar/?year=2026").context["year"].stretches
    october = [(each.name, each.is_workday, each.count) for each in stretches if each.first.month == 10]
    assert october == [("国庆节", False, 7), ("国庆节", True, 1)]


def test_a_year_without_entries_says_that_it_counts_weekends_only(sign_in):
    client = sign_in("staff")
    assert "notice-warning" in client.get("/calendar/?year=2031").content.decode()
    assert "notice-warning" not in client.get("/calendar/?year=2026").content.decode()


def test_every_known_year_this_and_the_next_one_can_be_chosen(sign_in):
    years = [tab["label"] for tab in sign_in("staff").get("/calendar/").context["years"]]
    today = timezone.localdate()
    assert years == sorted({*range(2020, 2027), today.year, today.year + 1})


@pytest.mark.parametrize("year", ["", "x", "2009", "2101", "-1", "２０２６"])
def test_what_is_no_year_is_not_found(sign_in, year):
    assert sign_in("staff").get("/calendar/", {"year": year}).status_code == 404


def test_only_the_administrator_gets_the_forms(sign_in):
    assert "/calendar/enter/" in sign_in("admin").get("/calendar/").content.decode()
    assert "/calendar/enter/" not in sign_in("staff").get("/calendar/").content.decode()


def test_a_notice_is_entered_and_the_page_comes_back_with_its_year(sign_in, cast):
    client = sign_in("admin")

    response = client.post("/calendar/enter/", {"year": "2031", "lines": "一、国庆节：10月1日至7日放假。"})

    assert (response.status_code, response.url) == (302, "/calendar/?year=2031")
    assert cells(client.get(response.url))[dt.date(2031, 10, 7)] == "off"
    assert AuditEntry.objects.get(action="calendar_entered").actor == cast.admin


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("2031-10-32, 休, 国庆节", "2031-10-32"),
        ("2033-10-01, 休, 国庆节", "2033-10-01"),
        ("2030-11-30, 休, 国庆节", "2030-11-30"),
        ("2031-10-01, 班, 国庆节", "2031-10-01"),
    ],
)
def test_what_cannot_be_entered_stays_in_the_form_with_a_sentence(sign_in, lines, said):
    response = sign_in("admin").post("/calendar/enter/", {"year": "2031", "lines": lines})

    assert response.status_code == 422
    assert said in str(response.context["notice_form"].errors["lines"])
    assert lines in response.content.decode()
    assert not CalendarDay.objects.filter(day__year__gt=2026).exists()


def test_new_years_holiday_may_begin_in_december(sign_in):
    sign_in("admin").post("/calendar/enter/", {"year": "2031", "lines": "2030-12-31–2031-01-01, 休, 元旦"})
    assert CalendarDay.objects.filter(name="元旦", day__in=["2030-12-31", "2031-01-01"]).count() == 2


# 1 October 2031 is a Wednesday: it is off or not, but nobody makes up for anything on it.
@pytest.mark.parametrize(
    ("kind", "status", "is_off"), [("off", 302, True), ("made_up", 422, True), ("plain", 302, False)]
)
def test_one_day_is_set_or_taken_out(sign_in, kind, status, is_off):
    client = sign_in("admin")
    client.post("/calendar/day/", DAY)

    assert client.post("/calendar/day/", DAY | {"kind": kind}).status_code == status

    assert CalendarDay.objects.filter(day="2031-10-01", is_workday=False).exists() is is_off


def test_a_day_needs_a_name_unless_it_is_taken_out(sign_in):
    client = sign_in("admin")
    assert client.post("/calendar/day/", DAY | {"name": ""}).status_code == 422
    assert client.post("/calendar/day/", {"day": "2026-12-25", "kind": "plain"}).status_code == 302


def test_it_needs_few_queries(sign_in, django_assert_max_num_queries):
    client = sign_in("admin")
    with django_assert_max_num_queries(12):
        client.get("/calendar/?year=2026")
