"""What waits goes out, when it may, to who is still there; what fails is tried again for a day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from alerts.models import Delivery, DeliveryState, Notice
from alerts.notices.sending import LEASE, PAUSES, send_due, sweep
from households.models import Posting
from tests.notices.conftest import tell
from tests.notices.sinks import smtp_sink

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday.
MORNING = dt.datetime(2025, 9, 24, 9, 0, tzinfo=SHANGHAI)
EVENING = dt.datetime(2025, 9, 24, 20, 0, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


def _travel(when: dt.datetime):
    return time_machine.travel(when, tick=False)


@pytest.fixture
def through(settings, mail):
    """``through(port)``: real SMTP to a port of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"

    def _through(port: int) -> None:
        settings.EMAIL_PORT = port

    return _through


def test_an_e_mail_says_what_the_bell_says_and_where_to_look(cast, mail, reach, mailoutbox):
    with _travel(MORNING):
        tell(reach("township"))
        assert send_due() == {"sent": 1}
        assert send_due() == {}

    [message] = mailoutbox
    notice = Notice.objects.get()
    assert message.subject == "您有 3 条新预警"
    assert "屈原镇有 3 条预警派发给您，最高级别黄色，请在 2026-10-09 当日或之前签收。" in message.body
    assert "https://monitoring.example.org/alerts/" in message.body
    assert message.to == ["township@example.org"]
    assert message.extra_headers["Message-ID"] == f"<{notice.uid}@monitoring.example.org>"
    assert Delivery.objects.get().sent_at == MORNING


def test_it_refuses_to_send_inside_a_transaction():
    with pytest.raises(RuntimeError), transaction.atomic(durable=True):
        send_due()


def test_what_is_written_at_night_goes_out_in_the_morning_but_red_at_once(cast, mail, reach, mailoutbox):
    with _travel(EVENING):
        tell(reach("township"))
        tell(reach("specialist"), urgent=True)
        send_due()
        assert [message.to for message in mailoutbox] == [["specialist@example.org"]]
    for when, sent in ((dt.timedelta(hours=12, seconds=-1), 1), (dt.timedelta(hours=12), 2)):
        with _travel(EVENING + when):
            send_due()
            assert len(mailoutbox) == sent


def test_what_was_put_off_into_the_evening_waits_for_the_morning(cast, mail, reach, mailoutbox):
    with _travel(EVENING - dt.timedelta(seconds=1)):
        tell(reach("township"))
    with _travel(EVENING):
        send_due()
    assert mailoutbox == []


def test_it_sends_nothing_to_who_has_left_meanwhile(cast, mail, reach, mailoutbox):
    with _travel(EVENING):
        tell(reach("township"), reach("staff"), reach("admin"))
    Posting.objects.filter(user=cast.township).update(valid_until=EVENING.date())
    cast.admin.is_active = False
    cast.admin.save()
    with _travel(EVENING + dt.timedelta(hours=13)):
        assert send_due() == {"sent": 1, "dropped": 2}
    assert [message.to for message in mailoutbox] == [["staff@example.org"]]
    assert set(Delivery.objects.filter(state="dropped").values_list("error", flat=True)) == {"has_left"}


def test_a_mail_server_that_is_down_for_an_hour_loses_nothing(cast, reach, through):
    people = [reach(name) for name in ("admin", "staff", "auditor", "township", "specialist")]
    for number in range(6):
        with _travel(MORNING):
            tell(*people, key=f"dispatched:{number}")
    # Nobody listens on this port.
    through(1)
    for minute in range(0, 60, 2):
        with _travel(MORNING + dt.timedelta(minutes=minute)):
            send_due()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    assert "mail_unreachable" in Delivery.objects.values_list("error", flat=True)

    with smtp_sink() as server:
        through(server.port)
        for minute in range(60, 125, 5):
            with _travel(MORNING + dt.timedelta(minutes=minute)):
                send_due()
        assert sorted(server.message_ids()) == sorted(
            str(uid) for uid in Notice.objects.values_list("uid", flat=True)
        )
    assert set(Delivery.objects.values_list("state", "error")) == {("sent", "")}


def test_a_dead_server_costs_one_try_a_call_and_not_one_for_each(cast, reach, through):
    through(1)
    with _travel(MORNING):
        tell(*[reach(name) for name in ("admin", "staff", "township")])
        send_due()

    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 1]


def test_an_address_that_is_refused_stops_nobody_else(cast, reach, through):
    with smtp_sink() as server, _travel(MORNING):
        server.refused = "staff@example.org"
        through(server.port)
        tell(*[reach(name) for name in ("admin", "staff", "township")])
        assert send_due() == {"sent": 2, "waiting": 1}
    assert Delivery.objects.get(state="waiting").error == "mail_refused"


def test_it_tries_for_more_than_a_day_and_then_says_that_it_failed(cast, reach, through):
    through(1)
    now = MORNING
    with _travel(now):
        tell(reach("township"), urgent=True)
    while Delivery.objects.filter(state="waiting").exists():
        now = Delivery.objects.get().not_before
        with _travel(now):
            send_due()

    row = Delivery.objects.get()
    assert (row.state, row.tries, row.error) == ("failed", len(PAUSES) + 1, "mail_unreachable")
    assert now - MORNING > dt.timedelta(days=1)


def test_after_its_lease_a_mail_goes_again_marked_and_with_the_same_id(cast, mail, reach, mailoutbox):
    with _travel(MORNING):
        tell(reach("township"))
        Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=MORNING, tries=1)
    for after, sent in ((LEASE, 0), (LEASE + dt.timedelta(seconds=1), 1)):
        with _travel(MORNING + after):
            sweep()
            send_due()
        assert len(mailoutbox) == sent
    assert str(Notice.objects.get().uid) in mailoutbox[0].extra_headers["Message-ID"]
    assert Delivery.objects.values_list("state", "error").get() == ("sent", "sent_again")


def test_without_a_mail_server_waiting_mail_waits(cast, mail, reach, settings):
    with _travel(MORNING):
        tell(reach("township"))
        settings.EMAIL_URL = ""
        assert send_due() == {}
    assert Delivery.objects.values_list("state", "tries").get() == ("waiting", 0)
