"""Forms about persons: somebody is born, dies, marries in or out."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.desk.fields import RELATIONS, IdentityField, NameField, RelationField
from households.desk.forms import ChangeForm, DayField
from households.desk.memberships import Succession
from households.registry.identity import birth_date, sex_of
from households.registry.models import Membership, Sex
from households.registry.searching import LONGEST_TERM, read_term

NUMBER_HELP = gettext_lazy("If there is none yet, leave it empty: the identity then counts as unverified.")


class PersonForm(ChangeForm):
    """What a new person needs. ``born``: the field that holds the birth date."""

    born = "born_on"
    name = NameField()
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex, widget=forms.RadioSelect)
    number = IdentityField(help_text=NUMBER_HELP)
    relation = RelationField()

    def clean(self):
        data = super().clean()
        number, born, sex = data.get("number"), data.get(self.born), data.get("sex")
        if number and born and birth_date(number) != born:
            self.add_error("number", _("The birth date in this number is another one than the one given."))
        if number and sex and sex_of(number) != sex:
            self.add_error("number", _("By this number the person is of the other sex."))
        return data


class BirthForm(PersonForm):
    born = "on"
    on = DayField(label=gettext_lazy("Born on"))
    field_order = ["token", "name", "sex", "on", "relation", "number", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class NewcomerForm(PersonForm):
    """Somebody from outside the county."""

    on = DayField(label=gettext_lazy("Day of the marriage"))
    born_on = DayField(label=gettext_lazy("Born on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["token", "name", "sex", "born_on", "number", "relation", "on", "reason"])


class LeavingForm(ChangeForm):
    """Somebody leaves a household. When it is the head and others stay, it asks who is head now.

    ``leaving``: the membership that ends, None when the person belongs nowhere; ``rest``: who stays.
    """

    def __init__(self, *args, leaving: Membership | None, rest: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.rest = rest if leaving is not None and leaving.is_head else []
        if not self.rest:
            return
        persons = [(row.person_id, f"{row.person.name} · {row.relation}") for row in self.rest]
        several = len(persons) > 1
        self.fields["heir"] = forms.ChoiceField(
            label=_("Who is head of the household now?"),
            choices=persons,
            widget=forms.RadioSelect,
            initial=None if several else persons[0][0],
            help_text=_("What the others are is said anew: relations are to the new head.") if several else "",
            error_messages={"required": _("Say who is head of the household now.")},
        )
        if several:
            self.fields |= {self._name(row): _relation_of(row) for row in self.rest}
        reason = self.fields.pop("reason")
        self.fields["reason"] = reason

    @staticmethod
    def _name(row: Membership) -> str:
        return f"relation_{row.person_id}"

    @property
    def asked(self) -> dict[str, object]:
        asked = super().asked
        heir = asked.pop("heir", None)
        relations = {row.person_id: asked.pop(self._name(row), "") for row in self.rest}
        changed = {person: relation for person, relation in relations.items() if relation}
        return {**asked, "succession": Succession(int(heir) if heir else None, changed)}


def _relation_of(row: Membership) -> RelationField:
    """As it stands; a word that is none of the form's is kept as a choice of its own."""
    field = RelationField(label=_("%(name)s to the new head") % {"name": row.person.name}, initial=row.relation)
    if row.relation and row.relation not in RELATIONS:
        field.choices = [*field.choices, (row.relation, row.relation)]
    return field


class DeathForm(LeavingForm):
    on = DayField(
        label=gettext_lazy("Day of death"),
        help_text=gettext_lazy("The person counts as a member until the day before."),
    )


class MarriageOutForm(LeavingForm):
    on = DayField(label=gettext_lazy("Day of the marriage"))


class MarriageInForm(LeavingForm):
    on = DayField(label=gettext_lazy("Day of the marriage"))
    relation = RelationField()


class CandidateForm(forms.Form):
    """Whom the register knows. Searched by POST: the term stands in no address."""

    term = forms.CharField(
        label=gettext_lazy("Name, pinyin initials or identity number"),
        max_length=LONGEST_TERM,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_term(self):
        term = read_term(self.cleaned_data["term"])
        if term is None:
            raise forms.ValidationError(
                _("Give a whole number, or at least two characters of a name; parts of numbers are not searched.")
            )
        return term
