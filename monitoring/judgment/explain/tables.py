"""Sections whose rows are members, facts, visits and findings; bills, ledger and lists stand elsewhere."""

import re
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from alerts.kinds import AlertLevel
from alerts.models import Alert
from households.models import Department, HouseholdFact, User, Visit
from monitoring.judgment.explain.derivation import Column, Row, Section
from monitoring.judgment.explain.figures import names_read, period
from monitoring.judgment.explain.members import Counted
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.explain.source import source_of
from monitoring.judgment.indicators import HEALTH_WORDS, SCHOOLS_ABOVE, WITHOUT_LABOUR_WORDS
from monitoring.judgment.labels import in_english, rule_name
from monitoring.judgment.models import Finding
from monitoring.rules import Rule, family_of

# Of what only the newest counts, the page shows where it comes from and not a whole life.
FACTS_SHOWN, VISITS_SHOWN = 12, 12
SCHOOL_AGE = range(6, 16)


def yes_no(value: bool | None) -> str | None:
    if value is None:
        return None
    return _("Yes") if value else _("No")


def day(value: date | None) -> str | None:
    return f"{value:%Y-%m-%d}" if value else None


def _as_of(reading: Reading) -> str:
    return f"{reading.window.end:%Y-%m-%d}"


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def insurance(reading: Reading, rule: Rule) -> Section:
    rows = []
    for member in reading.members:
        fact = member.fact
        covers = (fact.resident_insurance, fact.employee_insurance) if fact else (None, None)
        cells = member.name, *(yes_no(cover) for cover in covers), day(fact.as_of if fact else None)
        rows.append(Row(cells, source_of(fact) if fact else None, counts=covers == (False, False)))
    columns = Column(_("Member")), Column(_("Resident insurance")), Column(_("Employee insurance"))
    title = _("Insurance of the members")
    return Section("insurance", title, _as_of(reading), (*columns, Column(_("As of"), is_short=True)), rows)


def schooling(reading: Reading, rule: Rule) -> Section:
    """School status of the members, and for dropouts the reason that is registered."""
    of_dropouts = "dropouts_registered" in rule.needs
    rows = []
    for member in reading.members:
        fact = member.fact
        said = (fact.schooling, fact.dropout_reason) if fact else (None, None)
        cells = (member.name, _number(member.age), *said[: 1 + of_dropouts], day(fact.as_of if fact else None))
        counts = _dropped_out(member) if of_dropouts else _studies_above(member)
        rows.append(Row(cells, source_of(fact) if fact else None, counts=counts))
    heads = [Column(_("Member")), Column(_("Age"), is_number=True), Column(_("School status"))]
    if of_dropouts:
        heads.append(Column(_("Reason for being out of school")))
    columns = (*heads, Column(_("As of"), is_short=True))
    return Section("schooling", _("Schooling of the members"), _as_of(reading), columns, rows)


def _dropped_out(member: Counted) -> bool:
    fact = member.fact
    if fact is None or member.age not in SCHOOL_AGE:
        return False
    return not fact.schooling and bool(fact.dropout_reason) and not re.search(HEALTH_WORDS, fact.dropout_reason)


def _studies_above(member: Counted) -> bool:
    head_or_spouse = member.membership.is_head or member.membership.relation in ("户主", "配偶")
    return member.fact is not None and not head_or_spouse and bool(re.search(SCHOOLS_ABOVE, member.fact.schooling))


def work(reading: Reading, rule: Rule) -> Section:
    lost = {
        entry.person_id
        for entry in (reading.entries if "jobs_lost" in rule.needs else ())
        if entry.list == "employment" and entry.month == reading.window.events
    }
    rows = []
    for member in reading.members:
        fact = member.fact
        without_labour = fact is not None and fact.labour in WITHOUT_LABOUR_WORDS
        cells = (
            member.name,
            _number(member.age),
            (fact.labour or None) if fact else None,
            _number(fact.work_months if fact else None),
            day(fact.as_of if fact else None),
        )
        counts = member.person_id in lost or "without_labour" in rule.needs and without_labour
        rows.append(Row(cells, source_of(fact) if fact else None, counts=counts))
    columns = (
        Column(_("Member")),
        Column(_("Age"), is_number=True),
        Column(_("Labour")),
        Column(_("Months of work"), is_number=True),
        Column(_("As of"), is_short=True),
    )
    return Section("work", _("Labour and work of the members"), _as_of(reading), columns, rows)


