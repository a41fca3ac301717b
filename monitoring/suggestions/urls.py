from django.urls import path

from monitoring.suggestions import views

app_name = "suggestions"
urlpatterns = [
    path("", views.suggestion_list, name="list"),
    path("<int:pk>/", views.suggestion_detail, name="detail"),
    path("<int:pk>/answer/", views.suggestion_answer, name="answer"),
]
