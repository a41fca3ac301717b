"""What the household page offers under "Register a change"."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.registry.models import Household

# URL name (its only argument is the household's ``pk``) and words, in groups.
OF_PERSONS: list[tuple[str, Promise]] = [
    ("desk:birth", _("Birth")),
    ("desk:marriage", _("Somebody marries in")),
    ("desk:line-add", _("Add a ledger line")),
    ("desk:bill-add", _("Add a medical expense")),
]
OF_HOUSEHOLD: list[tuple[str, Promise]] = [
    ("desk:move", _("Household moves")),
    ("desk:split", _("Household splits")),
    ("desk:merge", _("Household joins another")),
    ("desk:code", _("National household number")),
]


def menu_for(household: Household, who) -> list[list[tuple[str, str]]]:
    """Groups of (address, words) for whoever may register a change; nothing for the others.

    A household that is gone can only come back, and a number is given once.
    """
    if not who.has_perm("households.edit"):
        return []
    if household.gone_on is not None:
        return [[(reverse("desk:move", args=[household.pk]), gettext("Household comes back"))]]
    groups = [OF_PERSONS, [entry for entry in OF_HOUSEHOLD if entry[0] != "desk:code" or not household.code]]
    return [[(reverse(name, args=[household.pk]), str(words)) for name, words in group] for group in groups]
