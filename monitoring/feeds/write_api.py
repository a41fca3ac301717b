"""What other systems write: moves of alerts, and tickets. Each write happens once, by its ``Idempotency-Key``."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts.models import Alert
from alerts.reports.entering import Entry, take_ticket
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters
from households.staff.access import visible_or_404
from monitoring.feeds import shapes, write_shapes
from monitoring.feeds.bodies import StrictJSONParser
from monitoring.feeds.idempotency import answer_once
from monitoring.feeds.lean import alert_as_data, alert_rows
from monitoring.feeds.models import ApiClient, FeedScope
from monitoring.feeds.moving import Wanted, possible_as_data, read_move
from monitoring.feeds.reporting import read_report, report_as_data


def _no_parameters(request) -> None:
    if problems := odd_parameters(request.query_params, ()):
        raise BadParameters(problems)


class AlertMoves(APIView):
    required_scope = FeedScope.MOVES.value
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        operation_id="alerts_moves",
        summary="The moves this key may make on an alert now, and what each needs",
        responses={200: write_shapes.PossibleMovesShape} | shapes.problems(400, 401, 403, 404, 405, 406),
    )
    def get(self, request, pk: int):
        _no_parameters(request)
        alert = visible_or_404(Alert.objects.all(), request.user, pk=pk)
        return Response(possible_as_data(alert, _mover(request.user).level_at(alert)))

    @extend_schema(
        operation_id="alerts_move",
        summary="Make a move on an alert",
        description=write_shapes.ONCE,
        parameters=write_shapes.KEY_PARAMETERS,
        request=write_shapes.MoveShape,
        responses={200: shapes.AlertShape} | shapes.problems(400, 401, 403, 404, 405, 406, 409, 413, 415, 422),
    )
    def post(self, request, pk: int):
        _no_parameters(request)
        wanted = read_move(request.data)
        return answer_once(request, act=lambda: _move(request.user, pk, wanted))


def _mover(client: ApiClient) -> Mover:
    """A key stands for the level of its area, whoever works there."""
    return Mover(level=client.scope.level, scope=client.scope, client_id=client.pk)


def _move(client: ApiClient, pk: int, wanted: Wanted) -> tuple[dict[str, Any], int]:
    by = _mover(client)
    try:
        make_move(alert_id=pk, move=wanted.move, given=wanted.given, seen=wanted.seen, by=by)
    except Alert.DoesNotExist as error:
        raise Http404 from error
    # Not scoped: handed over to another village it may lie outside the key's area from now on.
    return alert_as_data(alert_rows().get(pk=pk), ScopeAreas(client.scope).names), 200


class ReportEntry(APIView):
    required_scope = FeedScope.REPORTS.value
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        operation_id="reports_enter",
        summary="Hand in a ticket of a hotline or petition office",
        description=write_shapes.TICKET + write_shapes.ONCE,
        parameters=write_shapes.KEY_PARAMETERS,
        request=write_shapes.ReportShape,
        responses={201: write_shapes.EnteredShape, 200: write_shapes.EnteredShape}
        | shapes.problems(400, 401, 403, 405, 406, 409, 413, 415, 422),
    )
    def post(self, request):
        _no_parameters(request)
        entry = read_report(request.data)
        return answer_once(request, act=lambda: _enter(request.user, entry))


def _enter(client: ApiClient, entry: Entry) -> tuple[dict[str, Any], int]:
    entered = take_ticket(entry=entry, system=client, prefix=client.prefix)
    return report_as_data(entered), 201 if entered.is_new else 200
