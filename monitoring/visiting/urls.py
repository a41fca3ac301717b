from django.urls import path

from monitoring.visiting import views, visit_views

app_name = "visits"
urlpatterns = [
    path("", views.visit_list, name="list"),
    path("calendar/", views.visit_calendar, name="calendar"),
    path("<int:pk>/", visit_views.visit_detail, name="detail"),
    path("<int:pk>/photos/<int:photo_pk>/", visit_views.visit_photo, name="photo"),
]
