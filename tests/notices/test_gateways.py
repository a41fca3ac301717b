"""The plain HTTP gateway: what it is sent, what its answers mean, and where it may not stand."""

import datetime as dt
import json
import socket
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine

from alerts.models import Delivery, Gateway, Notice
from alerts.notices.gateways import address_is_allowed, render_body
from alerts.notices.sending import LEASE, send_due, sweep
from tests.notices.conftest import PHONE, tell
from tests.notices.sinks import gateway_sink

NOW = dt.datetime(2025, 9, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BODY = """
{"to": ["{{ phone }}"], "text": "{{ title }}：{{ text }}", "id": "{{ id }}", "more": {"url": "{{ url }}", "n": 1}}
"""


@pytest.fixture
def sink(settings, db):
    """A gateway on this machine, by plain HTTP as only a development site may."""
    settings.DEBUG = True
    settings.GATEWAY_ALLOW_LOCAL = True
    settings.SITE_URL = "https://monitoring.example.org"
    settings.GATEWAY_SECRETS = {"GATEWAY_SECRET_SMS": "Bearer s3cret"}
    with gateway_sink() as server, time_machine.travel(NOW, tick=False):
        Gateway.objects.create(
            name="短信",
            url=f"http://127.0.0.1:{server.port}/send?app=1",
            body=BODY,
            secret_header="Authorization",
            secret_variable="GATEWAY_SECRET_SMS",
        )
        yield server


def _state() -> tuple[str, str]:
    return Delivery.objects.values_list("state", "error").get()


def test_it_posts_the_body_with_values_and_secret(cast, reach, sink):
    tell(reach("township"))
    assert send_due() == {"sent": 1}

    [(headers, body)] = sink.taken
    notice = Notice.objects.get()
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Idempotency-Key"] == body["id"] == str(notice.uid)
    assert body["to"] == [PHONE]
    assert body["text"].startswith("您有 3 条新预警：屈原镇有 3 条预警")
    assert body["more"] == {"url": "https://monitoring.example.org/alerts/", "n": 1}


def test_a_quotation_mark_in_a_value_breaks_nothing():
    title = 'a"b\\c\n{{ text }}'
    body = render_body('{"a": "x {{title}} y", "b": ["{{ phone }}"], "c": null}', {"title": title, "phone": "1"})

    assert json.loads(body) == {"a": f"x {title} y", "b": ["1"], "c": None}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, ("sent", "")),
        (202, ("sent", "")),
        (302, ("waiting", "gateway_redirects")),
        (400, ("waiting", "gateway_refused")),
        (401, ("waiting", "gateway_refused")),
        (429, ("waiting", "gateway_refused")),
        (500, ("in_doubt", "no_answer")),
        (503, ("waiting", "gateway_refused")),
        (504, ("in_doubt", "no_answer")),
    ],
)
def test_what_an_answer_means(cast, reach, sink, status, state):
    sink.status = status
    sink.headers = {"Location": f"http://127.0.0.1:{sink.port}/elsewhere"}
    tell(reach("township"))
    send_due()

    assert _state() == state
    assert len(sink.taken) == 1


def test_silence_after_it_was_handed_over_is_a_doubt(cast, reach, sink, monkeypatch):
    monkeypatch.setattr("alerts.notices.gateways.TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        Gateway.objects.update(url=f"http://127.0.0.1:{mute.getsockname()[1]}/")
        tell(reach("township"))
        send_due()

    assert _state() == ("in_doubt", "no_answer")


def test_a_doubt_is_not_sent_again_by_itself(cast, reach, sink):
    tell(reach("township"))
    Delivery.objects.update(state="sending", claimed_at=NOW - LEASE - dt.timedelta(seconds=1))
    assert sweep() == 1
    assert send_due() == {}

    assert _state() == ("in_doubt", "sender_stopped")
    assert sink.taken == []


def test_a_gateway_that_is_down_waits_and_stops_no_other(cast, reach, sink):
    Gateway.objects.create(name="坏的", url="http://127.0.0.1:1/", body=BODY)
    tell(*[reach(name) for name in ("admin", "staff", "township")])
    send_due()

    assert len(sink.taken) == 3
    waiting = Delivery.objects.filter(gateway__name="坏的").values_list("state", "tries")
    assert sorted(waiting) == [("waiting", 0), ("waiting", 0), ("waiting", 1)]


@pytest.mark.parametrize("secret", [{}, {"GATEWAY_SECRET_SMS": "line\r\nX-Other: 1"}])
def test_without_its_secret_nothing_is_called(cast, reach, sink, settings, secret):
    settings.GATEWAY_SECRETS = secret
    tell(reach("township"))
    send_due()

    assert _state() == ("waiting", "no_secret")
    assert sink.taken == []


def test_plain_http_is_refused_outside_of_development(cast, reach, sink, settings):
    settings.DEBUG = False
    tell(reach("township"))
    send_due()

    assert _state() == ("waiting", "forbidden_address")
    assert sink.taken == []


def test_this_machine_is_not_called_unless_the_setting_says_so(cast, reach, sink, settings):
    settings.GATEWAY_ALLOW_LOCAL = False
    tell(reach("township"))
    send_due()

    assert _state() == ("waiting", "forbidden_address")
    assert sink.taken == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("10.1.2.3", True),
        ("192.168.1.1", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("100.100.100.200", False),
        ("fd00:ec2::254", False),
        ("0.0.0.0", False),
        ("::", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
    ],
)
def test_where_a_gateway_may_stand(address, allowed):
    assert address_is_allowed(address) is allowed


def test_it_calls_the_address_that_was_looked_at(cast, reach, sink, monkeypatch):
    """A name that leads elsewhere when it is asked a second time (DNS rebinding) is not asked a second time."""
    answers = iter(["127.0.0.1", "169.254.169.254"])
    asked = []

    def _resolve(host, port, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    Gateway.objects.update(url=f"http://sms.example.org:{sink.port}/")
    monkeypatch.setattr("alerts.notices.gateways.socket.getaddrinfo", _resolve)
    monkeypatch.setattr("alerts.notices.gateways.socket.create_connection", _plain_connection)
    tell(reach("township"))
    assert send_due() == {"sent": 1}

    assert asked == ["sms.example.org"]
    assert sink.taken[0][0]["Host"] == f"sms.example.org:{sink.port}"


def _plain_connection(address, timeout):
    connection = socket.socket()
    connection.settimeout(timeout)
    connection.connect(address)
    return connection


def test_a_body_that_cannot_be_sent_stops_nobody_behind_it(cast, reach, sink):
    Gateway.objects.create(name="坏的", url=f"http://{'x' * 70}.example.org/", body=BODY)
    tell(reach("township"))
    assert send_due() == {"sent": 1, "waiting": 1}

    assert Delivery.objects.get(gateway__name="坏的").error in {"malformed", "gateway_unreachable"}
    assert uuid.UUID(sink.ids()[0])
