from django.urls import path

from households.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.household_list, name="list"),
    path("search/", views.household_search, name="search"),
]
