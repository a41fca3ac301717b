from django.urls import path

from monitoring.feedback import confirmed_views, views

app_name = "feedback"
urlpatterns = [
    path("", views.file_list, name="list"),
    path("confirmed/", confirmed_views.confirmed_list, name="confirmed"),
    path("confirmed/download/", confirmed_views.confirmed_download, name="confirmed-download"),
    path("<int:pk>/", views.file_rows, name="file"),
    path("<int:pk>/download/", views.file_download, name="file-download"),
]
