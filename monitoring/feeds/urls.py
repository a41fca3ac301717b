from django.urls import path

from monitoring.feeds import views

app_name = "clients"
urlpatterns = [
    path("", views.client_list, name="list"),
    path("create/", views.client_create, name="create"),
    path("<int:pk>/revoke/", views.client_revoke, name="revoke"),
]
