"""What visits ask of whoever decides: change requests, and uploads that were kept for review."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from households.models import User
from households.paging import COUNT_UP_TO
from households.visits.requests import requests_of
from monitoring.tablet.models import Upload, UploadState


@dataclass(frozen=True)
class Waiting:
    """A list and how much waits in it, counted up to the cap; "10,000+" beyond."""

    label: str
    url: str
    count: str


def visits_waiting(user: User) -> list[Waiting]:
    """Two queries, each over the index of what waits."""
    held = Upload.objects.visible_to(user).filter(state=UploadState.HELD)
    return [
        Waiting(_("Change requests"), reverse("visits:requests"), _count(requests_of(user))),
        Waiting(_("Uploads kept for review"), reverse("uploads:list"), _count(held)),
    ]


def _count(rows) -> str:
    count = rows.order_by()[: COUNT_UP_TO + 1].count()
    return f"{COUNT_UP_TO:,}+" if count > COUNT_UP_TO else f"{count:,}"
