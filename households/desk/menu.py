"""What the household page offers under "Register a change"."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# URL name (its only argument is the household's ``pk``) and words, in groups.
OF_PERSONS: list[tuple[str, Promise]] = []
OF_HOUSEHOLD: list[tuple[str, Promise]] = [
    ("desk:move", _("Household moves")),
    ("desk:split", _("Household splits")),
    ("desk:merge", _("Household joins another")),
    ("desk:code", _("National household number")),
]
