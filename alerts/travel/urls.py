from django.urls import path

from alerts.travel import move_views, views

app_name = "alerts"
urlpatterns = [
    path("", views.alert_list, name="list"),
    path("<int:pk>/moves/<slug:code>/", move_views.move_alert, name="move"),
]
