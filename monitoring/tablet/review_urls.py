from django.urls import path

from monitoring.tablet import review_views as views

app_name = "uploads"
urlpatterns = [
    path("", views.upload_list, name="list"),
    path("<int:pk>/", views.upload_detail, name="detail"),
    path("<int:pk>/photos/<int:photo_pk>/", views.upload_photo, name="photo"),
    path("<int:pk>/accept/", views.upload_accept, name="accept"),
    path("<int:pk>/set-aside/", views.upload_set_aside, name="set-aside"),
]
