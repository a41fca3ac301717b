from django.urls import path

from monitoring.thresholds import views

app_name = "thresholds"
urlpatterns = [
    path("", views.threshold_list, name="list"),
    path("<slug:code>/", views.threshold_detail, name="detail"),
    path("<slug:code>/rehearsal/", views.threshold_rehearsal, name="rehearsal"),
    path("<slug:code>/try/", views.threshold_try, name="try"),
    path("<slug:code>/add/", views.threshold_add, name="add"),
    path("<slug:code>/<int:pk>/end/", views.threshold_end, name="end"),
    path("<slug:code>/<int:pk>/withdraw/", views.threshold_withdraw, name="withdraw"),
]
