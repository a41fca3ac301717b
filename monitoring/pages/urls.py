from django.urls import path

from monitoring.pages import alert, household

app_name = "pages"
urlpatterns = [
    path("alerts/<int:pk>/", alert.alert_detail, name="alert"),
    path("households/<int:pk>/", household.household_detail, name="household"),
]
