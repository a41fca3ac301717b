"""What the register knows of a household, as pairs for components/facts.html."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from households.models import Area, Household, HouseholdFact
from households.privacy.mask import mask_phone
from households.privacy.seal import unseal


@dataclass(frozen=True)
class Fact:
    """``value`` None is unknown, "" is known to be nothing."""

    label: str
    value: object
    hint: str = ""


def household_facts(household: Household, fact: HouseholdFact | None, members: int) -> list[Fact]:
    """``fact`` is the newest one; without any, everything it would say is unknown. One query."""
    return [*_who(household, members), *_support(fact), *_living(fact)]


def _who(household: Household, members: int) -> list[Fact]:
    places = Area.objects.filter(code__in=[household.township, household.village]).order_by("code")
    phone = mask_phone(unseal(household.phone_sealed)) if household.phone_sealed else None
    return [
        Fact(_("Household number"), household.code),
        Fact(_("Village"), " · ".join([*(area.short_name for area in places), *filter(None, [household.hamlet])])),
        Fact(_("Members"), members),
        Fact(_("Phone"), phone),
    ]


def _support(fact: HouseholdFact | None) -> list[Fact]:
    if fact is None:
        return [Fact(_("Kind of household"), None), Fact(_("Monitored as"), None)]
    kind = fact.get_kind_display() if fact.kind else None
    lifted = _("lifted in %(year)s") % {"year": fact.lifted_year} if fact.lifted_year else ""
    facts = [Fact(_("Kind of household"), kind, lifted), Fact(_("Monitored as"), _category(fact))]
    if fact.category:
        since = f"{fact.monitored_since:%Y-%m-%d}" if fact.monitored_since else None
        facts += [Fact(_("Monitored since"), since), Fact(_("Risk eliminated"), _yes_no(fact.risk_eliminated))]
    return facts


def _category(fact: HouseholdFact) -> str | None:
    if fact.category is None:
        return None
    return fact.get_category_display() if fact.category else _("Not monitored")


def _living(fact: HouseholdFact | None) -> list[Fact]:
    if fact is None:
        return [Fact(_("House grade"), None), Fact(_("Safe drinking water"), None)]
    as_of = _("as of %(day)s") % {"day": f"{fact.as_of:%Y-%m-%d}"}
    grade = _("Grade %(grade)s") % {"grade": fact.house_grade} if fact.house_grade else None
    arable = None if fact.arable_mu is None else _("%(mu)s mu") % {"mu": f"{fact.arable_mu.normalize():f}"}
    return [
        Fact(_("House grade"), grade, as_of if grade else ""),
        Fact(_("Safe drinking water"), _yes_no(fact.safe_water)),
        Fact(_("Arable land"), arable),
    ]


def _yes_no(value: bool | None) -> str | None:
    if value is None:
        return None
    return _("Yes") if value else _("No")
