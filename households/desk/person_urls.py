"""Forms about persons, ledger lines, expenses and visits of one household."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
