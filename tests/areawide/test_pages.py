"""The pages of an event: counts by village in order of code, the list of its households, and closing."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alerts.models import AreaEvent
from households.models import AuditEntry
from tests import factories
from tests.areawide.conftest import FLOOD_DAY, alert_of, visit
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def url(name, event, *args, **query):
    return reverse(f"areawide:{name}", args=[event.pk, *args], query=query)


def test_the_county_declares_whole_townships_and_single_villages(sign_in):
    form = {
        "name": "9·12 暴雨洪涝",
        "risk": "disaster",
        "happened_on": "2026-09-12",
        "level": "yellow",
        "townships": ["420527103"],
        "villages": [ELSEWHERE],
    }
    response = sign_in("staff").post(reverse("areawide:new"), form)

    event = AreaEvent.objects.get()
    assert response.url == url("detail", event)
    codes = set(event.villages.values_list("village", flat=True))
    assert ELSEWHERE in codes
    assert {code[:9] for code in codes} == {"420527103", ELSEWHERE[:9]}
    assert len(codes) > 5
    assert set(event.alerts.values_list("level", flat=True)) == {"yellow"}


def test_without_a_village_it_says_so_and_keeps_what_was_written(sign_in):
    form = {"name": "9·12", "risk": "disaster", "happened_on": "2026-09-12", "level": "red"}
    response = sign_in("staff").post(reverse("areawide:new"), form)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["villages"]
    assert 'value="9·12"' in response.content.decode()


def test_a_household_counts_as_visited_from_the_day_on(declare, sign_in):
    before, same, after = (factories.household() for _number in range(3))
    visit(before, FLOOD_DAY - DAY)
    visit(same, FLOOD_DAY)
    visit(after, FLOOD_DAY + DAY)
    visit(after, FLOOD_DAY + DAY + DAY)
    event = declare()

    first, second = sign_in("staff").get(url("detail", event)).context["rows"]
    assert (first.area.code, first.households, first.visited, first.left) == (VILLAGES[0], 3, 2, 1)
    assert (second.area.code, second.households, second.visited) == (VILLAGES[1], 0, 0)


def test_a_visit_that_was_taken_back_does_not_count(declare, sign_in):
    household = factories.household()
    wrong = visit(household, FLOOD_DAY)
    wrong.replaced_in = factories.batch()
    wrong.save(update_fields=["replaced_in"])
    event = declare()

    assert sign_in("staff").get(url("detail", event)).context["rows"][0].visited == 0


def test_each_sees_the_villages_of_the_own_area_only(declare, sign_in):
    event = declare(*VILLAGES, ELSEWHERE)

    def seen(name):
        return [row.area.code for row in sign_in(name).get(url("detail", event)).context["rows"]]

    assert seen("staff") == sorted([*VILLAGES, ELSEWHERE])
    assert seen("township") == seen("specialist") == list(VILLAGES)
    assert seen("neighbour") == [ELSEWHERE]
    assert sign_in("neighbour").get(url("visits", event, VILLAGES[0])).status_code == 404


@pytest.mark.parametrize(("query", "listed"), [({}, 2), ({"visited": "no"}, 1), ({"visited": "yes"}, 1)])
def test_the_list_shows_all_households_or_those_left(declare, sign_in, query, listed):
    seen, _unseen = factories.household(members=2), factories.household()
    visit(seen, FLOOD_DAY)
    event = declare()

    visits = sign_in("specialist").get(url("visits", event, VILLAGES[0], **query)).context["visits"]
    assert len(visits) == listed


def test_an_unknown_filter_is_an_error(declare, sign_in):
    event = declare()

    assert sign_in("specialist").get(url("visits", event, VILLAGES[0], visited="maybe")).status_code == 400
    assert sign_in("specialist").get(url("visits", event, VILLAGES[0], sort="x")).status_code == 400


def test_the_sheet_is_what_the_page_lists_as_text_without_formulas_and_logged(declare, sign_in, cast):
    factories.household(head_name="=1+1", members=2)
    visit(factories.household(), FLOOD_DAY)
    event = declare()

    response = sign_in("specialist").get(url("sheet", event, VILLAGES[0], visited="no"))

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows())
    assert len(rows) == 3
    cells = rows[2]
    assert (cells[2].value, cells[2].data_type, cells[1].data_type, cells[1].number_format) == (
        "=1+1",
        "s",
        "s",
        "@",
    )
    entry = AuditEntry.objects.get(action="area_event_downloaded")
    assert (entry.actor, entry.detail) == (cast.specialist, {"village": VILLAGES[0], "rows": 1})


def test_closing_says_what_became_of_each(declare, sign_in):
    own = factories.alert(household=factories.household(), kind="DIS01", status="verified", verdict="confirmed")
    event = declare()

    response = sign_in("staff").post(url("close", event), {"outcome": "measures", "note": ""})

    ((left, sentence),) = response.context["left"]
    assert (left, alert_of(event).status) == (own, "closed")
    assert sentence in response.content.decode()
    assert sign_in("township").post(url("close", event), {"outcome": "measures"}).status_code == 403


def test_the_number_of_joined_alerts_opens_a_list_of_just_these(declare, sign_in):
    own = factories.alert(household=factories.household(), kind="DIS01")
    event = declare()
    client = sign_in("staff")

    page = client.get(url("detail", event))
    link = reverse("alerts:list", query={"area_event": event.pk, "open": "any", "channel": "rule"})
    assert f'<a href="{link.replace("&", "&amp;")}">1</a>' in page.content.decode()
    assert [alert.pk for alert in client.get(link).context["alerts"]] == [own.pk]


def test_what_must_be_decided_first_stands_on_the_page_until_it_is(declare, sign_in):
    own = factories.alert(household=factories.household(), kind="DIS01", status="verified", verdict="confirmed")
    event = declare()
    client = sign_in("staff")
    client.post(url("close", event), {"outcome": "measures", "note": ""})

    page = client.get(url("detail", event))
    assert [alert for alert, _sentence in page.context["left"]] == [own]
    assert reverse("pages:alert", args=[own.pk]) in page.content.decode()


def test_once_all_is_decided_it_says_so_and_one_button_closes_the_event(declare, sign_in):
    event = declare()
    event.alerts.update(status="closed", closed_at="2026-10-01T00:00Z", outcome="measures")
    client = sign_in("staff")

    assert "全部预警已办结" in client.get(reverse("areawide:list")).content.decode()
    page = client.get(url("detail", event)).content.decode()
    assert ("办结全部预警" in page, "关闭事件" in page) == (False, True)

    answer = client.post(url("close", event)).content.decode()
    assert ("已办结 0 条" in answer, "全部预警已办结，事件已关闭。" in answer) == (False, True)
    event.refresh_from_db()
    assert event.closed_at is not None


def test_the_list_and_the_pages_ask_few_questions(declare, sign_in):
    for _number in range(20):
        factories.household(members=2)
    event = declare()
    client = sign_in("staff")
    for address, most in (
        (reverse("areawide:list"), 12),
        (url("detail", event), 20),
        (url("visits", event, VILLAGES[0]), 12),
        (reverse("areawide:new"), 12),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= most, address


def test_the_alert_of_a_village_leads_to_its_visit_list(declare, sign_in):
    event = declare()
    page = sign_in("specialist").get(reverse("pages:alert", args=[alert_of(event).pk])).content.decode()

    assert url("visits", event, VILLAGES[0]) in page
