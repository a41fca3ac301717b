from django.urls import path

from alerts.travel import bulk_views, export_views, move_views, views, worklist_views

app_name = "alerts"
urlpatterns = [
    path("alerts/", views.alert_list, name="list"),
    path("alerts/export/", export_views.export_list, name="export"),
    path("alerts/<int:pk>/moves/<slug:code>/", move_views.move_alert, name="move"),
    path("work/", worklist_views.work, name="work"),
    path("work/export/", export_views.export_work, name="work-export"),
    path("work/moves/<slug:code>/", bulk_views.move_selected, name="work-move"),
    path("work/after/<int:pk>/", worklist_views.work_next, name="work-next"),
]
