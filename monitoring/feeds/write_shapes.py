"""What the schema says of writing: bodies, the header that makes a write happen once, the possible moves."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from alerts.kinds import Risk
from alerts.models import AlertStatus
from alerts.reports.entering import HOTLINES
from alerts.reports.models import ReportState
from alerts.transitions import LEVELS
from alerts.travel.given import LONGEST_NOTE
from alerts.travel.models import Holder, Outcome, Reason, Verdict
from monitoring.feeds.moving import OFFERED
from monitoring.feeds.reporting import LONGEST_WORDS

ONCE = (
    "Send a key of your own for each write. The same key with the same request is answered again with the first "
    "answer, refusals included, and `Idempotency-Replayed: true`; with another request it is a 422. Answers are "
    "kept for 24 hours at least."
)
TICKET = (
    "Raises an alert, or joins the open one of the same household and cause. A ticket that is there already, from "
    "this system or a desk, is answered with 200 and stays as it is. "
)
KEY_PARAMETERS = [
    OpenApiParameter(
        "Idempotency-Key",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        required=True,
        description="1 to 80 visible ASCII characters, e.g. a UUID",
        pattern=r"^[\x21-\x7e]{1,80}$",
    ),
    OpenApiParameter(
        "Idempotency-Replayed",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        response=True,
        enum=["true"],
        description="The answer was given before",
    ),
]


class MoveShape(serializers.Serializer):
    """A name that the move has no use for is an error, like an unknown one."""

    move = serializers.ChoiceField(OFFERED)
    seen = serializers.DateTimeField(
        required=False,
        help_text="changed_at of the alert as it was read; changed since: 409 alert_changed",
    )
    to = serializers.ChoiceField(LEVELS[1:], required=False, help_text="dispatch: the level below")
    village = serializers.CharField(required=False, max_length=12, help_text="transfer: 12 digits, same township")
    note = serializers.CharField(required=False, max_length=LONGEST_NOTE, help_text="Stands on pages, in no feed")
    verdict = serializers.ChoiceField(Verdict, required=False, help_text="verify")
    risks = serializers.ListField(child=serializers.ChoiceField(Risk), required=False, help_text="verify")
    reason = serializers.ChoiceField(Reason, required=False, help_text="verify, dismiss")
    outcome = serializers.ChoiceField(Outcome, required=False, help_text="close, dismiss")


class ReportShape(serializers.Serializer):
    """Words and numbers are sealed and never given back."""

    source = serializers.ChoiceField([(source.value, source.label) for source in HOTLINES])
    ticket = serializers.CharField(max_length=40, help_text="Its number there; the same one again is one report")
    village = serializers.CharField(max_length=12, help_text="12 digits, within the area of the key")
    name = serializers.CharField(max_length=40, help_text="Who is in need")
    risk = serializers.ChoiceField(Risk)
    group = serializers.CharField(required=False, max_length=40, help_text="Villagers' group")
    words = serializers.CharField(required=False, max_length=LONGEST_WORDS)
    phone = serializers.CharField(required=False, max_length=20)
    identity = serializers.CharField(
        required=False, max_length=30, help_text="Finds the household, within the area of the key"
    )


class EnteredShape(serializers.Serializer):
    id = serializers.IntegerField()
    source = serializers.CharField()
    ticket = serializers.CharField()
    state = serializers.ChoiceField(ReportState)
    alert = serializers.IntegerField(allow_null=True, help_text="The alert that it raised or joined")
    new = serializers.BooleanField(help_text="False for a ticket that was handed in or entered before")


class AskedShape(serializers.Serializer):
    name = serializers.CharField()
    required = serializers.BooleanField()
    allowed = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Null: any text")
    when = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Names and values, any of which makes it needed, too",
    )


class PossibleMoveShape(serializers.Serializer):
    move = serializers.ChoiceField(OFFERED)
    leads_to = serializers.ChoiceField(AlertStatus)
    fields = AskedShape(many=True)


class PossibleMovesShape(serializers.Serializer):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(AlertStatus)
    holder = serializers.ChoiceField(Holder)
    seen = serializers.DateTimeField(help_text="Send it back with the move")
    moves = PossibleMoveShape(many=True)
