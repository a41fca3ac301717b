from django.urls import path

from alerts.reports import entering_views, handling_views, many_views, sheets, views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("new/", entering_views.report_new, name="new"),
    path("accept/", many_views.reports_accept, name="accept-many"),
    path("set-aside/", many_views.reports_set_aside, name="set-aside-many"),
    path("sheets/", sheets.sheet_list, name="sheets"),
    path("sheets/print/", sheets.sheet_print, name="sheet-print"),
    path("<int:pk>/", views.report_detail, name="detail"),
    path("<int:pk>/accept/", handling_views.report_accept, name="accept"),
    path("<int:pk>/set-aside/", handling_views.report_set_aside, name="set-aside"),
    path("<int:pk>/phone/", handling_views.report_phone, name="phone"),
    path("<int:pk>/search/", handling_views.report_search, name="search"),
    path("<int:pk>/match/", handling_views.report_match, name="match"),
    path("<int:pk>/answer/", handling_views.report_answer, name="answer"),
]