def household_facts(reading: Reading, rule: Rule) -> Section:
    """What the register said of the household, newest first, in the columns that the rule reads."""
    read = set(names_read(rule))
    wanted = [(label, show) for names, label, show in _fact_columns() if read & names]
    rows = []
    for place, fact in enumerate(reading.facts[:FACTS_SHOWN]):
        cells = day(fact.as_of), *(show(fact) for _label, show in wanted)
        rows.append(Row(cells, source_of(fact), counts=place == 0))
    columns = (Column(_("As of"), is_short=True), *(Column(label, is_short=True) for label, _show in wanted))
    cut = len(reading.facts) > FACTS_SHOWN
    return Section("household_facts", _("Register"), _as_of(reading), columns, rows, is_cut=cut)


def _fact_columns():
    monitored = {"monitored", "monitored_open", "days_unvisited", "months_since_elimination"}
    eliminated = monitored - {"monitored"}
    return (
        ({"lifted"}, _("Kind of household"), lambda fact: fact.get_kind_display() if fact.kind else None),
        (monitored, _("Monitored as"), _category),
        (monitored, _("Monitored since"), lambda fact: day(fact.monitored_since) or _unless_monitored(fact)),
        (eliminated, _("Risk eliminated"), lambda fact: yes_no(fact.risk_eliminated) or _unless_monitored(fact)),
        (eliminated, _("Eliminated on"), lambda fact: day(fact.eliminated_on) or _unless_eliminated(fact)),
        ({"house_grade"}, _("House grade"), lambda fact: fact.house_grade),
        ({"safe_water"}, _("Safe water"), lambda fact: yes_no(fact.safe_water)),
    )


def _category(fact: HouseholdFact) -> str | None:
    if fact.category is None:
        return None
    return str(fact.get_category_display()) if fact.category else _("Not monitored")


def _unless_monitored(fact: HouseholdFact) -> str | None:
    """What is unknown of a monitored household does not exist of another."""
    return "" if fact.category == "" else None


def _unless_eliminated(fact: HouseholdFact) -> str | None:
    return None if fact.risk_eliminated else ""


def visits(reading: Reading, rule: Rule) -> Section:
    found = list(
        Visit.objects.counted_at(reading.run.cutoff)
        .filter(household=reading.household, visited_on__lte=reading.window.end)
        .select_related("batch", "visitor")
        .order_by("-visited_on", "-id")[: VISITS_SHOWN + 1]
    )
    rows = [
        Row(
            (day(visit.visited_on), str(visit.get_method_display()), visit.visitor.name if visit.visitor else ""),
            source_of(visit),
            counts=place == 0,
            url=page_of_visit(visit, reading),
        )
        for place, visit in enumerate(found[:VISITS_SHOWN])
    ]
    columns = Column(_("Day"), is_short=True), Column(_("How")), Column(_("Visitor"))
    note = "" if rows else _("No visit up to this day: days count from the entry into monitoring.")
    return Section(
        "visits", _("Visits"), _as_of(reading), columns, rows, note=note, is_cut=len(found) > VISITS_SHOWN
    )


def page_of_visit(visit: Visit, reading: Reading) -> str:
    """Where all that it said stands, with its photos; "" where it was taken back, or is not the reader's."""
    may_read = isinstance(reading.who, User) and reading.who.has_perm("visits.view")
    return reverse("visits:detail", args=[visit.pk]) if may_read and visit.replaced_in_id is None else ""


def findings(reading: Reading, rule: Rule) -> Section:
    """What the rules found that this one reads: of this run, and of the sealed months before."""
    found = reading.counted_findings
    shown = visible_alerts({row.alert_id for row in found if row.alert_id}, reading)
    rows = [finding_row(row, shown, first=(f"{row.month:%Y-%m}",)) for row in found]
    months = [row.month for row in found] or [reading.run.event_month]
    return Section(
        "findings",
        _("Findings of the household"),
        period(min(months), max(months)),
        (Column(_("Judgment of")), *finding_columns()),
        rows,
    )


def finding_columns() -> tuple[Column, ...]:
    return Column(_("Level"), is_short=True), Column(_("Department"), is_short=True), Column(_("What was found"))


def finding_row(found: Finding, alerts: set[int], first: tuple[str | None, ...]) -> Row:
    """``first``: the cells before level, department and sentence."""
    rule = family_of(found.rule)
    sentence = found.sentence_en if in_english() else found.sentence_zh
    cells = (
        *first,
        str(AlertLevel(found.level).label),
        str(Department(rule.department).label),
        f"{found.rule} {rule_name(rule)}{_(': ')}{sentence}",
    )
    url = reverse("pages:alert", args=[found.alert_id]) if found.alert_id in alerts else ""
    return Row(cells, url=url)


def visible_alerts(ids: set[int], reading: Reading) -> set[int]:
    """Those of some alerts that the reader may open."""
    if not ids or reading.who is None:
        return ids
    return set(Alert.objects.visible_to(reading.who).filter(pk__in=ids).values_list("pk", flat=True))
