"""What to look at at the door, by the risk that an alert speaks of; what was found says its sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.models import AlertKind
from households.risks import Risk

CHECKS: dict[str, str | Promise] = {
    Risk.ILLNESS: _(
        "Who was treated, what the household paid itself, what was paid back, and whether more will come."
    ),
    Risk.SCHOOLING: _("Whether the child goes to school today, and if not, why."),
    Risk.DISABILITY: _("Who cares for the person, and whether allowances arrive."),
    Risk.DISASTER: _("What was lost, whether house and fields can be used, and what help has arrived."),
    Risk.ACCIDENT: _("Who was hurt, who pays, and whether somebody cannot work now."),
    Risk.PROJECT: _("How the business stands: what was sold, what was lost, what is owed."),
    Risk.EMPLOYMENT: _("Who works where, since when, and whether wages arrive."),
    Risk.LABOUR: _("Who can work, and who does the work of the household."),
    Risk.HOUSING: _("Cracks, roof and walls; whether somebody lives in an unsafe part."),
    Risk.WATER: _("Whether water comes, how it looks, and how often it has been missing."),
    Risk.INSURANCE: _("Who is not insured, and what stands in the way."),
    Risk.INCOME: _("Each kind of income of the last months: what is missing in the ledger, what has fallen away."),
    Risk.OTHER: _(
        "Whether the household has enough to eat and wear, a safe home, water, school and medical care."
    ),
}


def check_of(kind: AlertKind) -> str:
    return str(CHECKS[kind.risk])
