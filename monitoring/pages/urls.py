from django.urls import path

from monitoring.pages import alert, household, undo_import

app_name = "pages"
urlpatterns = [
    path("alerts/<int:pk>/", alert.alert_detail, name="alert"),
    path("households/<int:pk>/", household.household_detail, name="household"),
    path("imports/<int:pk>/undo/", undo_import.undo, name="undo-import"),
]
