from django.urls import path

from households.desk import person_urls

app_name = "desk"
urlpatterns = [
    *person_urls.urlpatterns,
]
