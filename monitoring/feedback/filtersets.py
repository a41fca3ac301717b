"""Whose feedback is asked for: an officer's is that of the own department, whatever the URL says."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.filtering import ParameterProblem, StrictFilterSet, problem
from households.models import Department, Import, Role, User
from monitoring.feedback.fates import ANSWERED

# A purpose is a word of this list: what people write themselves would hold names and illnesses.
PURPOSES = [
    ("benefits", _("Start what the households are entitled to")),
    ("check", _("Check our own data")),
    ("meeting", _("Prepare a meeting of departments")),
    ("supervision", _("Inspection or audit")),
]


class PurposeForm(forms.Form):
    """Asked before names leave the system in a file."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=[("", "—"), *PURPOSES])


class FileFilterSet(StrictFilterSet):
    """Files that were put into the register; the county chooses among departments, an officer has one."""

    department = ChoiceFilter(label=_("Department"), choices=Department, empty_label=_("All"))

    class Meta:
        model = Import
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        super().__init__(query, answered_files(who), also=also)
        if who.role == Role.DEPARTMENT_OFFICER:
            del self.filters["department"]


def answered_files(who: User) -> QuerySet[Import]:
    """Files of ``who`` whose rows something can have become of."""
    return Import.objects.visible_to(who).filter(state__in=ANSWERED)


def read_department(query: QueryDict, who: User) -> tuple[str, list[ParameterProblem]]:
    """The department of a page that shows one. An officer who asks for another is told that there is none."""
    own = who.department if who.role == Role.DEPARTMENT_OFFICER else ""
    allowed = (own,) if own else tuple(Department.values)
    asked = query.get("department") or own or Department.MEDICAL.value
    if asked in allowed:
        return asked, []
    return allowed[0], [problem("invalid_value", "department", allowed)]
