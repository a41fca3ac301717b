"""Reports that arrive at the same moment: a form tapped twice is one, and a limit holds for all together."""

import threading

import pytest
from django.db import connection

from alerts.models import Alert, Report
from alerts.reports.receiving import Written, new_token, receive_report
from households.models import Area
from tests.reports.conftest import PHONE, VILLAGE

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def _written(**changed: str) -> Written:
    usual = {"token": new_token(), "risk": "water", "name": "王秀英", "phone": PHONE, "words": "没有水喝"}
    return Written(village=Area.objects.get(pk=VILLAGE), **usual | changed)


def _send_at_once(reports: list[Written]) -> list[str]:
    """All at the same moment. The receipts."""
    receipts: list[str] = []
    barrier = threading.Barrier(len(reports))

    def send(written: Written) -> None:
        barrier.wait(timeout=30)
        try:
            receipts.append(receive_report(written=written).receipt)
        finally:
            connection.close()

    crowd = [threading.Thread(target=send, args=(written,)) for written in reports]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return receipts


def test_a_form_tapped_many_times_is_one_report_with_one_receipt():
    receipts = _send_at_once([_written(token="t" * 22)] * AT_ONCE)
    assert len(receipts) == AT_ONCE and len(set(receipts)) == 1
    assert Report.objects.count() == Alert.objects.count() == 1


def test_a_limit_holds_for_all_that_come_at_once():
    receipts = _send_at_once([_written(words=f"第{number}件") for number in range(AT_ONCE)])
    assert len(set(receipts)) == AT_ONCE
    states = list(Report.objects.values_list("state", flat=True))
    assert (states.count("accepted"), states.count("unchecked")) == (3, AT_ONCE - 3)
    assert Alert.objects.count() == 3
