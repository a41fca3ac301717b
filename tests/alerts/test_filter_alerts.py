"""Filters of the alert list: each finds what it says, and nothing unknown is ignored."""

import datetime as dt

import pytest
from django.utils import timezone

from households.models import Posting, Role, User
from monitoring.dashboards.figures import month_figures
from tests import factories
from tests.alerts.conftest import JULY, JUNE, MAY
from tests.conftest import ELSEWHERE, VILLAGES

LIST = "/alerts/"


@pytest.fixture
def alerts(here, elsewhere):
    """One alert of each sort in the specialist's village, by name."""
    second = factories.household(village=VILLAGES[1])
    return {
        "new_red": factories.alert(household=here, level="red", first_month=JUNE, sentence_zh="一个句子"),
        "again": factories.alert(household=here, kind="INC03", first_month=MAY, last_month=JUNE),
        "gone": factories.alert(household=here, kind="MED09", first_month=MAY, not_found_month=JUNE),
        "closed": factories.alert(household=here, kind="MED01", first_month=JUNE, closed=True),
        "second": factories.alert(household=second, kind="MED07", first_month=JULY, status="dispatched"),
        "foreign": factories.alert(household=elsewhere, kind="INC01", level="red", first_month=JUNE),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"new_red", "again", "gone", "second"}),
        ("open=true", {"new_red", "again", "gone", "second"}),
        ("open=false", {"closed"}),
        ("open=any", {"new_red", "again", "gone", "closed", "second"}),
        ("level=red", {"new_red"}),
        ("level=&status=", {"new_red", "again", "gone", "closed", "second"}),
        ("kind=MED09", {"gone"}),
        ("department=medical", {"gone", "closed", "second"}),
        ("department=medical&risk=insurance", {"gone"}),
        ("department=education", set()),
        ("risk=income", {"new_red"}),
        ("status=dispatched", {"second"}),
        ("township=420527103", {"new_red", "again", "gone", "closed", "second"}),
        (f"village={VILLAGES[1]}", {"second"}),
        ("month=2022-05", {"again", "gone"}),
        ("month=2022-06", {"new_red", "again", "closed"}),
        ("first_month=2022-06", {"new_red", "closed"}),
        ("last_month=2022-06", {"new_red", "again", "closed"}),
        ("found_again=2022-06", {"again"}),
        ("found_again=2022-05", set()),
        ("not_found=2022-06", {"gone"}),
        ("month=1900-01", set()),
    ],
)
def test_it_finds_what_the_filter_says(sign_in, alerts, ids, query, found):
    shown = ids(sign_in("specialist").get(f"{LIST}?{query}"))

    assert shown == sorted((alerts[name].pk for name in found), reverse=True)


def _at(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def travelled(cast, here):
    """Alerts on their way, by name."""
    colleague = User.objects.create_user("colleague", "同事")
    Posting.objects.create(
        user=colleague, role=Role.VILLAGE_SPECIALIST, area_id=VILLAGES[1], valid_from=dt.date(2020, 1, 1)
    )
    second = factories.household(village=VILLAGES[1])
    far = factories.household(village="420527103208")

    def make(kind, **fields):
        return factories.alert(household=fields.pop("household", second), kind=kind, **fields)

    today, day = timezone.localdate(), dt.timedelta(days=1)
    return {
        "county": make("INC01", due_on=today - day),
        "township": make("INC02", holder="township", status="dispatched", due_on=today),
        "free": make("INC03", holder="village", status="dispatched", due_on=today + day),
        "mine": make("MED01", holder="village", assignee=cast.specialist, due_on=today + 3 * day),
        "left": make("MED02", holder="village", assignee=cast.leaver, due_on=today + 4 * day, household=here),
        "colleague": make("MED07", holder="village", assignee=colleague),
        "handed_over": make("MED09", holder="village", status="dispatched", handled_in="420527103208"),
        "taken_over": make("INC01", holder="village", household=far, handled_in=VILLAGES[0]),
        "confirmed": make("DIS01", holder="township", status="verified", verdict="confirmed",
                          dispatched_at=_at("2026-06-01 00:00"), verified_at=_at("2026-06-30 23:59")),
        "closed": make("ACC01", closed=True, verdict="no_risk", reason="solved", outcome="no_risk",
                       due_on=today - day, dispatched_at=_at("2026-05-31 23:59"),
                       verified_at=_at("2026-07-01 00:00")),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("holder=county", {"county"}),
        ("holder=township", {"township", "confirmed"}),
        ("holder=village", {"free", "mine", "left", "colleague", "handed_over", "taken_over"}),
        ("waiting=me", {"free", "mine", "left", "taken_over"}),
        ("waiting=others", {"county", "township", "colleague", "handed_over", "confirmed"}),
        ("assignee=me", {"mine"}),
        ("due=overdue", {"county"}),
        ("due=today", {"township"}),
        ("due=soon", {"free", "mine"}),
        ("verdict=confirmed", {"confirmed"}),
        ("reason=solved", {"closed"}),
        ("outcome=no_risk", {"closed"}),
        ("outcome=watch", set()),
        ("channel=self", set()),
        ("channel=rule&verdict=no_risk", {"closed"}),
        ("dispatched_from=2026-06-01", {"confirmed"}),
        ("dispatched_until=2026-05-31", {"closed"}),
        ("dispatched_from=2026-05-31&dispatched_until=2026-06-01", {"closed", "confirmed"}),
        ("verified_until=2026-06-30", {"confirmed"}),
        ("verified_from=2026-07-01&verified_until=2026-07-01", {"closed"}),
        ("raised_until=2020-01-01", set()),
        ("area_event=1", set()),
    ],
)
def test_it_finds_what_the_way_of_an_alert_says(sign_in, travelled, ids, query, found):
    shown = ids(sign_in("specialist").get(f"{LIST}?{query}"))

    assert shown == sorted((travelled[name].pk for name in found), reverse=True)


