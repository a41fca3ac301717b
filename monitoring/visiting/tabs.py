"""The tabs of all pages about visits. Each is shown to whoever may open its page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# (URL name, label, right)
TABS = (
    ("visits:list", _("Visits made"), "visits.view"),
    ("visits:calendar", _("Calendar of visits"), "visits.view"),
    ("visits:due", _("Households to visit"), "visits.view"),
    ("visits:requests", _("Change requests"), "visits.view"),
    ("uploads:list", _("Uploads kept for review"), "visits.decide"),
    ("campaigns:list", _("Campaigns"), "visits.view"),
)


@dataclass(frozen=True)
class Tab:
    """A tab of components/tabs.html."""

    label: str
    url: str
    active: bool


def visit_tabs(request: HttpRequest, active: str) -> list[Tab]:
    """``active``: the URL name of the tab that is open."""
    found = []
    for name, label, right in TABS:
        if not request.user.has_perm(right):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Tab(str(label), url, name == active))
    return found
