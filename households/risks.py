"""Types of risk (致贫返贫风险), the words of the national form. A plain table that every package reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Risk(models.TextChoices):
    ILLNESS = "illness", _("Illness")
    SCHOOLING = "schooling", _("Schooling")
    DISABILITY = "disability", _("Disability")
    DISASTER = "disaster", _("Natural disaster")
    ACCIDENT = "accident", _("Accident")
    PROJECT = "project", _("Failed business project")
    EMPLOYMENT = "employment", _("Unstable employment")
    LABOUR = "labour", _("Lack of labour")
    HOUSING = "housing", _("Unsafe housing")
    WATER = "water", _("Unsafe drinking water")
    INSURANCE = "insurance", _("No medical insurance")
    INCOME = "income", _("Low income")
    OTHER = "other", _("Other")
