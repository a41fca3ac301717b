"""The visit form, declared once: for the tablet, the desk, the printed form and the server's check.

``as_json`` is what the tablet's page carries; ``checking.py`` here and ``static/js/tablet/checking.js`` there hold
visits to it, and a test runs both over the same cases. Amounts are text with at most two decimals ("3000.00"),
days ``YYYY-MM-DD``, months ``YYYY-MM``; what was not answered is left out: unknown is not zero and not false.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.evidence.models import IncomeKind, VisitKind
from households.risks import Risk
from households.visits.models import VisitMethod

# Raised whenever a field or a limit changes; visits written in an older one are accepted.
FORM = 1
# Photos of one visit, and the size of one after the tablet has shrunk it.
MOST_PHOTOS = 6
MOST_PHOTO_BYTES = 900_000
MOST_AMOUNT = "99999999.99"

Kind = Literal["choice", "text", "amount", "whole", "day", "month", "yes_no"]
Choices = tuple[tuple[str, str | Promise], ...]


# Of a word of the register: it says that there is none.
NOT_IN_SCHOOL = "none"


@dataclass(frozen=True)
class Field:
    """One field. ``register``: the column of the register that it speaks of; "" where it is only noted."""

    name: str
    label: str | Promise
    kind: Kind
    required: bool = False
    longest: int = 0
    least: int = 0
    most: int = 0
    choices: Choices = ()
    hint: str | Promise = ""
    register: str = ""


@dataclass(frozen=True)
class Section:
    """What has changed in one respect. ``of``: asked once a household, or once for each person it speaks of."""

    name: str
    label: str | Promise
    of: Literal["household", "person"]
    fields: tuple[Field, ...]
    # Lines of this section in one visit, at most.
    most: int = 1
    # What the visit says of its lines is evidence of this kind; "" is noted only.
    evidence: Literal["", "income", "household", "person"] = ""
    # Offered are members from one age to another, and those of whom more is known; () offers everybody. What is
    # said of somebody else all the same is taken.
    ages: tuple[int, ...] = ()

    def concerns(self, age: int | None, known: Mapping[str, Any]) -> bool:
        """Whether a member is offered; ``sections.js`` asks the same. ``known``: field → value in the register."""
        if not self.ages or age is None or self.ages[0] <= age <= self.ages[1]:
            return True
        return any(known.get(one.register) not in (None, "", NOT_IN_SCHOOL) for one in self.fields if one.register)


def words(*values: str) -> Choices:
    """Words of the national form stand as they are in both languages."""
    return tuple((value, value) for value in values)


def choices_of(enum) -> Choices:
    return tuple((str(value), label) for value, label in enum.choices)


SCHOOLING: Choices = (
    (NOT_IN_SCHOOL, _("Not in school")),
    *words("学龄前儿童", "学前教育", "小学", "七年级", "八年级", "九年级"),
    *words("普通高中一年级", "普通高中二年级", "普通高中三年级"),
    *words("中职一年级", "中职二年级", "中职三年级", "技师学院"),
    *words("高职高专一年级", "高职高专二年级", "高职高专三年级"),
    *words("本科一年级", "本科二年级", "本科三年级", "本科四年级", "本科五年级", "硕士研究生及以上"),
)

# What every visit says, whatever has changed.
HEAD = (
    Field("method", _("How"), "choice", required=True, choices=choices_of(VisitMethod)),
    Field("on", _("Day of the visit"), "day", required=True),
    Field("words", _("What was found"), "text", longest=500),
    Field("needs", _("What the household asks for"), "text", longest=300),
)
RISKS: Choices = choices_of(Risk)

SECTIONS = (
    Section(
        "income",
        _("Income of the month"),
        "household",
        (
            Field("month", _("Month"), "month", required=True),
            Field("kind", _("Kind of line"), "choice", required=True, choices=choices_of(IncomeKind)),
            Field(
                "item",
                _("Item"),
                "text",
                required=True,
                longest=60,
                hint=_("In the words of the ledger: 务工, 养殖 …"),
            ),
            Field("amount", _("Amount (yuan)"), "amount", required=True, register="amount"),
        ),
        most=24,
        evidence="income",
    ),
    Section(
        "work",
        _("Work and where"),
        "person",
        (
            Field(
                "work_place",
                _("Where they work"),
                "choice",
                choices=(("none", _("Does not work")), *words("乡(镇)内", "县内", "市内", "省内", "省外", "境外")),
                register="work_place",
            ),
            Field("work_months", _("Months of work this year"), "whole", most=12, register="work_months"),
        ),
        most=20,
        evidence="person",
    ),
    Section(
        "illness",
        _("Illness and cost"),
        "person",
        (
            Field("treatment", _("Kind of treatment"), "choice", required=True, choices=choices_of(VisitKind)),
            Field("month", _("Month"), "month", required=True),
            Field("self_pay", _("Paid by the household (yuan)"), "amount", required=True),
        ),
        most=20,
    ),
    Section(
        "schooling",
        _("School"),
        "person",
        (
            Field("schooling", _("School and grade"), "choice", choices=SCHOOLING, register="schooling"),
            Field(
                "dropout_reason",
                _("Why not in school"),
                "choice",
                choices=words("因病", "残疾", "厌学", "家庭困难", "务工", "其他"),
                register="dropout_reason",
            ),
        ),
        most=20,
        evidence="person",
        # From kindergarten to a second degree.
        ages=(3, 25),
    ),
    Section(
        "house",
        _("House"),
        "household",
        (
            Field(
                "house_grade",
                _("Grade of the house"),
                "choice",
                required=True,
                choices=(
                    ("A", _("A, safe")),
                    ("B", _("B, mostly safe")),
                    ("C", _("C, partly unsafe")),
                    ("D", _("D, unsafe")),
                ),
                register="house_grade",
            ),
        ),
        evidence="household",
    ),
    Section(
        "water",
        _("Water in the house"),
        "household",
        (Field("safe_water", _("Safe drinking water"), "yes_no", required=True, register="safe_water"),),
        evidence="household",
    ),
    Section(
        "disaster",
        _("Disaster or accident"),
        "household",
        (
            Field(
                "happened",
                _("What happened"),
                "choice",
                required=True,
                choices=words("暴雨洪涝", "地质灾害", "干旱", "风雹", "低温冷冻", "火灾", "交通事故", "其他意外"),
            ),
            Field("happened_on", _("Day"), "day", required=True),
            Field("loss", _("Loss (yuan)"), "amount"),
        ),
        most=5,
    ),
)
BY_NAME = {section.name: section for section in SECTIONS}


@dataclass(frozen=True)
class Limits:
    """Numbers that both sides hold visits to, beside those of the fields."""

    form: int = FORM
    most_photos: int = MOST_PHOTOS
    most_photo_bytes: int = MOST_PHOTO_BYTES
    most_amount: str = MOST_AMOUNT
    # A day further back is a mistake of the finger.
    earliest_day: str = "2020-01-01"
    most_verdicts: int = 50
    longest_note: int = 500
    sections: dict[str, int] = field(default_factory=lambda: {section.name: section.most for section in SECTIONS})


def _field_json(one: Field) -> dict[str, object]:
    return {
        "name": one.name,
        "label": str(one.label),
        "kind": one.kind,
        "required": one.required,
        "longest": one.longest,
        "least": one.least,
        "most": one.most,
        "choices": [[value, str(label)] for value, label in one.choices],
        "hint": str(one.hint),
        "register": one.register,
    }


def as_json() -> dict[str, object]:
    """The form for the tablet, in the language of now: ``head``, ``sections``, ``risks`` and ``limits``."""
    return {
        "head": [_field_json(one) for one in HEAD],
        "sections": [
            {
                "name": section.name,
                "label": str(section.label),
                "of": section.of,
                "most": section.most,
                "ages": list(section.ages),
                "fields": [_field_json(one) for one in section.fields],
            }
            for section in SECTIONS
        ],
        "risks": [[value, str(label)] for value, label in RISKS],
        "limits": asdict(Limits()),
    }
