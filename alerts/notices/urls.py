from django.urls import path

from alerts.notices import delivery_views, setup_views, views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.notices_read, name="read-all"),
    path("<int:pk>/open/", views.notice_open, name="open"),
    path("<int:pk>/read/", views.notice_read, name="read"),
    path("deliveries/", delivery_views.delivery_list, name="deliveries"),
    path("deliveries/decide/", delivery_views.deliveries_decide, name="decide"),
    path("templates/", setup_views.template_list, name="templates"),
    path("templates/<slug:kind>/", setup_views.template_edit, name="template"),
    path("templates/<slug:kind>/reset/", setup_views.template_reset, name="template-reset"),
    path("gateways/", setup_views.gateway_list, name="gateways"),
    path("gateways/add/", setup_views.gateway_add, name="gateway-add"),
    path("gateways/email-test/", setup_views.email_test, name="email-test"),
    path("gateways/<int:pk>/", setup_views.gateway_edit, name="gateway"),
    path("gateways/<int:pk>/test/", setup_views.gateway_test, name="gateway-test"),
]
