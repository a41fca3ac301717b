from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from monitoring.feeds import api, write_api

app_name = "api"
urlpatterns = [
    path("alerts/", api.AlertList.as_view(), name="alerts"),
    path("alerts/<int:pk>/", api.AlertDetail.as_view(), name="alert"),
    path("alerts/<int:pk>/moves/", write_api.AlertMoves.as_view(), name="moves"),
    path("reports/", write_api.ReportEntry.as_view(), name="reports"),
    path("events/", api.EventList.as_view(), name="events"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
