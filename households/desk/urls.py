from django.urls import path

from households.desk import household_views, person_urls

app_name = "desk"
urlpatterns = [
    path("new/", household_views.new, name="new"),
    path("<int:pk>/code/", household_views.code, name="code"),
    path("<int:pk>/move/", household_views.move, name="move"),
    path("<int:pk>/split/", household_views.split, name="split"),
    path("<int:pk>/merge/", household_views.merge, name="merge"),
    *person_urls.urlpatterns,
]
