"""Nothing rings between 20:00 and 8:00 or on a day off but a red alert that is new; no reminder rings at night."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from alerts.models import Delivery, Notice
from alerts.notices.quiet import first_moment
from alerts.notices.sending import send_due
from alerts.notices.services import notify
from alerts.travel.tasks import watch_deadlines
from households.policy.calendar import WorkCalendar
from tests import factories
from tests.notices.conftest import tell

SHANGHAI = ZoneInfo("Asia/Shanghai")
# National Day 2025, 1 to 8 October; Saturday the 11th and Sunday the 28th of September are made up for.
CALENDAR = WorkCalendar(
    [(dt.date(2025, 10, day), False) for day in range(1, 9)]
    + [(dt.date(2025, 9, 28), True), (dt.date(2025, 10, 11), True)]
)


def _at(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        ("2025-09-24 07:59:59", "2025-09-24 08:00"),
        ("2025-09-24 08:00", "2025-09-24 08:00"),
        ("2025-09-24 19:59:59", "2025-09-24 19:59:59"),
        ("2025-09-24 20:00", "2025-09-25 08:00"),
        ("2025-09-24 23:59", "2025-09-25 08:00"),
        ("2025-09-25 00:00", "2025-09-25 08:00"),
        # A Friday evening, and the weekend whose Sunday is made up for.
        ("2025-09-19 20:00", "2025-09-22 08:00"),
        ("2025-09-20 10:00", "2025-09-22 08:00"),
        ("2025-09-27 10:00", "2025-09-28 08:00"),
        ("2025-09-28 10:00", "2025-09-28 10:00"),
        # Over National Day, and the make-up Saturday after it.
        ("2025-09-30 19:59", "2025-09-30 19:59"),
        ("2025-09-30 20:00", "2025-10-09 08:00"),
        ("2025-10-03 12:00", "2025-10-09 08:00"),
        ("2025-10-08 23:00", "2025-10-09 08:00"),
        ("2025-10-10 20:00", "2025-10-11 08:00"),
        ("2025-10-11 09:00", "2025-10-11 09:00"),
        ("2025-10-11 20:00", "2025-10-13 08:00"),
    ],
)
def test_it_goes_out_at_the_first_moment_that_is_not_quiet(now, goes_out):
    assert first_moment(_at(now), CALENDAR) == _at(goes_out)


@pytest.mark.django_db
@pytest.mark.parametrize(("urgent", "goes_out"), [(False, "2025-10-09 08:00"), (True, "2025-10-01 21:00")])
def test_only_red_goes_out_on_a_holiday_night_and_the_bell_shows_both(cast, mail, reach, urgent, goes_out):
    with time_machine.travel(_at("2025-10-01 21:00"), tick=False):
        tell(reach("township"), urgent=urgent)

    assert Notice.objects.filter(recipient=cast.township, read_at=None).count() == 1
    assert Delivery.objects.get().not_before == _at(goes_out)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        # The sweep reminds at midnight; on a Saturday what is red does not wait for Monday.
        ("2025-09-24 00:00", "2025-09-24 08:00"),
        ("2025-09-20 00:00", "2025-09-20 08:00"),
        ("2025-09-20 21:00", "2025-09-21 08:00"),
        ("2025-09-20 10:00", "2025-09-20 10:00"),
    ],
)
@pytest.mark.parametrize("holder", ["remind", "escalate"])
def test_the_reminder_of_a_red_alert_waits_for_the_morning(cast, mail, reach, mailoutbox, now, goes_out, holder):
    for name in ("specialist", "township"):
        reach(name)
    today = _at(now).date()
    late = dt.timedelta(days=-1 if holder == "escalate" else 0)
    factories.alert(
        household=factories.household(), level="red", holder="village", status="dispatched", due_on=today + late
    )
    with time_machine.travel(_at(now), tick=False):
        assert watch_deadlines()["reminded" if holder == "remind" else "escalated"] == 1
        send_due()
    delivery = Delivery.objects.get()
    assert delivery.notice.urgent and delivery.not_before == _at(goes_out)
    assert len(mailoutbox) == int(now == goes_out)

    with time_machine.travel(_at(goes_out), tick=False):
        send_due()
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_reminder_whose_first_try_failed_is_not_tried_again_at_night(cast, mail, reach, mailoutbox):
    with time_machine.travel(_at("2025-09-24 19:50"), tick=False):
        values = {"count": 1, "day": "2025-09-24"}
        recipients = [reach("township")]
        notify(kind="due_soon", key="due", recipients=recipients, values=values, path="/work/", urgent=True)
    with time_machine.travel(_at("2025-09-24 20:50"), tick=False):
        send_due()
        assert mailoutbox == []
    with time_machine.travel(_at("2025-09-25 08:00"), tick=False):
        send_due()
        assert len(mailoutbox) == 1
