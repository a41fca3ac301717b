from django.urls import path

from households.policy import views

app_name = "calendar"
urlpatterns = [
    path("", views.year, name="year"),
    path("enter/", views.enter, name="enter"),
    path("day/", views.change_day, name="day"),
]
