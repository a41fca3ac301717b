"""The three pages of a county administrator about notices."""

from django.urls import reverse
from django.utils.translation import gettext as _


def county_tabs(active: str) -> list[dict[str, object]]:
    """For components/tabs.html. ``active``: the name of the page's URL."""
    labels = {"deliveries": _("Deliveries"), "templates": _("Words"), "gateways": _("Ways")}
    return [
        {"label": label, "url": reverse(f"notices:{name}"), "active": name == active, "count": None}
        for name, label in labels.items()
    ]
