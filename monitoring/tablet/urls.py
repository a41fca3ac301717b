from django.urls import path

from monitoring.tablet import api, views

app_name = "tablet"
urlpatterns = [
    path("", views.page, name="page"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("assets/<slug:version>/<str:name>", views.shell_asset, name="asset"),
    path("api/me", api.me, name="me"),
    path("api/villages/<str:code>/", api.pull, name="pull"),
    path("api/visits/", api.push, name="visits"),
    path("api/photos/<uuid:uid>/<slug:sha256>/", api.photo, name="photo"),
    path("api/hand-over/", api.hand_over, name="hand-over"),
    path("api/hand-over/<uuid:uid>/<slug:sha256>/", api.hand_over_photo, name="hand-over-photo"),
]
