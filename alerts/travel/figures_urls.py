from django.urls import path

from alerts.travel import figures_views

app_name = "figures"
urlpatterns = [path("", figures_views.travel, name="travel")]
