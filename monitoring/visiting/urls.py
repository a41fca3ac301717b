from django.urls import path

from monitoring.visiting import due_views, print_views, request_views, views, visit_views

app_name = "visits"
urlpatterns = [
    path("", views.visit_list, name="list"),
    path("calendar/", views.visit_calendar, name="calendar"),
    path("requests/", request_views.request_list, name="requests"),
    path("requests/<int:pk>/", request_views.request_decide, name="request-decide"),
    path("due/", due_views.due_list, name="due"),
    path("print/<int:pk>/", print_views.print_household, name="print"),
    path("print/villages/<str:code>/", print_views.print_village, name="print-village"),
    path("<int:pk>/", visit_views.visit_detail, name="detail"),
    path("<int:pk>/photos/<int:photo_pk>/", visit_views.visit_photo, name="photo"),
]
