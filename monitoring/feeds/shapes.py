"""What the schema says of the feeds: shapes of answers, parameters, the header with the key."""

from django_filters import ChoiceFilter
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from alerts.kinds import AlertLevel, Channel, Nature, Risk
from alerts.models import AlertStatus
from alerts.travel.filtersets import PERSONAL, AlertFilterSet
from alerts.travel.models import Holder, Outcome, Reason, Verdict
from households.filtering import DayFilter, IdFilter, MonthFilter
from households.models import Department
from monitoring.feeds.problems import CONTENT_TYPE

MONTH = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "monitoring.feeds.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Api-Key <prefix>.<secret>`",
        }


class BilingualShape(serializers.Serializer):
    zh = serializers.CharField()
    en = serializers.CharField()


class KindShape(serializers.Serializer):
    code = serializers.CharField(help_text="Rule code, e.g. INC01; a cluster of it in a village is CLU01.INC01")
    name = BilingualShape()
    nature = serializers.ChoiceField(Nature)
    channel = serializers.ChoiceField(Channel)


class HouseholdShape(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField(allow_null=True, help_text="National 户编号, 18 digits")
    head = serializers.CharField(help_text="Masked: 张*")


class PlaceShape(serializers.Serializer):
    county = serializers.CharField(help_text="6 digits")
    township = serializers.CharField(allow_null=True, help_text="9 digits")
    village = serializers.CharField(allow_null=True, help_text="12 digits")


class NamedPlaceShape(PlaceShape):
    name = serializers.CharField(allow_null=True)


class AlertShape(serializers.Serializer):
    id = serializers.IntegerField()
    kind = KindShape()
    department = serializers.ChoiceField(Department)
    risk = serializers.ChoiceField(Risk)
    level = serializers.ChoiceField(AlertLevel)
    status = serializers.ChoiceField(AlertStatus)
    open = serializers.BooleanField()
    channel = serializers.ChoiceField(Channel)
    holder = serializers.ChoiceField(Holder, help_text="The level that has to make the next move")
    handled_in = serializers.CharField(
        allow_null=True, help_text="Another village of the township that looks into it, 12 digits"
    )
    due_on = serializers.DateField(allow_null=True, help_text="Last day of the step under way")
    verify_by = serializers.DateField(allow_null=True, help_text="Last day of the verification as a whole")
    verdict = serializers.ChoiceField(Verdict, allow_null=True)
    risks = serializers.ListField(child=serializers.ChoiceField(Risk), help_text="Those confirmed")
    reason = serializers.ChoiceField(Reason, allow_null=True, help_text="Why there is no risk")
    outcome = serializers.ChoiceField(Outcome, allow_null=True)
    household = HouseholdShape(allow_null=True, help_text="Null where the alert is about a whole village")
    place = NamedPlaceShape()
    sentence = BilingualShape()
    values = serializers.DictField(help_text="The values compared, by name")
    threshold = serializers.DictField(help_text="The threshold used, with unit, dates and document")
    first_month = serializers.RegexField(MONTH)
    last_month = serializers.RegexField(MONTH)
    months_found = serializers.IntegerField()
    not_found_month = serializers.RegexField(MONTH, allow_null=True)
    raised_at = serializers.DateTimeField()
    dispatched_at = serializers.DateTimeField(allow_null=True, help_text="First sent down")
    verified_at = serializers.DateTimeField(allow_null=True, help_text="When the verdict was given")
    changed_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class AlertPageShape(serializers.Serializer):
    results = AlertShape(many=True)
    next = serializers.URLField(allow_null=True, help_text="Older alerts; null at the end")
    previous = serializers.URLField(allow_null=True, help_text="Newer alerts; null at the top")


class StatusChangeShape(serializers.Serializer):
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class EventDetailShape(serializers.Serializer):
    """Codes and days of the move, as far as there are any; never what a person wrote."""

    holder = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Level before and after"
    )
    due_on = serializers.DateField(required=False)
    verdict = serializers.CharField(required=False)
    risks = serializers.ListField(child=serializers.CharField(), required=False)
    reason = serializers.CharField(required=False)
    outcome = serializers.CharField(required=False)
    to = serializers.CharField(required=False)
    move = serializers.CharField(required=False)


