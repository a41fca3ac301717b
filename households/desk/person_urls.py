"""Forms about persons, ledger lines and expenses of one household."""

from django.urls import URLPattern, path

from households.desk import evidence_views, person_views

MEMBER = "<int:pk>/members/<int:person_pk>"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/birth/", person_views.birth, name="birth"),
    path(f"{MEMBER}/death/", person_views.death, name="death"),
    path(f"{MEMBER}/marriage-out/", person_views.marriage_out, name="marriage-out"),
    path("<int:pk>/marriage/", person_views.marriage, name="marriage"),
    path("<int:pk>/marriage/search/", person_views.marriage_search, name="marriage-search"),
    path("<int:pk>/marriage/newcomer/", person_views.marriage_newcomer, name="marriage-newcomer"),
    path("<int:pk>/marriage/<int:person_pk>/", person_views.marriage_in, name="marriage-in"),
    path("<int:pk>/lines/add/", evidence_views.line_add, name="line-add"),
    path("<int:pk>/lines/<int:line_pk>/", evidence_views.line_correct, name="line-correct"),
    path("<int:pk>/lines/<int:line_pk>/remove/", evidence_views.line_remove, name="line-remove"),
    path("<int:pk>/bills/add/", evidence_views.bill_add, name="bill-add"),
    path("<int:pk>/bills/<int:bill_pk>/", evidence_views.bill_correct, name="bill-correct"),
    path("<int:pk>/bills/<int:bill_pk>/remove/", evidence_views.bill_remove, name="bill-remove"),
]
