"""Reminders before a last day and escalation after it: each once, to the right people, and nothing twice."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from alerts.models import Alert, Notice
from alerts.notices.services import notify_each
from alerts.travel import reminding
from alerts.travel.reminding import escalate_overdue, remind_holders
from households.models import Event, Role, User
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES

pytestmark = pytest.mark.django_db

COUNTY = ("admin", "staff")
# A plain week: Thursday to Wednesday.
THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY, WEDNESDAY = (
    dt.date(2026, 7, 2) + dt.timedelta(days=number) for number in range(7)
)


def waiting(due_on: dt.date, *, holder="village", status="dispatched", village=VILLAGES[0], **fields) -> Alert:
    home = factories.household(village=village)
    return factories.alert(household=home, holder=holder, status=status, due_on=due_on, **fields)


def told(kind: str) -> dict[str, int]:
    """User name → how many alerts their one notice is about."""
    rows = Notice.objects.filter(kind=kind).values_list("recipient__username", "values")
    assert len({name for name, _values in rows}) == len(rows)
    return {name: values["count"] for name, values in rows}


def events(alert: Alert, kind: str) -> list[dict]:
    return [event.detail for event in Event.objects.filter(subject="alert", subject_id=alert.pk, kind=kind)]


@pytest.mark.parametrize(
    ("today", "due_on", "is_reminded"),
    [
        (THURSDAY, MONDAY, False),
        (FRIDAY, MONDAY, True),
        (SATURDAY, MONDAY, True),
        (MONDAY, MONDAY, True),
        (TUESDAY, MONDAY, False),
        # National Day 2026: the working day before 8 October is 30 September, that before Monday 12 the make-up
        # Saturday 10.
        (dt.date(2026, 9, 29), dt.date(2026, 10, 8), False),
        (dt.date(2026, 9, 30), dt.date(2026, 10, 8), True),
        (dt.date(2026, 10, 9), dt.date(2026, 10, 10), True),
        (dt.date(2026, 10, 9), dt.date(2026, 10, 12), False),
        (dt.date(2026, 10, 10), dt.date(2026, 10, 12), True),
    ],
)
def test_the_holder_is_reminded_from_the_working_day_before_on(cast, today, due_on, is_reminded):
    alert = waiting(due_on)

    assert remind_holders(today=today) == int(is_reminded)

    alert.refresh_from_db()
    assert alert.reminded_on == (today if is_reminded else None)
    assert told("due_soon") == ({"specialist": 1} if is_reminded else {})
    detail = [{"due_on": due_on.isoformat(), "to": "village"}]
    assert events(alert, "alert_due_soon") == (detail if is_reminded else [])


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        ({"holder": "county", "status": "raised"}, {"admin", "staff"}),
        ({"holder": "township"}, {"township"}),
        ({"holder": "village"}, {"specialist"}),
        ({"holder": "village", "village": ELSEWHERE}, {"neighbour"}),
        # Another village looks into it.
        ({"holder": "village", "village": ELSEWHERE, "handled_in": VILLAGES[0]}, {"specialist"}),
        # Verified by the specialist: the township has to review.
        ({"holder": "township", "status": "verified", "assignee": "specialist"}, {"township"}),
    ],
)
def test_it_goes_to_whoever_holds_it(cast, fields, people):
    if name := fields.get("assignee"):
        fields = fields | {"assignee": cast.members[name]}
    waiting(MONDAY, **fields)

    remind_holders(today=FRIDAY)

    assert set(told("due_soon")) == people


def test_of_two_specialists_the_one_who_has_it_is_reminded(cast):
    second = User.objects.create_user("second", "second")
    factories.posting(user=second, area=VILLAGES[0], role=Role.VILLAGE_SPECIALIST)
    waiting(MONDAY, assignee=second, status="acknowledged")
    remind_holders(today=FRIDAY)
    assert told("due_soon") == {"second": 1}


def test_a_person_gets_one_notice_however_many_are_due(cast):
    for village in (VILLAGES[0], VILLAGES[0], VILLAGES[1]):
        waiting(MONDAY, village=village)
    waiting(FRIDAY, level="red")

    assert remind_holders(today=FRIDAY) == 4

    notice = Notice.objects.get(kind="due_soon")
    assert (notice.values, notice.urgent) == ({"count": 4, "day": "2026-07-03"}, True)
    assert notice.path == "/alerts/?waiting=me"


def test_one_alone_is_opened_from_its_notice(cast):
    alert = waiting(MONDAY)
    remind_holders(today=FRIDAY)
    assert Notice.objects.get().path == f"/alerts/{alert.pk}/"


def test_a_second_sweep_tells_nothing_twice_and_what_is_new_of_its_own(cast):
    waiting(MONDAY)
    assert remind_holders(today=FRIDAY) == 1
    assert remind_holders(today=FRIDAY) == 0

    waiting(MONDAY)
    assert remind_holders(today=FRIDAY) == 1
    assert Notice.objects.filter(kind="due_soon").count() == 2


@pytest.mark.parametrize(
    ("today", "escalated_to", "people"),
    [
        (MONDAY, "", set()),
        (TUESDAY, "township", {"township"}),
        (WEDNESDAY, "township", {"township"}),
    ],
)
def test_from_the_day_after_the_last_the_next_level_is_told_and_the_holder_stays(
    cast, today, escalated_to, people
):
    alert = waiting(MONDAY, assignee=cast.specialist)

    escalate_overdue(today=today)

    alert.refresh_from_db()
    assert (alert.holder, alert.assignee, alert.escalated_to) == ("village", cast.specialist, escalated_to)
    assert set(told("escalated")) == people
    if people:
        assert events(alert, "alert_overdue") == [{"due_on": "2026-07-06", "to": "township"}]
        values = Notice.objects.get(kind="escalated").values
        assert values == {"count": 1, "place": VILLAGES[0], "days": (today - MONDAY).days}


@pytest.mark.parametrize(("days", "is_county_told"), [(1, False), (2, False), (3, True)])
def test_still_nothing_after_two_working_days_the_level_after_is_told(cast, days, is_county_told):
    # Due on Thursday: Friday and Monday are the two working days.
    alert = waiting(THURSDAY)
    escalate_overdue(today=FRIDAY)

    escalate_overdue(today=[FRIDAY, MONDAY, TUESDAY][days - 1])

    alert.refresh_from_db()
    assert alert.escalated_to == ("county" if is_county_told else "township")
    assert len(events(alert, "alert_overdue")) == 1 + is_county_told
    assert set(told("escalated")) == {"township", *(COUNTY if is_county_told else ())}


def test_the_two_working_days_step_over_a_holiday(cast):
    alert = waiting(dt.date(2026, 9, 30))
    for day, escalated_to in [((10, 1), "township"), ((10, 8), "township"), ((10, 9), "township")]:
        escalate_overdue(today=dt.date(2026, *day))
        alert.refresh_from_db()
        assert alert.escalated_to == escalated_to
    # The make-up Saturday is the first day after two working days (8 and 9 October).
    escalate_overdue(today=dt.date(2026, 10, 10))
    alert.refresh_from_db()
    assert alert.escalated_to == "county"


def test_what_the_township_leaves_lying_is_told_to_the_county(cast):
    waiting(MONDAY, holder="township", status="verified")
    escalate_overdue(today=TUESDAY)
    assert set(told("escalated")) == set(COUNTY)


def test_what_the_county_leaves_lying_is_told_to_its_administrators_once(cast):
    alert = waiting(MONDAY, holder="county", status="reviewed")
    for _sweep in range(2):
        escalate_overdue(today=TUESDAY)
    escalate_overdue(today=dt.date(2026, 7, 31))
    assert set(told("escalated")) == {"admin"}
    assert events(alert, "alert_overdue") == [{"due_on": "2026-07-06", "to": "county"}]


def test_what_a_village_handed_up_overdue_goes_on_to_the_county(cast):
    alert = waiting(MONDAY)
    escalate_overdue(today=TUESDAY)
    # Refused: the township holds it, and the clock went on.
    Alert.objects.filter(pk=alert.pk).update(holder="township")

    escalate_overdue(today=TUESDAY)

    assert set(told("escalated")) == {"township", *COUNTY}


def test_a_closed_alert_and_one_without_a_deadline_are_left_alone(cast):
    waiting(MONDAY, closed=True, status="closed")
    waiting(None)
    assert (remind_holders(today=MONDAY), escalate_overdue(today=WEDNESDAY)) == (0, 0)
    assert not Notice.objects.exists()


def test_reminding_leaves_the_page_that_somebody_decides_on_as_it_is(cast):
    alert = waiting(MONDAY)
    stamp = alert.stamp
    remind_holders(today=FRIDAY)
    escalate_overdue(today=TUESDAY)
    alert.refresh_from_db()
    assert alert.stamp == stamp


@pytest.mark.parametrize("sweep", [remind_holders, escalate_overdue])
def test_killed_before_its_end_nothing_is_told_and_the_next_sweep_tells_all(cast, monkeypatch, sweep):
    day = FRIDAY if sweep is remind_holders else TUESDAY
    alert = waiting(MONDAY)

    def killed(**told):
        notify_each(**told)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), transaction.atomic():
        patch.setattr(reminding, "notify_each", killed)
        sweep(today=day)
    alert.refresh_from_db()
    assert (alert.reminded_on, alert.escalated_to) == (None, "")
    assert not Notice.objects.exists()
    assert not Event.objects.filter(subject="alert", subject_id=alert.pk).exists()

    assert sweep(today=day) == 1
    assert sweep(today=day) == 0
    assert Notice.objects.count() == 1


def test_ten_thousand_are_one_statement_and_one_notice_a_person(cast, django_assert_max_num_queries):
    home = factories.household(village=VILLAGES[0])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO alerts_alertkind (code, channel, name_zh, name_en, department, risk, nature, basis,
                                          measure, worse, fresh, position, active)
            SELECT 'T' || number, 'rule', '', '', 'rural', 'other', 'event', '', '', '', false, 999, false
            FROM generate_series(1, 10000) AS number
            """
        )
        cursor.execute(
            """
            INSERT INTO alerts_alert (household_id, county, township, village, kind_id, level, status, holder,
                                      due_on, sentence_zh, sentence_en, first_month, last_month, months_found,
                                      values, threshold, raised_at, changed_at)
            SELECT %s, '420527', %s, %s, 'T' || number, 'blue', 'dispatched', 'village', %s, '', '',
                   '2026-07-01', '2026-07-01', 1, '{}', '{}', now(), now()
            FROM generate_series(1, 10000) AS number
            """,
            [home.pk, TOWNSHIP, VILLAGES[0], MONDAY],
        )
    with django_assert_max_num_queries(8):
        assert remind_holders(today=FRIDAY) == 10_000
    with django_assert_max_num_queries(8):
        assert escalate_overdue(today=TUESDAY) == 10_000
    assert (told("due_soon"), told("escalated")) == ({"specialist": 10_000}, {"township": 10_000})


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_nothing_twice_and_wait_for_nobody(cast):
    """One alert is held by somebody who is deciding: passed over, and told by the next sweep."""
    held, others = waiting(MONDAY), [waiting(MONDAY) for _number in range(20)]
    counts: list[int] = []

    def sweep():
        try:
            counts.append(remind_holders(today=FRIDAY))
        finally:
            connection.close()

    with transaction.atomic():
        Alert.objects.select_for_update().get(pk=held.pk)
        threads = [threading.Thread(target=sweep) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert sum(counts) == len(others)
    assert remind_holders(today=FRIDAY) == 1
    assert sum(values["count"] for values in Notice.objects.values_list("values", flat=True)) == 21
