"""Every URL prefix of the project."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("monitoring.dashboards.urls")),
    path("", include("households.staff.urls")),
    # Whoever cannot sign in yet may still choose a language.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("imports/", include("households.imports.urls")),
    path("households/", include("households.registry.urls")),
    path("households/", include("households.desk.urls")),
    path("audit/", include("households.ledger.urls")),
    path("", include("alerts.travel.urls")),
    path("area-events/", include("alerts.areawide.urls")),
    path("reports/", include("alerts.reports.urls")),
    path("runs/", include("monitoring.judgment.urls")),
    path("", include("monitoring.pages.urls")),
    path("gaps/", include("monitoring.quality.urls")),
    path("feedback/", include("monitoring.feedback.urls")),
    path("figures/", include("alerts.travel.figures_urls")),
    path("calendar/", include("households.policy.urls")),
    path("yield/", include("monitoring.yields.urls")),
    path("thresholds/", include("monitoring.thresholds.urls")),
    path("notices/", include("alerts.notices.urls")),
    path("clients/", include("monitoring.feeds.urls")),
    path("suggestions/", include("monitoring.suggestions.urls")),
    path("visits/", include("monitoring.visiting.urls")),
    path("campaigns/", include("monitoring.visiting.campaign_urls")),
    path("uploads/", include("monitoring.tablet.review_urls")),
    path("tablet/", include("monitoring.tablet.urls")),
    path("api/v1/", include("monitoring.feeds.api_urls")),
]