class EventShape(serializers.Serializer):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="E.g. alert_raised, alert_level_changed, alert_not_found")
    subject = serializers.CharField(help_text="E.g. alert, household, import")
    subject_id = serializers.IntegerField()
    status = StatusChangeShape()
    level = StatusChangeShape()
    place = PlaceShape()
    detail = EventDetailShape()
    client = serializers.BooleanField(help_text="An API client acted, not a person")


class EventPageShape(serializers.Serializer):
    results = EventShape(many=True)
    next_after = serializers.IntegerField(help_text="Send it as after= the next time, however long that takes")
    more = serializers.BooleanField(help_text="Ask again at once")


class ParameterShape(serializers.Serializer):
    parameter = serializers.CharField()
    code = serializers.CharField()
    text = BilingualShape()
    allowed = serializers.ListField(child=serializers.CharField())


class ProblemShape(serializers.Serializer):
    """RFC 9457. ``code`` is stable; title and text are for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    text = BilingualShape()
    detail = serializers.CharField(required=False, help_text="A sentence in the language of the request")
    scope = serializers.CharField(required=False)
    field = serializers.CharField(required=False, help_text="What the move needs")
    longest = serializers.IntegerField(required=False, help_text="Bytes a body may have")
    errors = ParameterShape(many=True, required=False)


def problems(*statuses: int) -> dict:
    """The errors that an operation documents."""
    words = {
        400: "A parameter or a name of the body is unknown or its value not allowed; errors names what is",
        401: "No key, or it is wrong, expired or revoked",
        403: "The key lacks the scope",
        404: "Nothing there, or outside the area of the key",
        405: "The address does not take this method",
        406: "Something other than JSON was asked for",
        409: "Not possible from where the alert stands, changed meanwhile, or the same key is being carried out",
        413: "The body is too large",
        415: "The body is not JSON",
        422: "Something the move needs is missing, or the Idempotency-Key was used for another request",
    }
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemShape, description=words[status]) for status in statuses
    }


def _parameter(name: str, kind: object, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


def _filter_parameter(name: str, filter_) -> OpenApiParameter:
    # The catalogue's English: the schema is one document for all.
    if isinstance(filter_, MonthFilter):
        return _parameter(name, OpenApiTypes.STR, "Month, YYYY-MM", pattern=MONTH)
    if isinstance(filter_, DayFilter):
        return _parameter(name, OpenApiTypes.DATE, "Day in Asia/Shanghai, YYYY-MM-DD; both ends are included")
    if isinstance(filter_, IdFilter):
        words = {"household": "Id of a household", "area_event": "Id of an area event"}[name]
        return _parameter(name, {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}, words)
    choices = filter_.extra["choices"] if isinstance(filter_, ChoiceFilter) else ()
    values = list(getattr(choices, "values", None) or [value for value, _label in choices])
    if values:
        return _parameter(name, OpenApiTypes.STR, "One of the values", enum=values)
    return _parameter(name, OpenApiTypes.STR, "A code; an unknown one is answered with those that are allowed")


def _number(
    name: str, description: str, lowest: int, highest: int, default: int | None = None
) -> OpenApiParameter:
    schema: dict[str, object] = {"type": "integer", "minimum": lowest, "maximum": highest}
    return _parameter(name, schema, description, default=default)


LIMIT = _number("limit", "Rows a page", 1, 500, default=100)
ALERT_PARAMETERS = [
    *(
        _filter_parameter(name, filter_)
        for name, filter_ in AlertFilterSet.base_filters.items()
        if name not in PERSONAL
    ),
    _number("before", "Alerts with a smaller id", 1, 2**63 - 1),
    _number("after", "The nearest alerts with a greater id", 1, 2**63 - 1),
    LIMIT,
]
EVENT_PARAMETERS = [_number("after", "Events with a greater number", 0, 2**63 - 1, default=0), LIMIT]
