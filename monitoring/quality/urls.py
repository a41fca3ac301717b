from django.urls import path

from monitoring.quality import views

app_name = "gaps"
urlpatterns = [path("", views.gap_list, name="list")]
