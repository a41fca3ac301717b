"""What is asked when a household is entered, numbered, moves, splits or joins another."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.areas.choices import ScopeAreas
from households.desk.fields import RELATIONS, CellField, IdentityField, NameField
from households.desk.forms import ChangeForm, DayField
from households.desk.memberships import present_members
from households.desk.moves import OUT_OF_COUNTY
from households.desk.new_households import Head
from households.imports import cells
from households.models import Category, HouseholdKind, Sex
from households.registry.searching import LONGEST_TERM, find_households, read_term

NOTHING = ("", "—")
OTHER = "其他"
UNKNOWN, NOT_MONITORED = "unknown", "none"


class CodeField(CellField):
    parse = staticmethod(cells.household_code)

    def __init__(self, **kwargs):
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(
            label=gettext_lazy("National household number (户编号)"), max_length=30, widget=widget, **kwargs
        )


class PhoneField(CellField):
    parse = staticmethod(cells.phone)

    def __init__(self, **kwargs):
        widget = forms.TextInput({"type": "tel", "autocomplete": "off"})
        super().__init__(label=gettext_lazy("Phone"), max_length=20, required=False, widget=widget, **kwargs)


def village_field(who, *, out: bool = False, **kwargs) -> forms.ChoiceField:
    """The villages of one's own area, by township; ``out``: also "out of the county"."""
    choices = [
        NOTHING,
        *([(OUT_OF_COUNTY, _("Out of the county"))] if out else []),
        *ScopeAreas(who.scope).villages(),
    ]
    return forms.ChoiceField(choices=choices, **kwargs)


