"""The feeds: alerts, one alert, and what has changed. For API clients; read only."""

from django.http import Http404, QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts.models import Alert
from alerts.travel.filtersets import AlertFilterSet
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters, parse_whole_number, problem
from households.ledger.publishing import publish_events
from households.models import Event
from households.paging import Page, read_cursor, read_page, without
from monitoring.feeds import shapes
from monitoring.feeds.lean import alert_as_data, alert_rows, event_as_data, event_rows
from monitoring.feeds.models import FeedScope

PAGING = ("before", "after", "limit")
DEFAULT_LIMIT, HIGHEST_LIMIT = 100, 500


class AlertList(APIView):
    required_scope = FeedScope.ALERTS.value

    @extend_schema(
        operation_id="alerts_list",
        summary="Alerts of the key's area, newest first",
        parameters=shapes.ALERT_PARAMETERS,
        responses={200: shapes.AlertPageShape} | shapes.problems(400, 401, 403, 405, 406),
    )
    def get(self, request):
        query = request.query_params
        filters = AlertFilterSet(query, who=request.user, also=PAGING, blank_is_error=True)
        cursor, problems = read_cursor(query, limit=DEFAULT_LIMIT, highest=HIGHEST_LIMIT)
        if problems := filters.find_problems() + problems:
            raise BadParameters(problems)
        page = read_page(matching=filters.qs, showing=alert_rows(), cursor=cursor)
        links = _links(request, page)
        return Response({"results": [alert_as_data(row, filters.areas.names) for row in page.rows], **links})


def _links(request, page: Page) -> dict[str, str | None]:
    return {
        "next": page.older and _link(request, before=page.older),
        "previous": page.newer and _link(request, after=page.newer),
    }


def _link(request, **cursor: int) -> str:
    query = without(request.query_params, "before", "after", **cursor)
    return request.build_absolute_uri(f"{request.path}?{query}")


class AlertDetail(APIView):
    required_scope = FeedScope.ALERTS.value

    @extend_schema(
        operation_id="alerts_detail",
        summary="One alert",
        responses={200: shapes.AlertShape} | shapes.problems(400, 401, 403, 404, 405, 406),
    )
    def get(self, request, pk: int):
        if problems := odd_parameters(request.query_params, ()):
            raise BadParameters(problems)
        visible = Alert.objects.visible_to(request.user).filter(pk=pk).values("pk")
        row = alert_rows().filter(pk__in=visible).first()
        if row is None:
            raise Http404
        return Response(alert_as_data(row, ScopeAreas(request.user.scope).names))


class EventList(APIView):
    required_scope = FeedScope.EVENTS.value

    @extend_schema(
        operation_id="events_list",
        summary="Changes since a number, oldest first",
        description=(
            "Numbers have no gap that could be filled later: what is read once up to a number is complete up to "
            "that number. Within the area of a key numbers are missing, they belong to other areas."
        ),
        parameters=shapes.EVENT_PARAMETERS,
        responses={200: shapes.EventPageShape} | shapes.problems(400, 401, 403, 405, 406),
    )
    def get(self, request):
        after, limit = _read_position(request.query_params)
        if Event.objects.filter(number__isnull=True).exists():
            publish_events()
        visible = event_rows().visible_to(request.user).filter(number__gt=after)
        rows = [event_as_data(row) for row in visible[: limit + 1]]
        shown = rows[:limit]
        return Response(
            {
                "results": shown,
                "next_after": shown[-1]["number"] if shown else after,
                "more": len(rows) > limit,
            }
        )


def _read_position(query: QueryDict) -> tuple[int, int]:
    """(after, limit) of the change feed. Raises ``BadParameters``."""
    cursor, problems = read_cursor(query, limit=DEFAULT_LIMIT, highest=HIGHEST_LIMIT, names=())
    problems = odd_parameters(query, ("after", "limit")) + problems
    after = 0
    try:
        after = parse_whole_number(query.get("after", "0"), lowest=0)
    except ValueError:
        problems.append(problem("invalid_value", "after", ("0 – 9223372036854775807",)))
    if problems:
        raise BadParameters(problems)
    return after, cursor.limit
