"""Which department is told what: the rules that read a form, the risks that concern a department."""

from alerts.kinds import Risk
from households.models import Department
from monitoring.judgment.lists import DEPARTMENT_LISTS, rules_of_list
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import INDICATORS

# Risks of a household whoever's rule found it: the department can do something about them. A county that divides
# the work otherwise changes this table.
RISKS_OF: dict[str, tuple[Risk, ...]] = {
    Department.RURAL: (Risk.INCOME, Risk.PROJECT, Risk.OTHER),
    Department.MEDICAL: (Risk.ILLNESS, Risk.INSURANCE),
    Department.CIVIL: (Risk.INCOME, Risk.LABOUR, Risk.ILLNESS, Risk.DISASTER, Risk.ACCIDENT, Risk.OTHER),
    Department.EDUCATION: (Risk.SCHOOLING,),
    Department.DISABLED: (Risk.DISABILITY,),
    Department.HOUSING: (Risk.HOUSING,),
    Department.WATER: (Risk.WATER,),
    Department.TRAFFIC: (Risk.ACCIDENT,),
    Department.EMERGENCY: (Risk.DISASTER,),
    Department.LABOUR: (Risk.EMPLOYMENT, Risk.LABOUR),
}

# Evidence of a rule (``Rule.rows``) that comes from an export of the register or from the ledger.
ROWS_OF_FORM: dict[str, frozenset[str]] = {
    "household": frozenset({"household_facts"}),
    "member": frozenset({"insurance", "schooling", "work"}),
    "income": frozenset({"ledger", "ledger_before"}),
}


def rules_of_form(form: str) -> list[Rule]:
    """The rules whose findings rest on rows of this form. Those that read other rules' findings are nobody's."""
    if form in DEPARTMENT_LISTS:
        return rules_of_list(form)
    rows = ROWS_OF_FORM.get(form, frozenset())
    return [rule for rule in RULES if rule.reads == INDICATORS and rows & set(rule.rows)]


def kinds_of_department(department: str) -> list[str]:
    """Codes of the rules that are the department's own."""
    return [rule.code for rule in RULES if rule.department == department]
