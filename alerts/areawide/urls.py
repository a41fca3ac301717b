from django.urls import path

from alerts.areawide import views

app_name = "areawide"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("new/", views.event_new, name="new"),
    path("<int:pk>/", views.event_detail, name="detail"),
    path("<int:pk>/close/", views.event_close, name="close"),
    path("<int:pk>/villages/<str:code>/", views.event_visits, name="visits"),
    path("<int:pk>/villages/<str:code>/sheet/", views.event_sheet, name="sheet"),
]
