from django.urls import path

from households.imports import views, waiting_views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.upload, name="upload"),
    path("waiting/", waiting_views.waiting_list, name="waiting"),
    path("waiting/<int:pk>/", waiting_views.waiting_row, name="waiting-row"),
    path("waiting/<int:pk>/search/", waiting_views.waiting_search, name="waiting-search"),
    path("waiting/<int:pk>/match/", waiting_views.waiting_match, name="waiting-match"),
    path("waiting/<int:pk>/dismiss/", waiting_views.waiting_dismiss, name="waiting-dismiss"),
    path("doubts/", waiting_views.doubt_list, name="doubts"),
    path("doubts/<int:pk>/settle/", waiting_views.doubt_settle, name="doubt-settle"),
    path("<int:pk>/", views.import_detail, name="detail"),
    path("<int:pk>/rows/", views.import_rows, name="rows"),
    path("<int:pk>/refused/", views.import_refused, name="refused"),
    path("<int:pk>/commit/", views.import_commit, name="commit"),
    path("<int:pk>/discard/", views.import_discard, name="discard"),
]
