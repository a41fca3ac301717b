"""Telling people: one notice for each person and key, one delivery for each way by which they can be reached."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alerts.models import Delivery, Gateway, Notice
from alerts.notices.services import Told, notify, notify_each
from tests.notices.conftest import VALUES, tell

pytestmark = pytest.mark.django_db


def _ways() -> list[tuple[str, str]]:
    rows = Delivery.objects.order_by("notice__recipient_id", "id")
    return [(row.notice.recipient.username, row.gateway.name if row.gateway else row.way) for row in rows]


def _gateway(name="短信", body='{"to": "{{ phone }}", "text": "{{ text }}"}', **fields):
    return Gateway.objects.create(name=name, url="https://sms.example.org/send", body=body, **fields)


def test_it_tells_each_person_once_however_often_it_is_asked(cast):
    people = [cast.township.pk, cast.specialist.pk]

    assert tell(*people) == 2
    assert tell(*people) == 0
    assert tell(cast.township.pk, cast.staff.pk, cast.staff.pk) == 1
    assert tell(cast.township.pk, key="dispatched:2") == 1
    assert Notice.objects.count() == 4
    assert Notice.objects.filter(recipient=cast.township, values=VALUES, path="/alerts/").count() == 2


def test_it_asks_the_database_a_fixed_number_of_times(cast, mail, reach):
    few, many = [reach("township")], [reach(name) for name in ("admin", "staff", "auditor", "specialist")]
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        tell(*few)
    with CaptureQueriesContext(connection) as for_many:
        tell(*many)

    assert len(for_one) == len(for_many) == 3


def test_whoever_has_left_is_told_nothing(cast):
    cast.staff.is_active = False
    cast.staff.save()

    assert tell(cast.leaver.pk, cast.stranger.pk, cast.staff.pk, 999_999) == 0


def test_it_is_written_with_the_change_or_not_at_all(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(cast.township.pk)
        raise RuntimeError("the change failed")

    assert not Notice.objects.exists()


def test_each_may_be_told_values_of_their_own(cast):
    told = [Told(cast.township.pk, VALUES | {"count": 12}), Told(cast.specialist.pk, VALUES | {"count": 1}, True)]

    assert notify_each(kind="dispatched", key="dispatched:7", told=told, path="/alerts/") == 2
    rows = Notice.objects.order_by("id").values_list("recipient__username", "values__count", "urgent")
    assert sorted(rows) == [("specialist", 1, True), ("township", 12, False)]


def test_nobody_is_no_error(cast):
    assert tell() == 0


def test_without_mail_and_gateways_only_the_bell_tells(cast, reach):
    tell(reach("township"))

    assert not Delivery.objects.exists()


def test_e_mail_goes_to_those_who_have_an_address(cast, mail, reach):
    tell(reach("township"), cast.specialist.pk)

    assert _ways() == [("township", "email")]


def test_a_gateway_with_phone_reaches_those_who_have_one(cast, reach):
    _gateway()
    _gateway(name="停用", active=False)
    tell(reach("township"), cast.specialist.pk)

    assert _ways() == [("township", "短信")]


def test_a_gateway_without_phone_says_the_same_text_once(cast):
    _gateway(name="群机器人", body='{"text": "{{ text }}"}')
    people = [cast.township.pk, cast.specialist.pk, cast.neighbour.pk]
    told = [Told(people[0], VALUES), Told(people[1], VALUES), Told(people[2], VALUES | {"count": 1})]
    notify_each(kind="dispatched", key="dispatched:1", told=told, path="/alerts/")

    assert Delivery.objects.count() == 2
    assert set(Delivery.objects.values_list("notice__values__count", flat=True)) == {3, 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", -1),
        ("count", "12"),
        ("count", True),
        ("level", "orange"),
        ("day", "2026-13-01"),
        ("day", "tomorrow"),
        ("day", dt.date(2026, 10, 9)),
        ("place", "屈原镇"),
        ("place", "420527198001010014"),
        ("place", "13800001234"),
        ("name", "张三"),
    ],
)
def test_it_refuses_a_value_that_is_not_what_its_name_says(cast, name, value):
    with pytest.raises(ValueError, match=name) as raised:
        tell(cast.township.pk, **{name: value})

    # A wrong value may be somebody's name or number: it stands in no exception.
    assert repr(value) not in str(raised.value)


def test_it_refuses_what_is_missing_unknown_or_leads_elsewhere(cast):
    good = {
        "kind": "dispatched",
        "key": "k",
        "recipients": [cast.township.pk],
        "values": VALUES,
        "path": "/alerts/",
    }
    for wrong in (
        {"kind": "no_such_kind"},
        {"values": {"count": 1}},
        {"key": ""},
        {"key": "k" * 81},
        {"path": "https://elsewhere.example.org/"},
        {"path": "//elsewhere.example.org/"},
    ):
        with pytest.raises(ValueError):
            notify(**good | wrong)

    assert notify(**good) == 1
