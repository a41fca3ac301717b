"""The page of the figures of travel."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from alerts.travel.figures import BELOW, FIGURES, travel_figures
from alerts.travel.models import Alert
from alerts.travel.periods import Period, presets, read_period
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, problem
from households.staff.access import requires
from households.staff.models import User


def _newest_day(user: User):
    """Periods are offered back from here: a county that has raised nothing this year still finds its figures."""
    newest = Alert.objects.visible_to(user).aggregate(Max("raised_at"))["raised_at__max"]
    return timezone.localdate(newest) if newest else timezone.localdate()


@requires("figures.view")
@require_GET
def travel(request: HttpRequest) -> HttpResponse:
    """Raised, fed back and verified in a period, by place, level and channel; each number opens its list."""
    user, areas = request.user, ScopeAreas(request.user.scope)
    newest = _newest_day(user)
    period, problems = read_period(request.GET, default=Period.of_half_year(newest), also=("township",))
    townships = areas.townships() if user.scope and user.scope.level == "county" else []
    township = request.GET.get("township", "")
    if township and township not in dict(townships):
        problems.append(problem("invalid_value", "township", tuple(dict(townships))))
    context: dict[str, object] = {
        "period": period,
        "presets": list(presets(newest, period, township=township)),
        "townships": townships,
        "township": township,
    }
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "alerts/figures.html", context, status=400)
    context |= {
        "figures": FIGURES,
        "travel": travel_figures(who=user, areas=areas, period=period, township=township),
        "place_name": areas.short_names.get(township, ""),
        "by_village": BELOW.get("township" if township else user.scope.level) == "village",
    }
    return render(request, "alerts/figures.html", context)