class MoveForm(ChangeForm):
    """Where the household lives from that day on. One that is gone can only come back."""

    field_order = ["token", "on", "village", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_gone = self.household.gone_on is not None
        self.fields["village"] = village_field(self.who, out=not is_gone, label=_("Lives from then on in"))
        self.order_fields(self.field_order)


class CodeForm(ChangeForm):
    code = CodeField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A number says who the household is, not since when.
        del self.fields["on"]
        self.order_fields(["token", "code", "reason"])


class NewHouseholdForm(ChangeForm):
    """The household and its head. Members are entered on its page, or come with the next export."""

    name = NameField()
    number = IdentityField(
        help_text=gettext_lazy("Who is in the register already is found by it and not entered twice.")
    )
    born_on = DayField(
        label=gettext_lazy("Birth date"),
        required=False,
        help_text=gettext_lazy("Only without an identity number: it is read from the number."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=[NOTHING, *Sex.choices], required=False)
    phone = PhoneField()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of household"),
        choices=[("", gettext_lazy("Unknown")), *HouseholdKind.choices],
        required=False,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Monitored as"),
        choices=[
            (UNKNOWN, gettext_lazy("Unknown")),
            (NOT_MONITORED, gettext_lazy("Not monitored")),
            *Category.choices,
        ],
        initial=NOT_MONITORED,
    )
    code = CodeField(
        required=False, help_text=gettext_lazy("May stay empty; it is given later on the household's page.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the head")
        self.fields["on"].label = _("Lives here from")
        self.fields["village"] = village_field(self.who, label=_("Village"))
        self.order_fields(["token", "on", "village", "name"])
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def asked(self) -> dict[str, object]:
        data = super().asked
        head = {name: data.pop(name) or None for name in ("born_on", "sex")}
        head |= {name: data.pop(name) for name in ("name", "number", "phone")}
        category = data["category"]
        data["category"] = {UNKNOWN: None, NOT_MONITORED: ""}.get(category, category)
        data["kind"] = data["kind"] or None
        return {**data, "head": Head(**head)}


class MembersForm(ChangeForm):
    """A form with a line for each of today's members: what they are to the head they come to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = present_members(self.household)
        choices = [(word, word) for word in RELATIONS]
        for row in self.members:
            self.fields[f"relation_{row.person_id}"] = forms.ChoiceField(
                label=_("Relation to the head"), choices=choices, initial=OTHER, required=False
            )

    @property
    def relations(self) -> dict[int, str]:
        return {row.person_id: self.cleaned_data.get(f"relation_{row.person_id}") or OTHER for row in self.members}

    @property
    def asked(self) -> dict[str, object]:
        return {name: value for name, value in super().asked.items() if not name.startswith("relation_")}

    def rows(self) -> list[dict[str, object]]:
        """A member each, for the template: the person, and the field of the relation."""
        return [
            {"membership": row, "person": row.person, "relation": self[f"relation_{row.person_id}"]}
            for row in self.members
        ]


class SplitForm(MembersForm):
    members_error = gettext_lazy("Choose at least one member who leaves.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(str(row.person_id), row.person.name) for row in self.members]
        self.fields["members"] = forms.MultipleChoiceField(
            label=_("Who leaves"), choices=people, error_messages={"required": self.members_error}
        )
        self.fields["head"] = forms.ChoiceField(
            label=_("Head of the new household"),
            choices=people,
            error_messages={"required": _("Choose the head of the new household.")},
        )
        self.fields["heir"] = forms.ChoiceField(
            label=_("Head of those who stay"),
            choices=[NOTHING, *people],
            required=False,
            help_text=_("Only when the present head leaves."),
        )
        self.fields["village"] = village_field(
            self.who, label=_("Village of the new household"), initial=self.household.village
        )
        self.fields["code"] = CodeField(required=False)
        self.fields["copy_facts"] = forms.BooleanField(
            label=_("The new household is known as the present one is"),
            required=False,
            initial=True,
            help_text=_(
                "Kind, category, since when it is monitored, whether the risk is eliminated; in the same village"
                " also house grade and drinking water."
            ),
        )

    @property
    def members_chosen(self) -> list[str]:
        return self["members"].value() or []

    @property
    def head_chosen(self) -> str | None:
        return self["head"].value()

    @property
    def members_errors(self) -> list[str]:
        return [*self["members"].errors, *self["head"].errors]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What stands below the table."""
        return [self[name] for name in ("heir", "village", "code", "copy_facts", "reason")]

    @property
    def asked(self) -> dict[str, object]:
        data = super().asked
        heir = data["heir"]
        relations = self.relations
        return {
            **data,
            "members": {int(pk): relations[int(pk)] for pk in data["members"]},
            "head": int(data["head"]),
            "heir": int(heir) if heir else None,
        }


class MergeForm(MembersForm):
    """The other household is looked for as in the search; who means more than one is asked which."""

    term = forms.CharField(
        label=gettext_lazy("Household that takes them in"),
        max_length=LONGEST_TERM,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy("Household number, identity number, name or pinyin initials"),
    )
    into = forms.ChoiceField(label=gettext_lazy("Which of these?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found: list = []

    def clean(self):
        data = super().clean()
        term = read_term(data.get("term", ""))
        if "term" not in data:
            return data
        if term is None:
            self.add_error(
                "term",
                _("Give a whole number, or at least two characters of a name; parts of numbers are not searched."),
            )
            return data
        found = find_households(term=term, who=self.who).households
        self.found = [row for row in found if row.pk != self.household.pk and row.gone_on is None]
        self._choose(data)
        return data

    def _choose(self, data: dict[str, object]) -> None:
        """A name alone chooses nothing: whoever it finds is shown first."""
        self.errors.pop("into", None)
        self.fields["into"].required = True
        self.fields["into"].choices = [(str(row.pk), self._described(row)) for row in self.found]
        chosen = self.data.get(self.add_prefix("into"), "")
        by_code = [row for row in self.found if row.code and row.code == data["term"].strip()]
        if not self.found:
            self.add_error("term", _("No other household is found in your area."))
        elif chosen in {str(row.pk) for row in self.found}:
            data["into"] = chosen
        elif len(by_code) == 1:
            data["into"] = str(by_code[0].pk)
        else:
            self.add_error("into", _("Choose the household that takes them in."))

    def _described(self, household) -> str:
        place = ScopeAreas(self.who.scope).short_names.get(household.village, "")
        return " · ".join(
            part for part in (household.head_name, place, household.code or f"#{household.pk}") if part
        )

    @property
    def asked(self) -> dict[str, object]:
        data = super().asked
        del data["term"]
        return {**data, "into": int(data["into"]), "relations": self.relations}
