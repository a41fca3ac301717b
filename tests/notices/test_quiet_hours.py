"""Nothing rings between 20:00 and 8:00 or on a day off, but what is red."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from alerts.models import Delivery, Notice
from alerts.notices.quiet import first_moment
from households.policy.calendar import WorkCalendar
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
