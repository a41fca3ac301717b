from django.urls import path

from monitoring.yields import views

app_name = "yields"
urlpatterns = [
    path("", views.rule_yields, name="list"),
    path("<slug:code>/", views.threshold_backtest, name="backtest"),
]
