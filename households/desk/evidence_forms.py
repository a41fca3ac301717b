"""Forms about money: a ledger line, a medical bill."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.desk.fields import AmountField, CellField, MonthField
from households.desk.forms import ChangeForm, DayField
from households.evidence.models import IncomeKind, VisitKind
from households.imports import cells
from households.registry.models import Membership


class ItemField(CellField):
    parse = staticmethod(cells.text(60))


class LineForm(ChangeForm):
    """One line of the income ledger. It holds for its month, so no other day is asked."""

    on = None
    month = MonthField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind of line"), choices=IncomeKind)
    item = ItemField(
        label=gettext_lazy("Item"),
        max_length=60,
        help_text=gettext_lazy("In the words of the ledger: 务工, 养殖 …"),
    )
    amount = AmountField(label=gettext_lazy("Amount (yuan)"))


class BillForm(ChangeForm):
    """One bill of somebody who belongs, or belonged, to the household."""

    on = None
    person = forms.ChoiceField(label=gettext_lazy("Member"))
    settled_on = DayField(label=gettext_lazy("Settled on"))
    visit_kind = forms.ChoiceField(label=gettext_lazy("Kind of treatment"), choices=VisitKind)
    total_cost = AmountField(label=gettext_lazy("Total cost"), required=False)
    basic_paid = AmountField(label=gettext_lazy("Paid by basic insurance"), required=False)
    serious_illness_paid = AmountField(label=gettext_lazy("Paid by serious illness insurance"), required=False)
    aid_paid = AmountField(label=gettext_lazy("Paid by medical aid"), required=False)
    self_pay = AmountField(label=gettext_lazy("Self-pay (yuan)"))

    def __init__(self, *args, members: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.persons = {row.person_id: row.person for row in members}
        self.fields["person"].choices = [(pk, person.name) for pk, person in self.persons.items()]

    def clean(self):
        data = super().clean()
        total, own = data.get("total_cost"), data.get("self_pay")
        if total is None or own is None:
            return data
        paid = [data.get(name) or 0 for name in ("basic_paid", "serious_illness_paid", "aid_paid")]
        if own > total:
            self.add_error("self_pay", _("More than the whole bill."))
        elif own + sum(paid) > total:
            self.add_error("total_cost", _("Less than what was paid on it in all."))
        return data

    @property
    def asked(self) -> dict[str, object]:
        return {**super().asked, "person": self.persons[int(self.cleaned_data["person"])]}


class RemoveForm(ChangeForm):
    """Nothing but the reason."""

    on = None
