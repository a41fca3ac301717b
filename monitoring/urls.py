"""Every URL prefix of the project."""

from django.urls import include, path

urlpatterns = [
    path("", include("monitoring.dashboards.urls")),
    path("", include("households.staff.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("imports/", include("households.imports.urls")),
    path("households/", include("households.registry.urls")),
    path("audit/", include("households.ledger.urls")),
    path("alerts/", include("alerts.travel.urls")),
    path("runs/", include("monitoring.judgment.urls")),
    path("", include("monitoring.pages.urls")),
    path("clients/", include("monitoring.feeds.urls")),
    path("api/v1/", include("monitoring.feeds.api_urls")),
]
