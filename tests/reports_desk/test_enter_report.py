"""Somebody writes a report down for others: a ticket, a specialist's, a desk's own."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from alerts.models import Alert, Report
from households.models import AuditEntry
from households.privacy.seal import unseal
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db
URL = "/reports/new/"


def form(**fields):
    today = timezone.localdate()
    filled = {
        "token": str(uuid.uuid4()),
        "source": "township",
        "on": f"{today:%Y-%m-%d}",
        "village": VILLAGES[0],
        "name": "王小二",
        "group": "3组",
        "phone": "13812345678",
        "risk": "illness",
        "words": "住院花光了积蓄",
    }
    return {key: value for key, value in (filled | fields).items() if value is not None}


@pytest.mark.parametrize(
    ("who", "sources"),
    [
        ("admin", ["12317", "12345", "petition", "county"]),
        ("staff", ["12317", "12345", "petition", "county"]),
        ("township", ["township", "12317", "12345", "petition"]),
        ("specialist", ["specialist"]),
    ],
)
def test_each_role_is_offered_the_sources_that_reach_it(sign_in, who, sources):
    page = sign_in(who).get(URL)

    assert [code for code, _label in page.context["form"].fields["source"].choices] == sources


@pytest.mark.parametrize(
    ("who", "source", "kind"),
    [
        ("township", "township", "DESK.illness"),
        ("staff", "county", "DESK.illness"),
        ("specialist", "specialist", "VISIT.illness"),
    ],
)
def test_what_is_entered_raises_its_alert_at_once(sign_in, cast, who, source, kind):
    answer = sign_in(who).post(URL, form(source=source))

    report = Report.objects.get()
    assert answer.status_code == 302
    assert (report.state, report.entered_by, report.checked_by) == (
        "accepted",
        cast.members[who],
        cast.members[who],
    )
    assert (report.alert.kind_id, report.alert.report, report.alert.village) == (kind, report.uid, VILLAGES[0])


def test_phone_and_words_are_sealed(sign_in):
    sign_in("township").post(URL, form())

    report = Report.objects.get()
    assert unseal(report.phone_sealed) == "13812345678"
    assert unseal(report.words_sealed) == "住院花光了积蓄"
    assert b"13812345678" not in bytes(report.phone_sealed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12", None), ("1381234567", None), ("+86 138-1234-5678", "13812345678"), ("0717-2881234", "07172881234")],
)
def test_the_desk_takes_the_phone_numbers_that_the_villagers_page_takes(sign_in, typed, stored):
    answer = sign_in("township").post(URL, form(phone=typed))

    kept = [unseal(sealed) for (sealed,) in Report.objects.values_list("phone_sealed")]
    assert kept == ([stored] if stored else [])
    assert ("电话号码不对" in answer.content.decode()) is (stored is None)


def test_nobody_need_have_left_a_phone_number(sign_in):
    assert sign_in("township").post(URL, form(phone="")).status_code == 302
    assert Report.objects.get().phone_sealed is None


@pytest.mark.parametrize(("today", "earliest"), [("2026-11-30", "2025-11-30"), ("2028-02-29", "2027-02-28")])
def test_a_report_is_entered_within_a_year_and_not_before_it_happens(sign_in, today, earliest):
    first = dt.date.fromisoformat(earliest)
    with time_machine.travel(f"{today} 10:00 +0800", tick=False):
        client = sign_in("township")
        early = client.post(URL, form(on=f"{first - dt.timedelta(days=1)}"))
        late = client.post(URL, form(on=f"{dt.date.fromisoformat(today) + dt.timedelta(days=1)}"))
        assert [early.status_code, late.status_code, Report.objects.count()] == [422, 422, 0]
        assert f"最早可填 {earliest}" in early.content.decode()
        client.post(URL, form(on=earliest))
    assert Alert.objects.get().first_month == first.replace(day=1)


@pytest.mark.parametrize("source", ["12317", "12345", "petition"])
def test_a_ticket_needs_its_number(sign_in, source):
    answer = sign_in("staff").post(URL, form(source=source))

    assert answer.status_code == 422
    assert "ticket" in answer.context["form"].errors
    assert not Report.objects.exists()


def test_the_same_ticket_of_the_same_source_is_one_report_and_says_so(sign_in):
    client = sign_in("staff")
    client.post(URL, form(source="12345", ticket="T-77"))
    again = client.post(URL, form(source="12345", ticket=" T-77 ", name="李四"), follow=True)

    report = Report.objects.get()
    assert again.redirect_chain[-1][0] == f"/reports/{report.pk}/"
    assert [message.level_tag for message in again.context["messages"]] == ["success", "info"]
    assert Alert.objects.count() == 1


def test_the_same_number_of_another_source_is_another_report(sign_in):
    client = sign_in("staff")
    client.post(URL, form(source="12345", ticket="T-77"))
    client.post(URL, form(source="12317", ticket="T-77"))

    assert Report.objects.count() == 2


def test_a_ticket_that_lies_elsewhere_is_not_entered_twice_and_shows_nothing(sign_in):
    sign_in("staff").post(URL, form(source="12345", ticket="T-77", village=ELSEWHERE))
    again = sign_in("township").post(URL, form(source="12345", ticket="T-77"))

    assert again["Location"] == "/reports/"
    assert Report.objects.count() == 1


def test_the_same_form_sent_twice_is_one_report(sign_in):
    client, sent = sign_in("township"), form()
    client.post(URL, sent)
    client.post(URL, sent)

    assert Report.objects.count() == 1


@pytest.mark.parametrize(("village", "status"), [(VILLAGES[1], 302), (ELSEWHERE, 422)])
def test_only_villages_of_the_own_area_are_taken(sign_in, village, status):
    assert sign_in("specialist").post(URL, form(source="specialist", village=village)).status_code == status


@pytest.mark.parametrize("source", ["specialist", "county", "public"])
def test_a_source_of_another_role_is_refused(sign_in, source):
    assert sign_in("township").post(URL, form(source=source)).status_code == 422


@pytest.mark.parametrize(("days", "status"), [(-1, 302), (0, 302), (1, 422)])
def test_the_day_has_come(sign_in, days, status):
    day = timezone.localdate() + dt.timedelta(days=days)

    assert sign_in("township").post(URL, form(on=f"{day:%Y-%m-%d}")).status_code == status


@pytest.mark.parametrize("missing", ["name", "village"])
def test_without_a_household_it_says_who_and_where(sign_in, missing):
    answer = sign_in("township").post(URL, form(**{missing: ""}))

    assert (answer.status_code, missing in answer.context["form"].errors) == (422, True)


def test_a_search_finds_the_household_keeps_what_was_written_and_is_audited(sign_in, household):
    page = sign_in("township").post(URL, form(find="1", term=household.code, words="别丢了这句话"))

    assert page.status_code == 200
    assert [row.pk for row in page.context["found"].households] == [household.pk]
    assert "别丢了这句话" in page.content.decode()
    assert not Report.objects.exists()
    entry = AuditEntry.objects.filter(action="household_search").get()
    assert household.code not in str(entry.detail)


def test_a_search_shows_nothing_of_another_township(sign_in):
    far = factories.household(village=ELSEWHERE)
    page = sign_in("township").post(URL, form(find="1", term=far.code))

    assert page.context["found"].households == []


def test_with_a_household_name_and_place_are_those_of_the_household(sign_in, household):
    sent = form(household=household.pk, village="", name="")
    sign_in("township").post(URL, sent)

    report = Report.objects.get()
    assert (report.household, report.name, report.village) == (household, household.head_name, household.village)
    assert report.alert.household == household


def test_a_household_of_another_township_is_refused(sign_in):
    far = factories.household(village=ELSEWHERE)

    assert sign_in("township").post(URL, form(household=far.pk)).status_code == 422


def test_a_second_report_of_the_same_says_that_it_was_added_to_the_open_alert(sign_in, household):
    client = sign_in("specialist")
    said = []
    for words in ("住院", "又住院"):
        page = client.post(URL, form(source="specialist", household=str(household.pk), words=words), follow=True)
        said += [str(message) for message in page.context["messages"]]

    assert said == ["已登记，预警已形成。", "已登记，已并入该户正在办理的同类预警。"]
    assert Alert.objects.count() == 1


def test_an_accepted_report_of_the_same_says_that_it_was_added_to_the_open_alert(sign_in, household, make_report):
    client = sign_in("township")
    said = []
    for _number in range(2):
        report = make_report(household=household)
        page = client.post(f"/reports/{report.pk}/accept/", follow=True)
        said += [str(message) for message in page.context["messages"]]

    assert said == ["已受理，预警已形成。", "已受理，已并入该户正在办理的同类预警。"]
