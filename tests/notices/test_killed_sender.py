"""A real sender process, killed as when the power fails, on a real mail server and a real gateway of our own."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection
from django.db.models import F

from alerts.models import Delivery, Gateway, Notice
from alerts.notices.deciding import decide
from alerts.notices.sending import LEASE
from households.models import Posting, User
from households.privacy.seal import seal
from tests.notices.conftest import PHONE, tell
from tests.notices.sinks import gateway_sink, smtp_sink
from tests.workers import ROOT, backends, wait_for

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sinks():
    with ExitStack() as stack:
        yield stack.enter_context(smtp_sink()), stack.enter_context(gateway_sink())


@pytest.fixture
def start_sender(sinks):
    """``start_sender()`` starts ``manage.py send_notices`` on the test database. All are killed after the test."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{address}/{database['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sinks[0].port}",
        "EMAIL_FROM": "monitoring@example.org",
        "SITE_URL": "https://monitoring.example.org",
        "GATEWAY_ALLOW_LOCAL": "1",
        "DEBUG": "1",
    }
    processes = []

    def _start() -> subprocess.Popen:
        command = [sys.executable, "manage.py", "send_notices", "--skip-checks"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        processes.append(process)
        return process

    yield _start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def tell_many(sinks, mail, cast):
    """``tell_many(1000)``: so many people are told, each by e-mail and by a gateway, at any hour."""
    Gateway.objects.create(
        name="短信", url=f"http://127.0.0.1:{sinks[1].port}/", body='{"to": "{{ phone }}", "text": "{{ text }}"}'
    )

    def _tell(count: int) -> set[str]:
        users = User.objects.bulk_create(
            User(username=f"u{number}", name="某人", email=f"u{number}@example.org", phone_sealed=seal(PHONE))
            for number in range(count)
        )
        Posting.objects.bulk_create(
            Posting(user=user, role="county_staff", area_id="420527", valid_from="2020-01-01") for user in users
        )
        assert tell(*[user.pk for user in users], urgent=True) == count
        return {str(uid) for uid in Notice.objects.values_list("uid", flat=True)}

    return _tell


def _twice(numbers: list[str]) -> set[str]:
    return {number for number, count in Counter(numbers).items() if count > 1}


def _marked(way: str, **fields) -> set[str]:
    rows = Delivery.objects.filter(way=way, **fields)
    return {str(uid) for uid in rows.values_list("notice__uid", flat=True)}


@pytest.mark.timeout(600)
def test_a_sender_killed_twenty_times_loses_nothing_and_repeats_only_what_is_marked(
    sinks, start_sender, tell_many, cast
):
    mails, gateway = sinks
    told = tell_many(1000)
    at_random = random.Random(20)

    def _taken() -> int:
        return len(mails.taken) + len(gateway.taken)

    others = backends()
    for _kill in range(20):
        sender, enough = start_sender(), _taken() + at_random.randint(10, 60)
        assert wait_for(lambda enough=enough: _taken() >= enough, seconds=60, pause=0.0007)
        assert sender.poll() is None
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        assert wait_for(lambda: backends() <= others, 30)
        # The lease is over, without waiting for it.
        Delivery.objects.filter(state="sending").update(claimed_at=F("claimed_at") - 2 * LEASE)
    assert start_sender().wait(timeout=120) == 0

    assert set(mails.message_ids()) == told
    assert _twice(mails.message_ids()) <= _marked("email", error="sent_again", state="sent")
    in_doubt = _marked("gateway", state="in_doubt")
    assert _twice(gateway.ids()) == set()
    assert told - set(gateway.ids()) <= in_doubt
    assert 0 < len(in_doubt) + len(_marked("email", error="sent_again")) <= 20
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"sent", "in_doubt"}

    # A person sends again what is in doubt, and now everything is there; twice is only what they were asked about.
    ids = Delivery.objects.filter(state="in_doubt").values_list("pk", flat=True)
    assert decide(decision="again", ids=ids, by=cast.admin) == len(in_doubt)
    assert start_sender().wait(timeout=60) == 0
    assert set(gateway.ids()) == told
    assert _twice(gateway.ids()) <= in_doubt
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_two_senders_at_once_send_nothing_twice(sinks, start_sender, tell_many):
    mails, gateway = sinks
    told = tell_many(300)
    senders = [start_sender(), start_sender(), start_sender()]
    assert [sender.wait(timeout=120) for sender in senders] == [0, 0, 0]

    assert sorted(mails.message_ids()) == sorted(gateway.ids()) == sorted(told)
    assert set(Delivery.objects.values_list("state", "tries", "error")) == {("sent", 1, "")}
