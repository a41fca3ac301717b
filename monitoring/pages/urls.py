from django.urls import path

from monitoring.pages import alert, household, undo_import
from monitoring.visiting import entry_views

app_name = "pages"
urlpatterns = [
    path("alerts/<int:pk>/", alert.alert_detail, name="alert"),
    path("households/<int:pk>/", household.household_detail, name="household"),
    path("households/<int:pk>/visit/", entry_views.enter, name="visit"),
    path("imports/<int:pk>/undo/", undo_import.undo, name="undo-import"),
]
