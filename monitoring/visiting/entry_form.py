"""The desk's visit form with the household's open alerts: what was found of each, as on a tablet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from alerts.models import Alert
from alerts.travel.models import Reason, Verdict
from alerts.travel.mover import Mover
from households.desk.visit_form import VisitForm
from households.risks import Risk
from households.visits.checking import OF_VERDICT
from monitoring.tablet.checks import check_of
from monitoring.tablet.verifying import may_verify

_CHOSEN = re.compile(r"verdict_([0-9]{1,18})_verdict")


@dataclass
class VerdictRow:
    """One alert on the form: its fields are called ``verdict_pk_field``."""

    alert: Alert
    check: str
    # Filled when it is shown.
    cells: dict[str, BoundField] = field(default_factory=dict)

    def name(self, of_field: str) -> str:
        return f"verdict_{self.alert.pk}_{of_field}"


class EntryForm(VisitForm):
    """Offered are the alerts that whoever writes may verify, by the rule of the tablet.

    What was written of one that somebody else moved meanwhile stays: it is said why it cannot be taken.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.verdict_rows = [VerdictRow(alert, check_of(alert.kind)) for alert in self._alerts()]
        for row in self.verdict_rows:
            self.fields |= {row.name(name): one for name, one in _fields(row.alert).items()}

    def _alerts(self) -> list[Alert]:
        posted = {int(found[1]) for key in self.data if self.data[key] and (found := _CHOSEN.fullmatch(key))}
        rows = Alert.objects.visible_to(self.who).filter(household=self.household.pk).select_related("kind")
        mover = Mover.of_user(self.who)
        shown = rows.filter(closed_at__isnull=True) | rows.filter(pk__in=posted)
        return [row for row in shown.order_by("due_on", "id") if row.pk in posted or may_verify(row, mover)]

    def payload(self, data: dict[str, Any]) -> dict[str, Any]:
        return super().payload(data) | {"verdicts": list(self._given(data))}

    def _given(self, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The alerts of which something was written, and which path of the payload each of their fields has."""
        written = 0
        for row in self.verdict_rows:
            given = {name: data.get(row.name(name)) or None for name in OF_VERDICT if name != "alert"}
            if not any(value for name, value in given.items() if name != "stamp"):
                continue
            self.paths |= {f"verdicts.{written}.{name}": row.name(name) for name in given}
            written += 1
            yield {"alert": row.alert.pk, **given}

    @property
    def verdicts(self) -> list[VerdictRow]:
        """The alerts to show, with their bound fields."""
        for row in self.verdict_rows:
            row.cells = {name: self[row.name(name)] for name in OF_VERDICT if name != "alert"}
        return self.verdict_rows


def _fields(alert: Alert) -> dict[str, forms.Field]:
    """Nothing is checked here: what a verdict needs, says ``check_visit``."""
    return {
        # The alert as this page showed it.
        "stamp": forms.CharField(widget=forms.HiddenInput, required=False, initial=alert.stamp),
        "verdict": forms.ChoiceField(
            label=_("What you found"),
            choices=[("", _("Not verified on this visit")), *Verdict.choices],
            widget=forms.RadioSelect,
            required=False,
        ),
        "risks": forms.MultipleChoiceField(
            label=_("Risks"), choices=Risk, widget=forms.CheckboxSelectMultiple, required=False
        ),
        "reason": forms.ChoiceField(
            label=_("Why there is no risk"), choices=[("", "—"), *Reason.choices], required=False
        ),
        "note": forms.CharField(label=_("What you saw"), widget=forms.Textarea({"rows": 2}), required=False),
    }
