"""A whole visit, written down at the desk from paper: every section, checked like those of tablets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.ages import age_on
from households.areas.models import Area
from households.desk.forms import ChangeForm, DayField
from households.registry.models import Household, Membership
from households.risks import Risk
from households.staff.models import Posting, Role, User
from households.visits.checking import Checked, check_visit
from households.visits.declaration import FORM, HEAD, SECTIONS, Field, Section
from households.visits.models import Visit, VisitMethod
from households.visits.register import Register
from households.visits.wording import in_words

# Lines offered of a section that may be said more than once; whoever has more writes a second visit.
ROWS = {"income": 6, "illness": 4, "disaster": 2}
HEAD_FIELDS = {one.name: one for one in HEAD}
YES, NO = "yes", "no"
# A visitor who has no account.
SOMEBODY_ELSE = "other"


@dataclass
class FormRow:
    """One line of a section: its fields as ``section_row_field``, whom it is of, what the register says now."""

    section: Section
    number: int
    person: int | None = None
    title: str = ""
    known: dict[str, str | None] = field(default_factory=dict)
    # Filled when it is shown: (bound field, what the register says or None).
    cells: list[tuple[BoundField, str | None]] = field(default_factory=list)

    def name(self, of_field: str) -> str:
        return f"{self.section.name}_{self.number}_{of_field}"


@dataclass(frozen=True)
class FormSection:
    """A section as the page shows it. ``chooses``: each row begins with the choice of a member."""

    section: Section
    rows: list[FormRow]

    @property
    def chooses(self) -> bool:
        return self.section.of == "person" and self.rows[0].person is None


class VisitForm(ChangeForm):
    """``members``: of today; ``register``: what stands there now. ``checked`` is the visit once it is valid."""

    on = DayField(label=HEAD_FIELDS["on"].label, initial=timezone.localdate)
    method = forms.ChoiceField(
        label=HEAD_FIELDS["method"].label, choices=VisitMethod, widget=forms.RadioSelect, initial=VisitMethod.HOME
    )
    # Nobody is put in beforehand: a name that stands there unnoticed would be told of whoever was not there.
    visitor = forms.ChoiceField(
        label=gettext_lazy("Who visited"),
        help_text=gettext_lazy("Whoever was at the door or on the phone, not whoever writes it down."),
    )
    unchanged = forms.BooleanField(label=gettext_lazy("Nothing has changed"), required=False)
    risks = forms.MultipleChoiceField(
        label=gettext_lazy("Risks that were found"),
        choices=Risk,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each raises an alert at once."),
    )
    words = forms.CharField(
        label=HEAD_FIELDS["words"].label, required=False, widget=forms.Textarea({"rows": 4}), strip=True
    )
    needs = forms.CharField(label=HEAD_FIELDS["needs"].label, required=False, widget=forms.Textarea({"rows": 2}))
    again = forms.BooleanField(label=gettext_lazy("Yes, it is a second visit"), required=False)
    reason = None

    def __init__(self, *args, members: list[Membership], register: Register, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = [row for section in SECTIONS for row in _rows(section, members, register)]
        self.persons = [(str(row.person_id), row.person.name) for row in members]
        for row in self.rows:
            if row.section.of == "person" and row.person is None:
                self.fields[row.name("person")] = _choice(_("Member"), self.persons, row)
            for one in row.section.fields:
                self.fields[row.name(one.name)] = _form_field(one, row)
        # Problem's path → field of this form, of the lines that were filled in.
        self.paths: dict[str, str] = {}
        self.checked: Checked | None = None
        # The visit of that day that stands already, once somebody was asked about it.
        self.before: Visit | None = None
        if self.who.role == Role.VILLAGE_SPECIALIST:
            # Who writes down the own visit is not asked who it was.
            del self.fields["visitor"]
        else:
            self.visitors = {str(one.pk): one for one in _who_visits(self.household, self.who)}
            people = [(pk, one.name) for pk, one in self.visitors.items()]
            self.fields["visitor"].choices = [("", _("Choose …")), *people, (SOMEBODY_ELSE, _("Somebody else"))]

    def clean(self):
        data = super().clean()
        self.checked, problems = check_visit(self.payload(data))
        for one in problems:
            name = self.field_of(one.field)
            # What the field itself found wrong is said already.
            if name is None or name not in self.errors:
                self.add_error(name, one.sentence)
        return data

    def field_of(self, path: str | None) -> str | None:
        """The field of a problem's path; None for what concerns the form as a whole."""
        path = "token" if path == "uid" else path or ""
        found = self.paths.get(path, path)
        return found if found in self.fields else None

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        token, on = data.get("token"), data.get("on")
        return {
            "uid": str(token) if token else None,
            "form": FORM,
            "household": self.household.pk,
            "on": on.isoformat() if on else None,
            "unchanged": bool(data.get("unchanged")),
            **{name: data.get(name) for name in ("method", "words", "needs", "risks")},
            **{section.name: list(self._lines(section, data)) for section in SECTIONS},
        }

    def _lines(self, section: Section, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The rows in which something was written, and which path of the payload each of their fields has."""
        written = 0
        for row in self.rows:
            if row.section is not section:
                continue
            values = {one.name: _value(one, data.get(row.name(one.name), "")) for one in section.fields}
            chosen = data.get(row.name("person"), "")
            if not any(value is not None for value in values.values()) and not chosen:
                continue
            path = f"{section.name}.{written}"
            names = [one.name for one in section.fields]
            self.paths |= {f"{path}.{name}": row.name(name) for name in [*names, "person"]}
            self.paths[path] = row.name(names[0])
            if section.of == "person":
                values["person"] = row.person or (int(chosen) if chosen.isdecimal() else None)
            written += 1
            yield values

    @property
    def sections(self) -> list[FormSection]:
        """The sections to show, with their bound fields."""
        for row in self.rows:
            row.cells = [(self[row.name(one.name)], row.known.get(one.name)) for one in row.section.fields]
            if row.name("person") in self.fields:
                row.cells.insert(0, (self[row.name("person")], None))
        return [
            FormSection(section, rows)
            for section in SECTIONS
            if (rows := [row for row in self.rows if row.section is section])
        ]

    @property
    def head(self) -> list[BoundField]:
        return [self[name] for name in ("token", "on", "method", "visitor", "unchanged") if name in self.fields]

    @property
    def findings(self) -> list[BoundField]:
        return [self[name] for name in ("risks", "words", "needs")]

    @property
    def asked(self) -> dict[str, object]:
        return {
            "checked": self.checked,
            "visitor": self.visitors.get(self.cleaned_data["visitor"]) if "visitor" in self.fields else self.who,
            "again": self.cleaned_data["again"],
        }


def _rows(section: Section, members: list[Membership], register: Register) -> list[FormRow]:
    """What the register knows of persons is asked member by member; else a few empty lines."""
    today = timezone.localdate()
    if section.evidence == "person":
        return [
            FormRow(
                section, number, row.person_id, row.person.name, _known(section, register.persons[row.person_id])
            )
            for number, row in enumerate(members[: section.most])
            if section.concerns(age_on(row.person.born_on, today), register.persons[row.person_id])
        ]
    known = _known(section, register.household) if section.evidence == "household" else {}
    return [FormRow(section, number, known=known) for number in range(ROWS.get(section.name, 1))]


def _known(section: Section, values: dict[str, Any]) -> dict[str, str | None]:
    return {one.name: in_words(one, values.get(one.register)) for one in section.fields if one.register}


def _form_field(one: Field, row: FormRow) -> forms.CharField:
    """Nothing is checked here: what a visit may say, says the declaration (``checking.py``)."""
    if one.kind == "choice":
        return _choice(one.label, one.choices, row)
    if one.kind == "yes_no":
        return _choice(one.label, [(YES, _("Yes")), (NO, _("No"))], row)
    attrs = {"aria-label": _spoken(one.label, row)}
    if one.kind in ("amount", "whole"):
        attrs |= {"inputmode": "decimal", "autocomplete": "off"}
    kind = {"day": "date", "month": "month"}.get(one.kind, "text")
    return forms.CharField(label=one.label, required=False, widget=forms.TextInput({"type": kind, **attrs}))


def _choice(label: str | Promise, choices: Iterable, row: FormRow) -> forms.CharField:
    widget = forms.Select({"aria-label": _spoken(label, row)}, [("", "—"), *choices])
    return forms.CharField(label=label, required=False, widget=widget)


def _spoken(label: str | Promise, row: FormRow) -> str:
    """Which of many alike fields it is, for whoever hears the page."""
    return f"{row.section.label} {row.title or row.number + 1}: {label}"


def _value(one: Field, text: str) -> Any:
    """What was written, as a tablet would send it; None for a blank."""
    if text == "":
        return None
    if one.kind == "yes_no":
        return {YES: True, NO: False}.get(text, text)
    return int(text) if one.kind == "whole" and text.isascii() and text.isdecimal() else text


def _who_visits(household: Household, who: User):
    """The specialists of the village today, and whoever writes."""
    village = Area.objects.filter(pk=household.village)
    posted = Posting.objects.current().filter(role=Role.VILLAGE_SPECIALIST, area__in=village)
    return User.objects.filter(Q(pk__in=posted.values("user_id")) | Q(pk=who.pk)).order_by("name", "pk")