@pytest.mark.parametrize(
    ("name", "mine"), [("staff", {"county"}), ("township", {"township", "confirmed"}), ("auditor", {"county"})]
)
def test_what_waits_for_a_level_is_what_it_holds(sign_in, travelled, ids, name, mine):
    client = sign_in(name)
    open_ones = set(travelled) - {"closed"}

    assert set(ids(client.get(f"{LIST}?waiting=me"))) == {travelled[one].pk for one in mine}
    assert set(ids(client.get(f"{LIST}?waiting=others"))) == {travelled[one].pk for one in open_ones - mine}


def test_it_finds_the_alerts_of_one_household(sign_in, alerts, here, elsewhere, ids):
    client = sign_in("specialist")

    assert len(ids(client.get(LIST, {"household": here.pk}))) == 4
    assert ids(client.get(LIST, {"household": elsewhere.pk})) == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("levl=red", "not_found"),
        ("level=pink", "yellow"),
        ("kind=ABC", "MED09"),
        ("department=army", "medical"),
        ("risk=luck", "insurance"),
        ("status=x", "dispatched"),
        ("open=yes", "false"),
        (f"village={ELSEWHERE}", VILLAGES[0]),
        ("township=420527101", "420527103"),
        ("month=2022-13", "YYYY-MM"),
        ("month=0000-01", "YYYY-MM"),
        ("first_month=2022-6", "YYYY-MM"),
        ("last_month=２０２２-06", "YYYY-MM"),
        ("found_again=%00", "YYYY-MM"),
        ("not_found=2022-06-01", "YYYY-MM"),
        ("due=yesterday", "overdue"),
        ("waiting=you", "others"),
        ("assignee=1", "me"),
        ("raised_from=2026-6-1", "YYYY-MM-DD"),
        ("raised_until=2026-02-30", "YYYY-MM-DD"),
        ("verified_from=%00", "YYYY-MM-DD"),
        ("area_event=x", "9223372036854775807"),
        ("household=0", "9223372036854775807"),
        ("household=9223372036854775808", "9223372036854775807"),
        ("household=１２", "9223372036854775807"),
        ("level=red&level=blue", "level"),
        ("level=%00", "yellow"),
        ("before=-1", "9223372036854775807"),
        ("before=99999999999999999999", "9223372036854775807"),
        ("after=x", "9223372036854775807"),
        ("before=2&after=1", "before"),
        ("limit=10", "household"),
        ("%00=1", "household"),
    ],
)
def test_it_refuses_what_it_does_not_know_and_names_what_it_does(sign_in, alerts, query, named):
    response = sign_in("specialist").get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert any(named in problem for problem in response.context["problems"])
    assert "一个句子" not in response.content.decode()


def test_it_names_no_area_outside_the_own_one(sign_in, alerts):
    response = sign_in("specialist").get(f"{LIST}?village=nowhere")

    assert response.status_code == 400
    assert ELSEWHERE not in response.content.decode()


def test_it_offers_a_choice_only_where_there_is_one(sign_in, alerts):
    def visible(name):
        form = sign_in(name).get(LIST).context["filters"].form
        return {field.name for field in form.visible_fields()} & {"township", "village"}

    assert visible("staff") == {"township", "village"}
    assert visible("township") == {"village"}
    assert visible("specialist") == {"village"}
    assert visible("neighbour") == set()


@pytest.mark.parametrize("name", ["staff", "township", "specialist", "neighbour"])
def test_each_number_of_the_home_page_is_the_length_of_its_list(cast, sign_in, alerts, ids, name):
    client = sign_in(name)

    figures = month_figures(user=cast.members[name], month=JUNE)

    assert [len(ids(client.get(figure.url))) for figure in figures] == [figure.value for figure in figures]
    assert sum(figure.value for figure in figures) > 0


def test_a_filter_without_a_field_stands_above_the_list_and_can_be_taken_off(sign_in, alerts, ids):
    client = sign_in("specialist")

    response = client.get(f"{LIST}?found_again=2022-06&level=yellow")

    (chip,) = response.context["chips"]
    assert chip.value == "2022-06"
    assert chip.url == "?level=yellow"
