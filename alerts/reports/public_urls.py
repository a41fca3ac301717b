"""Every URL of the public host. Nothing else answers there."""

from django.urls import path

from alerts.reports import public_views

handler400 = handler403 = handler404 = public_views.not_found
handler500 = public_views.out_of_order

urlpatterns = [
    path("", public_views.townships, name="townships"),
    path("t/<str:code>/", public_views.villages, name="villages"),
    # Behind the QR code: as short as it can be.
    path("v/<str:code>/", public_views.report, name="report"),
    path("v/<str:code>/other/", public_views.report_for_somebody, name="report-for-somebody"),
    path("receipt/", public_views.receipt, name="receipt"),
]
