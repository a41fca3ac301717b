from django.urls import path

from monitoring.tablet import api, views

app_name = "tablet"
urlpatterns = [
    path("", views.page, name="page"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("assets/<slug:version>/<str:name>", views.shell_asset, name="asset"),
    path("api/me", api.me, name="me"),
]
