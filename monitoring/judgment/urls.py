from django.urls import path

from monitoring.judgment import views

app_name = "runs"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("start/", views.run_start, name="start"),
    path("<int:pk>/", views.run_detail, name="detail"),
    path("<int:pk>/seal/", views.run_seal, name="seal"),
    path("<int:pk>/replay/", views.run_replay, name="replay"),
]
