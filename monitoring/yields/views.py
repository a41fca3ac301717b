"""The yield of each rule, with the rehearsal and the back-test of its thresholds beside it."""

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from alerts.models import Alert
from alerts.travel.periods import Period, presets, read_period
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters, problem
from households.models import Threshold
from households.staff.access import requires
from households.staff.models import User
from monitoring.judgment.labels import SHARE, threshold_label, unit_label
from monitoring.judgment.rehearsal import UnknownThreshold
from monitoring.thresholds.overview import unit_of
from monitoring.yields.backtest import backtest, testable_rules
from monitoring.yields.counting import read_yields
from monitoring.yields.forms import BacktestForm

PARAMETERS = ("value", "back", "within", "township")


def _townships(user: User, areas: ScopeAreas) -> list[tuple[str, str]]:
    """Those that somebody may choose from: a township has its own and no other."""
    return areas.townships() if user.scope and user.scope.level == "county" else []


@requires("yield.view")
@require_GET
def rule_yields(request: HttpRequest) -> HttpResponse:
    """Raised, verified, confirmed, false with reasons and days, by rule. Each number opens its list."""
    user, areas = request.user, ScopeAreas(request.user.scope)
    newest = Alert.objects.visible_to(user).aggregate(Max("raised_at"))["raised_at__max"]
    today = timezone.localdate(newest) if newest else timezone.localdate()
    period, problems = read_period(request.GET, default=Period.of_half_year(today), also=("township",))
    townships = _townships(user, areas)
    township = request.GET.get("township", "")
    if township and township not in dict(townships):
        problems.append(problem("invalid_value", "township", tuple(dict(townships))))
    context: dict[str, object] = {
        "period": period,
        "presets": list(presets(today, period, township=township)),
        "townships": townships,
        "township": township,
    }
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "yields/list.html", context, status=400)
    context["yields"] = read_yields(period=period, who=user, township=township)
    context["place_name"] = areas.short_names.get(township, "")
    return render(request, "yields/list.html", context)


@requires("yield.view")
@require_GET
def threshold_backtest(request: HttpRequest, code: str) -> HttpResponse:
    """Another value of a threshold on the months that were judged. Writes nothing."""
    try:
        rules = testable_rules(code)
    except UnknownThreshold as unknown:
        raise Http404 from unknown
    unit = unit_of(code, Threshold.objects.filter(code=code).order_by("-id")[:1])
    query = request.GET if "value" in request.GET else None
    form = BacktestForm(query, unit=unit, areas=ScopeAreas(request.user.scope))
    context: dict[str, object] = {
        "code": code,
        "named": threshold_label(code),
        "unit": "" if unit == SHARE else unit_label(unit),
        "rules": rules,
        "form": form,
    }
    if odd := odd_parameters(request.GET, PARAMETERS):
        context["problems"] = list(BadParameters(odd).sentences())
    elif form.is_bound and form.is_valid():
        context["tried"] = form.cleaned_data["value"]
        context["tested"] = backtest(
            runs=form.runs,
            code=code,
            value=form.cleaned_data["value"],
            who=request.user,
            within=form.cleaned_data["within"],
            township=form.cleaned_data["township"],
        )
    wrong = bool(odd) or bool(form.errors)
    return render(request, "yields/backtest.html", context, status=400 if wrong else 200)
