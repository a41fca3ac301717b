from django.urls import path

from monitoring.visiting import campaign_views as views

app_name = "campaigns"
urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("new/", views.campaign_new, name="new"),
    path("<int:pk>/", views.campaign_detail, name="detail"),
    path("<int:pk>/figures/", views.campaign_figures, name="figures"),
    path("<int:pk>/end/", views.campaign_end, name="end"),
    path("<int:pk>/sheet/", views.campaign_sheet, name="sheet"),
    path("<int:pk>/villages/<str:code>/", views.campaign_village, name="village"),
]
