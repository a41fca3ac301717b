"""What a hotline's own system hands in: one ticket, read from the body of a request."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from alerts.kinds import Risk
from alerts.reports.entering import HOTLINES, Entered, Entry
from alerts.reports.fields import ReportPhoneField
from households.desk.fields import IdentityField
from households.filtering import BadParameters
from monitoring.feeds.bodies import Field, read_body

LONGEST_WORDS = 500
FIELDS = (
    Field("source", required=True, allowed=tuple(source.value for source in HOTLINES)),
    Field("ticket", required=True, longest=40),
    Field("village", required=True, longest=12),
    Field("name", required=True, longest=40),
    Field("risk", required=True, allowed=tuple(Risk.values)),
    Field("group", longest=40),
    Field("words", longest=LONGEST_WORDS),
    Field("phone", longest=20),
    Field("identity", longest=30),
)
# Read as at the desk: the same number, however it is written, is the same number.
NUMBERS = {"phone": ReportPhoneField(required=False), "identity": IdentityField()}


def read_report(data: Any) -> Entry:
    """Raises ``BadParameters``. No value stands in it: not a name, not a number."""
    values = read_body(data, FIELDS)
    problems = []
    for name, field in NUMBERS.items():
        try:
            values[name] = field.clean(values.get(name, ""))
        except forms.ValidationError:
            problems += [known.problem for known in FIELDS if known.name == name]
    if problems:
        raise BadParameters(problems)
    return Entry(token=uuid.uuid4(), on=timezone.localdate(), **values)


def report_as_data(entered: Entered) -> dict[str, Any]:
    report = entered.report
    return {
        "id": report.pk,
        "source": report.source,
        "ticket": report.ticket,
        "state": report.state,
        "alert": report.alert_id,
        "new": entered.is_new,
    }
