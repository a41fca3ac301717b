"""The task of each second numbers events and chains audit rows."""

import pytest
from django.conf import settings

from households.areas.models import Area
from households.ledger.services import record_event, write_audit
from households.ledger.tasks import publish_ledger
from households.models import AuditEntry, Event


@pytest.mark.django_db
def test_it_publishes_both_and_says_how_many():
    record_event(kind="raised", subject="alert", subject_id=1, place=Area.objects.get(pk="420527103204"))
    write_audit(action="sign_in")
    write_audit(action="sign_out")

    assert publish_ledger() == {"events": 1, "audit": 2}
    assert publish_ledger() == {"events": 0, "audit": 0}
    assert not Event.objects.filter(number=None).exists()
    assert not AuditEntry.objects.filter(digest=None).exists()


def test_beat_calls_it_by_its_name_and_lets_an_old_call_expire():
    entry = settings.CELERY_BEAT_SCHEDULE["publish-ledger"]
    assert entry["task"] == publish_ledger.name
    assert entry["options"]["expires"] <= 2 * entry["schedule"]
