"""What to look at at the door: by the risk that an alert speaks of, or by its kind where that asks for more.

What was found says its sentence.
"""

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
# Kinds of which the words of their risk would lead past what was found.
OF_KINDS: dict[str, str | Promise] = {
    "SUG06": _(
        "Who cares for the old people day by day; whether they can eat, wash and take their medicine; who comes "
        "when something happens, and whether care allowances arrive."
    ),
    "SUG12": _("Each of the findings in turn, and what the departments have done about it."),
    "SUG13": _("What has come back since the risk was eliminated, why, and which measures still run."),
    "CIV01": _("What the help was for, whether it is enough, and whether the household should be monitored."),
    "EMP01": _("Who lost which work and why, whether wages are still owed, and what new work there is."),
    "INC02": _(
        "What had to be paid for treatment and school, what was paid back, and which income is missing in the "
        "ledger."
    ),
    "INC03": _(
        "Which income has fallen away since last year and why: work, business, land, transfers; or is it missing "
        "in the ledger."
    ),
    "EDU03": _(
        "What the students cost for fees and living, which grants and loans arrive, and whether one may have to "
        "leave."
    ),
}


def check_of(kind: AlertKind) -> str:
    """A cluster looks at what the rule it is of looks at (``CLU01.SUG06``)."""
    return str(OF_KINDS.get(kind.code.rpartition(".")[2]) or CHECKS[kind.risk])
